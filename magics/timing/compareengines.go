package timing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/magics/settings"
)

// profileTime is how many seconds the base runs for a profile.
const profileTime = 1

// driven is the program that an engine runs: the variant's loop, driven from
// outside. With interpreted the loop is one that an interpreter knows; without
// check its result isn't asked for.
func (c *comparison) driven(v *timedLoop, interpreted, check bool) magic.Program {
	w := composer{timing: &c.timing}
	imports := map[string]string{measuring.HarnessName: measuring.HarnessPath}
	w.ours("hpgo__e := %s.NewEngine()", measuring.HarnessName)
	if interpreted {
		w.ours("hpgo__e.ServeCounted(func(hpgo__n int) {")
	} else {
		imports["hpgo__testing"] = "testing" // else the compiler keeps no results of B.Loop alive
		w.ours("hpgo__e.Serve(func(hpgo__b *hpgo__testing.B) {")
	}
	w.user(v.Setup, v.SetupInfo)
	w.ours("hpgo__e.Begin()")
	if interpreted {
		w.ours("for ; hpgo__n > 0; hpgo__n-- {")
	} else {
		w.ours("for hpgo__b.Loop() {")
	}
	w.body(v)
	value, ok := resultOf(v)
	if !check || !ok {
		w.ours("}\n}, nil)")
		return magic.Program{InBLoop: true, Values: c.values, Pieces: w.pieces, Imports: imports}
	}
	w.ours("}\n}, func() {")
	w.user(v.Setup, v.SetupInfo)
	if v.last.Text != "" {
		w.user(v.Body, v.BodyInfo)
	}
	w.ours("hpgo__e.Snapshot(")
	value.Text += ")"
	w.pieces = append(w.pieces, value)
	w.ours("})")
	return magic.Program{InBLoop: true, Values: c.values, Pieces: w.pieces, Imports: imports}
}

// plainDriven is driven as files, and whether they tell the result: an expression
// without a value has none, which only the compiler knows.
func (c *comparison) plainDriven(ctx context.Context, h magic.Host, v *timedLoop, interpreted bool) (files []cell.File, checked bool, err error) {
	_, checked = resultOf(v)
	files, err = h.Plain(ctx, c.driven(v, interpreted, checked))
	if err != nil && checked && strings.Contains(err.Error(), "used as value") {
		checked = false
		files, err = h.Plain(ctx, c.driven(v, interpreted, false))
	}
	return files, checked, err
}

// compareEngines runs one statement under several builds.
func (c *comparison) compareEngines(ctx context.Context, h magic.Host) (magic.Result, error) {
	level := environment(h, "GOAMD64", "v1")
	kinds, err := readEngines(c.in.Args.Text("engines", ""), level)
	if err != nil {
		return magic.Result{}, c.in.Magic.Usagef("flag --engines of %s: %v", c.in.Magic.Title(), err)
	}
	if len(c.variants) != 1 {
		return magic.Result{}, c.in.Magic.Usagef("flag --engines of %s: it runs one statement, not %d", c.in.Magic.Title(), len(c.variants))
	}
	v := &c.variants[0]
	c.values = true
	files, checked, err := c.plainDriven(ctx, h, v, false)
	if err != nil {
		return magic.Result{}, err
	}
	k := &contest{plan: c.plan, checked: checked, tol: c.tol, wait: measuring.NewProgress(h)}
	defer k.wait.End()
	defer k.close()
	var notes []string
	for i, kind := range kinds {
		k.wait.Say("building %s, %d of %d", kind.Name, i+1, len(kinds))
		e := &contender{name: kind.Name}
		k.list = append(k.list, e)
		if err := c.build(ctx, h, k, e, kind, files); err != nil {
			if i == 0 || ctx.Err() != nil {
				return magic.Result{}, err
			}
			e.missing = "it can't be built: " + reason(err)
		}
	}
	if err := k.start(ctx, h); err != nil {
		return magic.Result{}, err
	}
	k.wait.Say("comparing machine code")
	notes = append(notes, k.compareCode()...)
	for i, kind := range kinds {
		if kind.Note != "" && k.list[i].fit() {
			notes = append(notes, kind.Note)
		}
	}
	if !checked {
		notes = append(notes, "results were not compared: the code's last statement is no expression with a value")
	}
	out, err := c.contestOutput(ctx, k, notes, c.liveDifference(ctx, h, k.list[0].result, "engines"))
	if out.Result == nil {
		return magic.Result{}, err
	}
	shown, bad := measuring.Finish(ctx, h, c.in, out)
	if err == nil {
		err = bad
	}
	return shown, err
}

