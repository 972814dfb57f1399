package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/live"
	"hpgo/magics/diagnostics"
	"hpgo/magics/magic"
	"hpgo/magics/result"
	"hpgo/magics/settings"
)

// explaining collects what the compiler says of the cell's Go as it runs, and the
// objects that it made: one for each part of the cell between magics.
type explaining struct {
	dir   string // for all of it
	parts int
	got   magic.Explained
}

// newExplaining makes the directory for what the compiler writes.
func (s *Session) newExplaining() (*explaining, error) {
	s.mu.Lock()
	mod := s.mod
	s.mu.Unlock()
	dir, err := os.MkdirTemp(mod.Dir, "explained-")
	if err != nil {
		return nil, fmt.Errorf("keep what the compiler says: %w", err)
	}
	e := &explaining{dir: dir}
	e.got.Close = func() {
		if !build.Keep() {
			os.RemoveAll(dir)
		}
	}
	return e, nil
}

// flags are those of the compiler for the next part; nil: nothing is asked for.
func (e *explaining) flags() []string {
	if e == nil {
		return nil
	}
	e.parts++
	return diagnostics.Flags(e.logs())
}

// logs is the directory of the part's logs.
func (e *explaining) logs() string { return filepath.Join(e.dir, fmt.Sprintf("logs%d", e.parts)) }

// take keeps what a compilation said and made, before the object is loaded and its
// file removed.
func (e *explaining) take(u *cell.Unit, o *live.Object) error {
	if e == nil {
		return nil
	}
	sources := map[string]string{}
	for _, f := range u.Files {
		sources[f.Name] = f.Text
	}
	remarks, err := diagnostics.Read(o.Messages, e.logs(), sources)
	if err != nil {
		return err
	}
	e.got.Remarks = append(e.got.Remarks, e.unsaid(plainRemarks(remarks))...)
	if o.File == "" {
		return nil // declarations only
	}
	kept := filepath.Join(e.dir, fmt.Sprintf("object%d", e.parts))
	if err := os.Link(o.File, kept); err != nil {
		if err := copyFile(o.File, kept); err != nil {
			return fmt.Errorf("keep the machine code: %w", err)
		}
	}
	e.got.Objects = append(e.got.Objects, kept)
	return nil
}

// unsaid leaves out what earlier parts of the cell had: each is compiled with the
// declarations of those before it.
func (e *explaining) unsaid(remarks []result.Remark) []result.Remark {
	return slices.DeleteFunc(remarks, func(r result.Remark) bool {
		return slices.ContainsFunc(e.got.Remarks, func(x result.Remark) bool { return reflect.DeepEqual(x, r) })
	})
}

// goArgument is a variable for an argument of a go statement, the first of which is 0.
var goArgument = regexp.MustCompile(`\bhpgo__a(\d+)\b`)

// argumentNumber counts arguments from 1.
func argumentNumber(name string) string {
	n, _ := strconv.Atoi(strings.TrimPrefix(name, "hpgo__a"))
	return fmt.Sprintf("argument %d", n+1)
}

