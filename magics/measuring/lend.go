package measuring

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/report"
	"hpgo/magics/settings"
)

// flagsFlag asks for settings of %flags for one measurement.
func flagsFlag() magic.Flag {
	return magic.Flag{Name: "flags", Arg: "SETTINGS", Doc: "settings of %flags for this measurement alone, such as 'gcflags=-B GOGC=off'; GOAMD64, GOEXPERIMENT and goflags make it a program of its own"}
}

// lend puts the settings of -flags in force until back is called.
func lend(ctx context.Context, h magic.Host, in *Input) (lent *tunedHost, back func(), err error) {
	m := in.Magic
	if !m.RunsGo {
		return nil, nil, m.Usagef("flag --flags of %s: it runs no Go of the session that could be built or run otherwise", m.Title())
	}
	words, err := cell.SplitArgs(strings.Join(in.Args.All("flags"), " "))
	if err != nil {
		return nil, nil, m.Usagef("flag --flags of %s: %v", m.Title(), err)
	}
	if len(words) == 0 {
		return nil, nil, m.Usagef("flag --flags of %s is empty: write --flags 'NAME=VALUE ...'; %%flags lists the names", m.Title())
	}
	v, err := magic.ReadFlags(h, words)
	if err != nil {
		return nil, nil, m.Usagef("flag --flags of %s: %v", m.Title(), err)
	}
	refused, err := h.TryFlags(ctx, v)
	if err != nil {
		return nil, nil, err
	}
	if refused != "" {
		return nil, nil, m.Usagef("flag --flags of %s: %s", m.Title(), refused)
	}
	back, err = h.LendFlags(ctx, v)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", m.Title(), err)
	}
	in.lent = v
	back = sync.OnceFunc(back)
	return &tunedHost{Host: h, back: back}, back, nil
}

// runLent runs a magic with the settings of its -flags.
func runLent(ctx context.Context, h magic.Host, in *Input, run func(ctx context.Context, h magic.Host, in *Input) (magic.Result, error)) (magic.Result, error) {
	lent, back, err := lend(ctx, h, in)
	if err != nil {
		return magic.Result{}, err
	}
	defer back()
	res, err := run(ctx, lent, in)
	if err == nil && !lent.used {
		h.Stream("stderr", "note: --flags changed nothing: no Go was built or run\n")
	}
	return res, err
}

// noteLent tells in an output under which settings it was measured.
func (in *Input) noteLent(o *report.Output) {
	if text := in.LentText(); text != "" {
		addNote(o, text)
	}
}

// LentText tells under which settings of -flags is measured; "": there are none.
func (in *Input) LentText() string {
	if len(in.lent) == 0 {
		return ""
	}
	text := "flags of this measurement: " + in.lent.String()
	if in.lent.Reaches(settings.Everything) || in.lent[settings.GoFlags] != "" {
		text += ", in a program of its own"
	}
	return text
}

// addNote adds a line to an output's text and page.
func addNote(o *report.Output, note string) {
	if o.Text != "" && o.Text[len(o.Text)-1] != '\n' {
		o.Text += "\n"
	}
	o.Text += note
	if len(o.HTML) > 0 {
		o.HTML = append(o.HTML[:len(o.HTML):len(o.HTML)], report.Note(note))
	}
}

// tunedHost notes whether the lent settings had anything to change.
type tunedHost struct {
	magic.Host
	used bool
	back func() // gives the settings back
}

// Define declares a result in the session, after the measurement: with settings for which
// all is linked it would stay in a program of its own.
func (t *tunedHost) Define(ctx context.Context, name, expr string, imports map[string]string) error {
	t.back()
	return t.Host.Define(ctx, name, expr, imports)
}

// Measure implements magic.Meter, and what follows its kin.
func (t *tunedHost) Measure(ctx context.Context, p magic.Program) (magic.Outcome, error) {
	t.used = true
	return t.Host.Measure(ctx, p)
}

// RunCounted implements magic.Meter.
func (t *tunedHost) RunCounted(ctx context.Context, count *cell.Count, hear func(harness.Record)) (magic.Outcome, error) {
	t.used = true
	return t.Host.RunCounted(ctx, count, hear)
}

// RunBody implements magic.Runner.
func (t *tunedHost) RunBody(ctx context.Context) (magic.Outcome, error) {
	t.used = true
	return t.Host.RunBody(ctx)
}

// RunArgs implements magic.Runner.
func (t *tunedHost) RunArgs(ctx context.Context, at int) (magic.Outcome, error) {
	t.used = true
	return t.Host.RunArgs(ctx, at)
}

// Eval implements magic.Runner.
func (t *tunedHost) Eval(ctx context.Context, expr string, imports map[string]string) (*display.Bundle, error) {
	t.used = true
	return t.Host.Eval(ctx, expr, imports)
}

// Build implements magic.Builder.
func (t *tunedHost) Build(ctx context.Context, w magic.Work) (string, func(), error) {
	t.used = true
	return t.Host.Build(ctx, w)
}

// RunExplained implements magic.Compiler.
func (t *tunedHost) RunExplained(ctx context.Context) (magic.Outcome, magic.Explained, error) {
	t.used = true
	return t.Host.RunExplained(ctx)
}

// Explain implements magic.Compiler.
func (t *tunedHost) Explain(ctx context.Context, p magic.Program) (magic.Explained, error) {
	t.used = true
	return t.Host.Explain(ctx, p)
}