// build makes one engine's program.
func (c *comparison) build(ctx context.Context, h magic.Host, k *contest, e *contender, kind settings.Engine, files []cell.File) (err error) {
	work := magic.Work{Files: files, Env: kind.Env}
	if kind.Compiler != "" {
		work.Flags = []string{"-gcflags=" + kind.Compiler} // of package main, where the session's code is
	}
	if kind.Level != "" {
		if why := settings.Lacks("/", kind.Level); why != "" {
			e.missing = why
			return nil
		}
	}
	var args []string
	switch {
	case kind.Interpreted:
		own, _, err := c.plainDriven(ctx, h, &c.variants[0], true)
		if err != nil {
			return err
		}
		if len(own) != 1 {
			return errors.New("the session's program has several files, and yaegi runs one")
		}
		dir, err := os.MkdirTemp("", "hpgo-yaegi-")
		if err != nil {
			return fmt.Errorf("write the program: %w", err)
		}
		e.release = func() { os.RemoveAll(dir) }
		args = []string{filepath.Join(dir, own[0].Name)}
		if err := os.WriteFile(args[0], []byte(own[0].Text), 0o644); err != nil {
			return fmt.Errorf("write the program: %w", err)
		}
		work = magic.Work{Package: "hpgo/magics/interpreted"}
	case kind.Profiled:
		file, err := c.profile(ctx, h, k)
		if err != nil {
			return err
		}
		defer os.Remove(file)
		work.Flags = []string{"-gcflags=-pgoprofile=" + file}
	}
	exe, release, err := h.Build(ctx, work)
	if err != nil {
		return err
	}
	e.argv = append([]string{exe}, args...)
	before := e.release
	e.release = func() {
		release()
		if before != nil {
			before()
		}
	}
	return nil
}

// profile runs the base for a CPU profile and returns its file.
func (c *comparison) profile(ctx context.Context, h magic.Host, k *contest) (file string, err error) {
	base := k.list[0]
	if err := k.startOne(ctx, h, base); err != nil {
		return "", err
	}
	if err := k.calibrate(ctx, base); err != nil {
		return "", err
	}
	f, err := os.CreateTemp("", "hpgo-*.pgo")
	if err != nil {
		return "", fmt.Errorf("profile for PGO: %w", err)
	}
	f.Close()
	ask := func(command harness.EngineCommand) {
		if err == nil {
			_, err = base.process.ask(ctx, command)
		}
	}
	ask(harness.EngineCommand{Do: harness.EngineProfile, File: f.Name()})
	length := time.Duration(c.in.Seconds(profileTime) * float64(time.Second))
	for end := time.Now().Add(length); err == nil && time.Now().Before(end); {
		ask(harness.EngineCommand{Do: harness.EngineRun, N: base.loops})
	}
	ask(harness.EngineCommand{Do: harness.EngineStop})
	if err != nil {
		os.Remove(f.Name())
		return "", fmt.Errorf("profile for PGO: %w", err)
	}
	return f.Name(), nil
}

// liveDifference tells how the result in the session differs from that of
// ordinary programs, where variables have the values of their declarations. what are
// those programs.
func (c *comparison) liveDifference(ctx context.Context, h magic.Host, base *harness.Snapshot, what string) []string {
	if base == nil {
		return nil
	}
	got, err := c.snapshots(ctx, h)
	if err != nil || got[0] == nil {
		return nil
	}
	d := got[0].Difference(*base, c.tol)
	if d == "" {
		return nil
	}
	return []string{fmt.Sprintf("in the session %s: %s are ordinary programs, in which variables have the values of their declarations; what later statements made of them isn't there", strings.ReplaceAll(d, "the base's", "in these programs"), what)}
}

// contestOutput lets the programs take turns and is what comes of it. With an
// error it has no result, or that of the rounds so far.
func (c *comparison) contestOutput(ctx context.Context, k *contest, notes, warnings []string) (report.Output, error) {
	got, err := k.run(ctx)
	c.plan = k.plan
	if got.made() == 0 {
		if err == nil {
			err = errors.New("%compare: no run was made")
		}
		return report.Output{}, err
	}
	seriesOf := func(got *timings) []series {
		all := make([]series, len(k.list))
		for i, e := range k.list {
			all[i].variant.Name, all[i].variant.Code = e.name, c.variants[min(i, len(c.variants)-1)].Text()
			all[i].same = e.same
			if all[i].excluded = e.differs; e.differs != "" {
				all[i].variant.Verdict = result.VerdictDiffers
			} else if e.missing != "" {
				all[i].excluded = e.missing
			}
		}
		fillSeries(all, got)
		return all
	}
	c.processes = true
	res, more := c.judgeClocks(got, seriesOf)
	if got.end != nil && got.end.Stopped == harness.StoppedBudget {
		warnings = append(warnings, overBudget(got))
	}
	out := c.output(res, append(warnings, more...), notes)
	out.Samples, out.Partial = compareSamples(got), got.partial()
	return out, err
}

// reason is an error in one line: the first that says more than what follows, as
// `go build fails:` does.
func reason(err error) string {
	var parts []string
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if parts = append(parts, line); !strings.HasSuffix(line, ":") {
			break
		}
	}
	return strings.Join(parts, " ")
}

// environment is a variable of the cells' environment.
func environment(h magic.Host, name, usual string) string {
	for _, kv := range h.Environ() {
		if key, value, _ := strings.Cut(kv, "="); key == name && value != "" {
			usual = value
		}
	}
	return usual
}