// plainRemarks names things as the user does: without the marks of versions, the
// cell's statements as such, instances of generic functions by their types. Wrappers
// of instances, and those around deferred calls and goroutines, which the user didn't
// write, say nothing.
func plainRemarks(remarks []result.Remark) []result.Remark {
	entry := regexp.MustCompile(`\b(?:main\.)?` + cell.EntryName + `\b`)
	plain := func(texts ...*string) {
		for _, text := range texts {
			*text = strings.ReplaceAll(entry.ReplaceAllString(cell.PlainName(*text), "<cell>"), "go.shape.", "")
			*text = goArgument.ReplaceAllStringFunc(*text, argumentNumber)
			*text = strings.ReplaceAll(*text, "hpgo__", "")
		}
	}
	wrappers := map[result.RemarkPlace]bool{}
	place := func(r result.Remark) result.RemarkPlace {
		return result.RemarkPlace{File: r.File, Line: r.Line, Col: r.Col}
	}
	for _, r := range remarks {
		if (r.Kind == result.RemarkCanInline || r.Kind == result.RemarkCannotInline) && strings.Contains(r.Func, "go.shape.") {
			wrappers[place(r)] = true
		}
	}
	remarks = slices.DeleteFunc(remarks, func(r result.Remark) bool {
		return wrappers[place(r)] && !strings.Contains(r.Func, "go.shape.") ||
			strings.Contains(r.Func, ".gowrap") || strings.Contains(r.Func, ".deferwrap")
	})
	for i := range remarks {
		r := &remarks[i]
		plain(&r.Func, &r.What, &r.Why)
		for k := range r.Flow {
			plain(&r.Flow[k].What)
		}
	}
	return remarks
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// RunExplained implements magic.Compiler.
func (d *dispatcher) RunExplained(ctx context.Context) (magic.Outcome, magic.Explained, error) {
	if err := d.waitWarm(ctx); err != nil {
		return magic.Outcome{}, magic.NothingExplained(), d.plainError(ctx, err)
	}
	e, err := d.newExplaining()
	if err != nil {
		return magic.Outcome{}, magic.NothingExplained(), err
	}
	out, err := d.runBody(ctx, &counting{explain: e})
	d.addWorker(e)
	return out, e.got, err
}

// addWorker adds the program that the cells are loaded into, which has the packages.
func (d *dispatcher) addWorker(e *explaining) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.worker != nil && d.keepsValues() {
		e.got.Worker = fmt.Sprintf("/proc/%d/exe", d.worker.PID())
	}
}

// Explain implements magic.Compiler.
func (d *dispatcher) Explain(ctx context.Context, p magic.Program) (magic.Explained, error) {
	none := magic.NothingExplained()
	if err := d.waitWarm(ctx); err != nil {
		return none, d.plainError(ctx, err)
	}
	d.mu.Lock()
	lent := d.flags.lent.Of(settings.Everything)
	d.mu.Unlock()
	if len(lent) > 0 {
		return none, fmt.Errorf("functions are explained as live cells have them, which aren't linked anew for one magic: %%flags %s is for the session, %%disasm shows machine code for it at once", strings.Join(lent.List(), " "))
	}
	if err := d.ensureWorker(ctx); err != nil {
		return none, d.plainError(ctx, err)
	}
	e, err := d.newExplaining()
	if err != nil {
		return none, err
	}
	d.setApart()
	d.mu.Lock()
	scope, engine := d.scope, d.engine
	d.mu.Unlock()
	_, u, errs := d.composed(scope, p, func(c *cell.Cell) (*cell.Unit, cell.Errors) { return cell.Rewrite(d.cellEnv(ctx), scope, d.n, c) })
	if len(errs) > 0 {
		e.got.Close()
		return none, d.rewriteError(ctx, errs, d.n)
	}
	own, err := d.gcflags(false)
	var o *live.Object
	if err == nil {
		o, err = engine.Build(ctx, u, build.Options{Dir: d.workDir(), GCFlags: slices.Concat(own, p.GCFlags, e.flags()), Env: p.Env})
	}
	if err == nil {
		if !o.NamesC {
			defer os.Remove(o.File) // the link to it stays
		}
		err = e.take(u, o)
	}
	if err != nil {
		e.got.Close()
		return none, d.buildError(ctx, err)
	}
	d.addWorker(e)
	return e.got, nil
}

// ExplainPackage implements magic.Compiler.
func (d *dispatcher) ExplainPackage(ctx context.Context, path string, env ...string) (magic.Explained, error) {
	none := magic.NothingExplained()
	if err := d.waitWarm(ctx); err != nil {
		return none, d.plainError(ctx, err)
	}
	e, err := d.newExplaining()
	if err != nil {
		return none, err
	}
	d.mu.Lock()
	mod := d.mod
	d.mu.Unlock()
	messages, err := mod.Remarks(ctx, path, e.flags(), env)
	if err == nil {
		e.got.Remarks, err = diagnostics.Read(messages, e.logs(), nil)
	}
	if err != nil {
		e.got.Close()
		return none, d.buildError(ctx, err)
	}
	return e.got, nil
}
