package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/handover"
	"hpgo/magics/magic"
)

// carriedValues are the values of live variables on their way to a program of its own.
type carriedValues struct {
	index map[string]int // by name
	file  string
	dir   string
	left  map[string]string // variables that couldn't be carried -> why
}

// remove removes the file.
func (v carriedValues) remove() {
	if v.dir != "" {
		os.RemoveAll(v.dir)
	}
}

// handoverPath is the package that carries values.
const handoverPath = "hpgo/magics/handover"

// carry writes the values that variables have in the worker, for a program of its own
// in which the statements that declared them run again: what else cells did to them
// would be missing there. It tells the user once in a cell whose values can't be had
// elsewhere.
func (d *dispatcher) carry(ctx context.Context, names []string) (carriedValues, error) {
	live := d.Variables()
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !slices.Contains(live, name) })
	if len(names) == 0 || !d.keepsValues() || len(d.buildFlags()) > 0 {
		return carriedValues{}, nil
	}
	v := carriedValues{index: map[string]int{}, dir: d.programDir()}
	if err := os.MkdirAll(v.dir, 0o700); err != nil {
		return carriedValues{}, fmt.Errorf("hand the session's values over: %w", err)
	}
	args := fmt.Sprintf("%q, %q", filepath.Join(v.dir, "values"), filepath.Join(v.dir, "values2"))
	for _, name := range names {
		args += fmt.Sprintf(", %q, &%s", name, name)
	}
	got, err := d.carriedBy(ctx, names, "hpgo__handover.Carry("+args+")")
	if err != nil {
		v.remove()
		return carriedValues{}, fmt.Errorf("hand the session's values over: %w", err)
	}
	d.tellLeft(got.Left)
	for i, name := range got.Names {
		v.index[name] = i
	}
	v.file, v.left = got.File, got.Left
	d.resetTiming() // the program's own counts
	return v, nil
}

// composedWithValues composes a program of its own, to which the values of live
// variables are handed over if it is to have them. The values are the caller's to
// remove when the program has read them, also after a failure.
func (d *dispatcher) composedWithValues(ctx context.Context, scope *cell.Scope, p magic.Program, env cell.Env) (*cell.Cell, *cell.Unit, carriedValues, *Error) {
	rewrite := func(c *cell.Cell) (*cell.Unit, cell.Errors) { return cell.Rewrite(env, scope, d.n, c) }
	c, u, errs := d.composed(scope, p, rewrite)
	if len(errs) > 0 {
		return nil, nil, carriedValues{}, d.rewriteError(ctx, errs, d.n)
	}
	if !p.Fresh && !p.Values {
		return c, u, carriedValues{}, nil
	}
	var values carriedValues
	err := d.withoutLent(func() (err error) {
		values, err = d.carry(ctx, u.Again)
		return err
	})
	if err != nil {
		return nil, nil, carriedValues{}, d.plainError(ctx, err)
	}
	if env.Carried, env.CarriedFile = values.index, values.file; len(values.index) > 0 {
		if c, u, errs = d.composed(scope, p, rewrite); len(errs) > 0 {
			return nil, nil, values, d.rewriteError(ctx, errs, d.n)
		}
	}
	return c, u, values, nil
}

// carriedBy runs the Go that writes the values. It takes the addresses of the variables
// and keeps none: cells may work on copies in registers afterwards, and programs to
// come needn't know of it.
func (d *dispatcher) carriedBy(ctx context.Context, names []string, call string) (handover.Carried, error) {
	var got handover.Carried
	d.mu.Lock()
	inMemory, noted := d.scope.InMemory(names), len(d.log)
	d.mu.Unlock()
	b, err := d.Eval(ctx, call, map[string]string{"hpgo__handover": handoverPath})
	d.mu.Lock()
	d.scope.SetInMemory(inMemory)
	d.log = d.log[:noted]
	d.mu.Unlock()
	if err != nil {
		return got, err
	}
	if b == nil {
		return got, errors.New("the worker said nothing of it")
	}
	raw, err := json.Marshal(b.Data[handover.CarriedMIME])
	if err != nil {
		return got, err
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		return got, err
	}
	if got.Error != "" {
		return got, errors.New(got.Error)
	}
	return got, nil
}

// tellLeft says which variables the program has only as their declarations make them.
func (d *dispatcher) tellLeft(left map[string]string) {
	var text []string
	for _, name := range slices.Sorted(maps.Keys(left)) {
		if !d.toldLeft[name] {
			text = append(text, name+" ("+left[name]+")")
		}
		if d.toldLeft == nil {
			d.toldLeft = map[string]bool{}
		}
		d.toldLeft[name] = true
	}
	if len(text) > 0 {
		d.Stream("stderr", "note: in a program of its own these are as their declarations make them: "+strings.Join(text, ", ")+"\n")
	}
}
