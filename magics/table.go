package magics

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/magics/report"
)

// Kind says where a magic may stand.
type Kind int

// The kinds of magics. Shell lines have rows too, so that help knows them.
const (
	Line  Kind = 1 << iota // %name
	Cell                   // %%name with a body
	Shell                  // !command
	Both  = Line | Cell
)

// Magic is one row of the table.
type Magic struct {
	Name    string
	Aliases []string
	Kind    Kind
	Usage   string // one line, beginning with the name and its percent signs
	Doc     string // the first line is a summary
	Flags   []Flag
	Syntax  Syntax
	Takes   Subject // what its words are about, for completion
	Holds   Subject // what its cell is written in, for completion
	Min     int     // fewest words (or 1: some text)
	Max     int     // most words; negative: any number
	// RunsGo: the magic runs Go of the cell or asks about it, so what stands above it in the
	// cell is run before. Other magics come before all Go, as in gonb.
	RunsGo bool
	// Transient: it shows something, or what it changes outlives the worker;
	// %replay leaves it out.
	Transient bool
	// Run does the work. Nil: the parser handles the line, the row is its help.
	Run func(ctx context.Context, h Host, in *Input) (Result, error)
}

// Subject says what a text is about, as far as completion can help with it.
type Subject int

// The subjects.
const (
	AboutAnything  Subject = iota // what only the user knows
	AboutNames                    // declarations of the session
	AboutFunctions                // functions of the session
	AboutVariables                // its variables, with commas between
	AboutFiles
	AboutDirs
	AboutPackages // import paths
	AboutEnv      // environment variables
	AboutGo       // Go, to the end of the line or cell
	AboutShell    // a shell command, likewise
)

// Input is one use of a magic.
type Input struct {
	Magic *Magic
	Form  Kind   // Line, Cell or Shell
	Args  Args   // read as the row says
	Body  string // of a cell magic
	Line  cell.Magic

	clock report.Clock // of a measuring magic: the machine before it ran
}

// Result is what a magic gives besides its output.
type Result struct {
	Show  *display.Bundle // the value of the cell: that of the Go that the magic ran
	Value any             // what `x := %magic` assigns: a string or a []string; nil: nothing
	// Assigned says that the magic itself has declared the variable.
	Assigned bool
}

// rows returns the whole table. It is a function, not a variable, because the
// rows of %help and %lsmagic read the table.
func rows() []Magic {
	return slices.Concat(shellRows(), scriptRows(), fileRows(), showRows(), nameRows(), historyRows(), moduleRows(), placeRows(), testRows(), pageRows(), timeRows(), lprunRows(), prunRows(), timeitRows(), compareRows(), sweepRows(), memoryRows(), pythonRows(), helpRows())
}

// Table returns all magics, sorted by name.
func Table() []Magic {
	t := rows()
	slices.SortFunc(t, func(a, b Magic) int { return strings.Compare(a.Name, b.Name) })
	return t
}

// Lookup finds a magic by its name or an alias, without percent signs.
func Lookup(name string) (*Magic, bool) {
	t := rows()
	for i := range t {
		if t[i].Name == name || slices.Contains(t[i].Aliases, name) {
			return &t[i], true
		}
	}
	return nil, false
}

// Summary returns the first line of the documentation.
func (m *Magic) Summary() string {
	s, _, _ := strings.Cut(m.Doc, "\n")
	return s
}

// title is the magic's name as one types it.
func (m *Magic) title() string { return m.Spell(0) }

// Spell is the magic's name with its percent signs: those of a form, or with 0
// those of the form it has.
func (m *Magic) Spell(form Kind) string {
	switch {
	case m.Kind == Shell:
		return m.Name
	case form == Cell || form == 0 && m.Kind == Cell:
		return "%%" + m.Name
	}
	return "%" + m.Name
}

// title is the flag as one types it.
func (f *Flag) title() string {
	if len(f.Name) == 1 {
		return "-" + f.Name
	}
	return "--" + f.Name
}

// flag finds a flag by either of its names.
func (m *Magic) flag(name string) *Flag {
	for i := range m.Flags {
		if f := &m.Flags[i]; name != "" && (f.Name == name || f.Long == name) {
			return f
		}
	}
	return nil
}

func (m *Magic) usageError(format string, args ...any) error {
	return &UsageError{Problem: fmt.Sprintf(format, args...), Usage: m.Usage}
}

func (m *Magic) unknownFlag(word string) error {
	var names []string
	for _, f := range m.Flags {
		names = append(names, f.Name)
		if f.Long != "" {
			names = append(names, f.Long)
		}
	}
	bare, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
	hint := ""
	if near := Nearest(bare, names); near != "" && len(bare) > 1 {
		hint = fmt.Sprintf(" (did you mean %s?)", (&Flag{Name: near}).title())
	}
	return m.usageError("flag %s of %s is unknown%s", word, m.title(), hint)
}

// unknown is the error for a name that no magic has.
func unknown(name string, form Kind) error {
	percent := "%"
	if form == Cell {
		percent = "%%"
	}
	var names []string
	for _, m := range rows() {
		if m.Kind&form != 0 {
			names = append(append(names, m.Name), m.Aliases...)
		}
	}
	hint := "; %lsmagic lists them all"
	if near := Nearest(name, names); near != "" {
		hint = fmt.Sprintf("; did you mean %s%s?", percent, near)
	}
	return &UsageError{Problem: fmt.Sprintf("magic %s%s is unknown%s", percent, name, hint)}
}

// Nearest returns the name that a misspelt one most likely means: the only one
// it begins, or the closest by edits within a third of its length. "" for none.
func Nearest(name string, names []string) string {
	best, bestCost := "", max(1, len(name)/3)+1
	for _, n := range names {
		cost := editDistance(strings.ToLower(name), n)
		if len(name) >= 2 && strings.HasPrefix(n, name) {
			cost = min(cost, 1)
		}
		if cost < bestCost {
			best, bestCost = n, cost
		}
	}
	return best
}

// editDistance counts insertions, deletions, replacements and swaps of
// neighbours that turn a into b.
func editDistance(a, b string) int {
	prev2, prev := []int(nil), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], prev2[j-2]+1)
			}
		}
		prev2, prev = prev, row
	}
	return prev[len(b)]
}
