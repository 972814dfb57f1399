package magics

import (
	"context"
	"fmt"
	"strings"

	"hpgo/kernel/cell"
)

// Resolve finds the row of a line and its form, and reads its arguments.
// Nothing is run.
func Resolve(line cell.Magic) (*Input, error) {
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
	}
	m, ok := Lookup(name)
	if !ok {
		return nil, unknown(name, in.Form)
	}
	in.Magic = m
	if m.Kind&in.Form == 0 {
		return nil, wrongForm(m, in.Form)
	}
	a, err := parseArgs(m, args)
	if err != nil {
		return nil, err
	}
	in.Args = a
	return in, nil
}

// wrongForm is the error for %name where there is only %%name, and the reverse.
func wrongForm(m *Magic, form Kind) error {
	if form == Cell {
		return m.usageError("%s has no cell form: write %s", m.Spell(Cell), m.Spell(Line))
	}
	return m.usageError("%s works on a whole cell: write %s on its first line", m.Spell(Line), m.Spell(Cell))
}

// Run runs a resolved magic.
func Run(ctx context.Context, h Host, in *Input) (Result, error) {
	if in.Magic.Run == nil {
		return Result{}, in.Magic.usageError("%s can't be used here", in.Magic.Spell(in.Form))
	}
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	res, err := in.Magic.Run(ctx, h, in)
	if err != nil {
		return res, err
	}
	if in.Line.Assign == "" || res.Assigned {
		return res, nil
	}
	return res, assign(ctx, h, in, res.Value)
}

// assign declares the variable of `x := %magic`. Several names take one line each.
func assign(ctx context.Context, h Host, in *Input, value any) error {
	names := strings.Split(in.Line.Assign, ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	var exprs []string
	imports := map[string]string{}
	switch v := value.(type) {
	case nil:
		return in.Magic.usageError("%s has no value to assign", in.Magic.Spell(in.Form))
	case string:
		exprs = []string{fmt.Sprintf("%q", v)}
	case []string:
		if len(names) == 1 {
			exprs = []string{linesExpr(v, imports)}
			break
		}
		for _, s := range v {
			exprs = append(exprs, fmt.Sprintf("%q", s))
		}
	default:
		return fmt.Errorf("%s: can't assign a %T", in.Magic.Spell(in.Form), value)
	}
	if len(exprs) != len(names) {
		return in.Magic.usageError("%s gave %s for %s", in.Magic.Spell(in.Form), count(len(exprs), "value"), count(len(names), "variable"))
	}
	return h.Define(ctx, in.Line.Assign, strings.Join(exprs, ", "), imports)
}

// linesExpr spells a []string. A long literal takes the compiler seconds, one
// long string doesn't.
func linesExpr(lines []string, imports map[string]string) string {
	if len(lines) == 0 {
		return "[]string{}"
	}
	imports["hpgo__strings"] = "strings"
	return fmt.Sprintf("hpgo__strings.Split(%q, \"\\n\")", strings.Join(lines, "\n"))
}
