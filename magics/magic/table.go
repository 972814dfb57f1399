package magic

import (
	"fmt"
	"slices"
	"strings"

	"hpgo/kernel/cell"
)

// Table is a set of magics, sorted by name.
type Table []Magic

// NewTable makes a table of rows.
func NewTable(rows ...[]Magic) Table {
	t := slices.Concat(rows...)
	slices.SortFunc(t, func(a, b Magic) int { return strings.Compare(a.Name, b.Name) })
	return t
}

// Lookup finds a magic by its name or an alias, without percent signs.
func (t Table) Lookup(name string) (*Magic, bool) {
	for i := range t {
		if t[i].Name == name || slices.Contains(t[i].Aliases, name) {
			return &t[i], true
		}
	}
	return nil, false
}

// Find finds the magic of a line: that with the name and the first word of the
// arguments, such as "perf stat", or else that with the name. skip is how many bytes of
// the arguments belong to the name.
func (t Table) Find(name, args string) (m *Magic, skip int, ok bool) {
	at := LeadingSpace(args)
	end := at + len(args[at:])
	if i := strings.IndexAny(args[at:], " \t\n"); i >= 0 {
		end = at + i
	}
	if m, ok := t.Lookup(name + " " + args[at:end]); ok {
		return m, end + LeadingSpace(args[end:]), true
	}
	m, ok = t.Lookup(name)
	return m, 0, ok
}

// Parts are the magics whose names are a name and another word.
func (t Table) Parts(name string) []Magic {
	var parts []Magic
	for _, m := range t {
		if strings.HasPrefix(m.Name, name+" ") {
			parts = append(parts, m)
		}
	}
	return parts
}

// Unknown is the error for a name that no magic has.
func (t Table) Unknown(name string, form Kind) error {
	percent := "%"
	if form == Cell {
		percent = "%%"
	}
	var names []string
	for _, m := range t {
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

// Resolve finds the row of a line and its form, and reads its arguments. The row
// of a line such as %time? is that of help. Nothing is run.
func (t Table) Resolve(line cell.Magic) (*Input, error) {
	in := &Input{Line: line, Form: Line, Body: line.Body}
	name := line.Name
	switch line.Kind {
	case cell.MagicCell:
		in.Form = Cell
	case cell.MagicShell:
		in.Form, name = Shell, "!"
	case cell.MagicShellTmp:
		in.Form, name = Shell, "!*"
	}
	args := line.Args
	if asked := strings.TrimRight(name, "?"); asked != name && in.Form != Shell {
		// `%time?` asks for help, whatever follows.
		name, args, in.Form = "help", asked, Line
	} else if both := strings.TrimRight(name+" "+args, "? "); both != name+" "+args && in.Form != Shell {
		if m, ok := t.Lookup(both); ok && strings.Contains(m.Name, " ") { // %perf stat?
			name, args, in.Form = "help", both, Line
		}
	}
	m, skip, ok := t.Find(name, args)
	if !ok {
		return nil, t.Unknown(name, in.Form)
	}
	in.Magic = m
	if skip > 0 {
		args = args[skip:]
		in.Line.Name, in.Line.Args, in.Line.ArgsAt = m.Name, args, in.Line.ArgsAt+skip
	}
	if m.Kind&in.Form == 0 {
		return nil, wrongForm(m, in.Form)
	}
	a, err := ParseArgs(m, args)
	if err != nil {
		return nil, err
	}
	in.Args = a
	return in, nil
}

// wrongForm is the error for %name where there is only %%name, and the reverse.
func wrongForm(m *Magic, form Kind) error {
	if form == Cell {
		return m.Usagef("%s has no cell form: write %s", m.Spell(Cell), m.Spell(Line))
	}
	return m.Usagef("%s works on a whole cell: write %s on its first line", m.Spell(Line), m.Spell(Cell))
}
