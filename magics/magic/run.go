package magic

import (
	"context"
	"fmt"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/magics/quantity"
)

// Input is one use of a magic.
type Input struct {
	Magic *Magic
	Form  Kind   // Line, Cell or Shell
	Args  Args   // read as the row says
	Body  string // of a cell magic
	Line  cell.Magic
}

// Result is what a magic gives besides its output.
type Result struct {
	Show  *display.Bundle // the value of the cell: that of the Go that the magic ran
	Value any             // what `x := %magic` assigns: a string or a []string; nil: nothing
	// Assigned says that the magic itself has declared the variable.
	Assigned bool
}

// Run runs a resolved magic.
func Run(ctx context.Context, h Host, in *Input) (Result, error) {
	if in.Magic.Run == nil {
		return Result{}, in.Magic.Usagef("%s can't be used here", in.Magic.Spell(in.Form))
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
		return in.Magic.Usagef("%s has no value to assign", in.Magic.Spell(in.Form))
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
		return in.Magic.Usagef("%s gave %s for %s", in.Magic.Spell(in.Form), quantity.Counted(len(exprs), "value"), quantity.Counted(len(names), "variable"))
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

// insistKey is the key of a context's value for WithInsist.
type insistKey struct{}

// WithInsist returns a context that also has a channel which is closed when the
// user interrupts the cell again: a magic that can't end gently then should end
// by force.
func WithInsist(ctx context.Context, again <-chan struct{}) context.Context {
	return context.WithValue(ctx, insistKey{}, again)
}

// Insisted returns that channel; nil without one.
func Insisted(ctx context.Context) <-chan struct{} {
	again, _ := ctx.Value(insistKey{}).(<-chan struct{})
	return again
}
