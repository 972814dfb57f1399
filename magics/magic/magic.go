package magic

import (
	"context"
	"fmt"
	"strings"
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
	// Elsewhere says of flags that one may look for here where they are: "save" ->
	// "%compare --save writes a baseline".
	Elsewhere map[string]string
	Syntax    Syntax
	// Mixed: flags may follow the words, too, and stand between them.
	Mixed bool
	Takes Subject // what its words are about, for completion
	Holds Subject // what its cell is written in, for completion
	Wants string  // what the first word is, with an example: "the name of a function, as in %disasm f"
	Min   int     // fewest words (or 1: some text)
	Max   int     // most words; negative: any number
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

// Summary returns the first line of the documentation.
func (m *Magic) Summary() string {
	s, _, _ := strings.Cut(m.Doc, "\n")
	return s
}

// Title is the magic's name as one types it.
func (m *Magic) Title() string { return m.Spell(0) }

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

// Flag finds a flag by either of its names.
func (m *Magic) Flag(name string) *Flag {
	for i := range m.Flags {
		if f := &m.Flags[i]; name != "" && (f.Name == name || f.Long == name) {
			return f
		}
	}
	return nil
}

func (m *Magic) Usagef(format string, args ...any) error {
	return &UsageError{Problem: fmt.Sprintf(format, args...), Usage: m.Usage}
}

func (m *Magic) UnknownFlag(word string) error {
	var names []string
	for _, f := range m.Flags {
		names = append(names, f.Name)
		if f.Long != "" {
			names = append(names, f.Long)
		}
	}
	bare, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
	if where := m.Elsewhere[bare]; where != "" {
		return m.Usagef("flag %s of %s is unknown: %s", word, m.Title(), where)
	}
	hint := ""
	if near := Nearest(bare, names); near != "" && len(bare) > 1 {
		hint = fmt.Sprintf(" (did you mean %s?)", (&Flag{Name: near}).Title())
	}
	return m.Usagef("flag %s of %s is unknown%s", word, m.Title(), hint)
}

// Help is all that is known of a magic, as text.
func (m *Magic) Help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "usage: %s\n\n%s\n", m.Usage, m.Doc)
	if len(m.Aliases) > 0 {
		percent := strings.TrimSuffix(m.Title(), m.Name)
		fmt.Fprintf(&b, "\nalso: %s%s\n", percent, strings.Join(m.Aliases, ", "+percent))
	}
	if len(m.Flags) > 0 {
		t := make([][2]string, 0, len(m.Flags))
		width := 0
		for i := range m.Flags {
			f := &m.Flags[i]
			left := f.Title()
			if f.Long != "" {
				left += ", --" + f.Long
			}
			if f.Arg != "" {
				left += " " + f.Arg
			}
			width = max(width, len(left))
			t = append(t, [2]string{left, f.Doc})
		}
		b.WriteString("\nflags:\n")
		for _, r := range t {
			fmt.Fprintf(&b, "  %-*s  %s\n", width, r[0], r[1])
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Value says what a flag's value must look like.
type Value int

// The kinds of flag values.
const (
	Text     Value = iota // anything
	Int                   // a whole number
	Float                 // a number
	Duration              // as time.ParseDuration reads it; a plain number is seconds
)

// Flag is one option of a magic.
type Flag struct {
	Name  string  // without dashes; one letter or a word
	Long  string  // a second name, "" for none
	Takes Subject // what its value is about, for completion
	Arg   string  // name of its value in the usage, "" for a switch
	Value Value   // what the value must be
	Min   float64
	// Optional is for a flag that may stand without a value: how many bytes at the
	// start of the text behind it are one. 0: none are, and its value is "". A value
	// that is glued on or in quotes is taken as with other flags.
	Optional func(text string) int
	// Bounded says that a value below Min is an error.
	Bounded bool
	Doc     string
}

// Title is the flag as one types it.
func (f *Flag) Title() string {
	if len(f.Name) == 1 {
		return "-" + f.Name
	}
	return "--" + f.Name
}

// Syntax says how a magic's arguments are read.
type Syntax int

// The ways to read arguments.
const (
	Words    Syntax = iota // flags, then words split as a shell does
	Go                     // flags, then text as typed
	RawWords               // no flags of our own: all words belong to the magic's object
	Verbatim               // text as typed
)

// UsageError is a magic that was called in a way it doesn't understand.
type UsageError struct {
	Problem string // what is wrong, naming flag and value
	Usage   string // the usage line of the magic; "" when there is none
}

// Error returns one line with the problem and the usage.
func (e *UsageError) Error() string {
	if e.Usage == "" {
		return e.Problem
	}
	return e.Problem + "; usage: " + e.Usage
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
