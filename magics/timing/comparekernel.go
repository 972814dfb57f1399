package timing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
)

// Names in programs that compare the rows of a kernel.
const (
	kernelsName   = "hpgo__kernels"
	kernelsPath   = "hpgo/kernels"
	problemName   = "hpgo__problem"
	recordKernels = "kernels"
)

// kernelRow is what a program tells about a row: kernels.Checked.
type kernelRow struct {
	Name, Doc, Missing, Wrong string
	Yardstick                 bool
}

// readKernel makes the rows of a kernel the variants: each has the problem that the
// line's expression gives, and runs its row. Rows that can't be themselves here or
// whose result isn't the reference's get no time.
func (c *comparison) readKernel(ctx context.Context, h magic.Host) error {
	in := c.in
	example := in.Magic.Spell(in.Form) + " --kernel julia.Kernel.At(500)"
	if in.Form == magic.Cell {
		return in.Magic.Usagef("flag --kernel of %s: it takes an expression on a line, as %%compare --kernel julia.Kernel.At(500)", in.Magic.Title())
	}
	expr := magic.Piece{Text: in.Args.Rest, At: in.Line.ArgsAt + in.Args.RestAt}
	info, err := measuring.ReadPiece(h, &expr)
	if err != nil {
		return err
	}
	if info.Expr == nil {
		return in.Magic.Usagef("flag --kernel of %s: it takes an expression that is a kernels.Problem, as %s", in.Magic.Title(), example)
	}
	expr.Expr = false
	expr.Text += ")"
	opening := fmt.Sprintf("%s := %s.Must(", problemName, kernelsName)
	c.imports = map[string]string{kernelsName: kernelsPath}
	rows, err := c.kernelRows(ctx, h, opening, expr)
	if err != nil {
		return err
	}
	c.differ = make([]string, len(rows))
	for i, r := range rows {
		v := timedLoop{name: r.Name, opening: opening}
		v.Setup, v.SetupInfo = expr, info
		v.Body = magic.Piece{Text: fmt.Sprintf("%s.Run(%d)", problemName, i), At: cell.Generated}
		v.BodyInfo = &cell.Body{}
		c.variants = append(c.variants, v)
		switch {
		case r.Missing != "":
			c.differ[i] = r.Missing
		case r.Wrong != "":
			c.differ[i] = r.Wrong
		case r.Yardstick:
			c.differ[i] = "a yardstick of the machine, no way to the result"
		}
	}
	return nil
}

// kernelRows runs every row of the problem once.
func (c *comparison) kernelRows(ctx context.Context, h magic.Host, opening string, expr magic.Piece) ([]kernelRow, error) {
	var rows []kernelRow
	var spoilt error
	p := magic.Program{
		Pieces: []magic.Piece{
			magic.Ours(opening), expr,
			magic.Ours(fmt.Sprintf("%s.Report(%q, %s.CheckAll(%s))", measuring.HarnessName, recordKernels, kernelsName, problemName)),
		},
		Imports: map[string]string{measuring.HarnessName: measuring.HarnessPath, kernelsName: kernelsPath},
		Fresh:   c.fresh,
		Records: func(r harness.Record) {
			if r.Kind == recordKernels {
				spoilt = json.Unmarshal(r.Data, &rows)
			}
		},
	}
	if _, err := h.Measure(ctx, p); err != nil {
		return nil, err
	}
	if spoilt != nil {
		return nil, fmt.Errorf("%%compare: rows of the kernel: %w", spoilt)
	}
	if len(rows) < 2 {
		return nil, errors.New("%compare: the kernel has no two rows to compare")
	}
	return rows, nil
}
