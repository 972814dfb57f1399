package machine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hpgo/magics/harness"
	"hpgo/magics/harness/valgrind"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/simulated"
)

// simulateAll simulates the variants if the CPU counts nothing, or as the flags say.
// Only what was asked for is an error where it fails; else it is a warning.
func (s *stat) simulateAll(ctx context.Context, h magic.Host) error {
	a := s.in.Args
	if a.Has("no-sim") || !a.Has("sim") && !s.noCounters() {
		return nil
	}
	tool, err := simulated.Find(ctx)
	if err == nil && !a.Has("sim") {
		err = s.tooLong()
	}
	if err == nil {
		err = s.simulateWith(ctx, h, tool)
	}
	s.warnings = append(s.warnings, s.leftOut()...)
	if err == nil || a.Has("sim") || ctx.Err() != nil {
		return err
	}
	s.warnings = append(s.warnings, "not simulated: "+oneLine(err))
	return nil
}

// oneLine is the first line of an error.
func oneLine(err error) string {
	first, _, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
	return first
}

// leftOut are warnings of variables whose values the simulated programs didn't have.
func (s *stat) leftOut() []string {
	var all []string
	for _, sim := range s.models {
		if text := sim.leftOut(); text != "" && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// tooLong is an error where the simulation would take long. A program that waits is
// simulated no longer for that, and threads take turns: what counts is CPU time.
func (s *stat) tooLong() error {
	expected := 0.0
	for _, c := range s.counts {
		if runs, _ := c.complete(); len(runs) > 0 {
			expected += simulatedSlower * (runs[0].User + runs[0].Sys)
		}
	}
	if expected <= longSimulation {
		return nil
	}
	return fmt.Errorf("that would take about %s, %d times as long as the code itself; --sim does it all the same, a smaller input takes less", quantity.Seconds(expected, 2), simulatedSlower)
}

func (s *stat) simulateWith(ctx context.Context, h magic.Host, tool simulated.Tool) error {
	runs, budget := s.runs()
	if budget == 0 && !s.in.Args.Has("sim") {
		budget = longSimulation
	}
	m := newModel(tool, s.progress, valgrind.Options{Runs: runs, Budget: budget}, s.ops.loops)
	s.notes = append(s.notes, m.notes(ctx, h)...)
	var err error
	if s.owners, err = sessionOwners(ctx, h); err != nil {
		return err
	}
	for _, v := range s.variants {
		sim, err := m.run(ctx, h, v)
		s.models = append(s.models, sim)
		if err != nil {
			return err
		}
	}
	return nil
}

// sessionOwners are the session's functions.
func sessionOwners(ctx context.Context, h magic.Host) (owners, error) {
	functions, err := h.Functions(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("list the session's functions: %w", err)
	}
	return ownersOf(functions), nil
}

// model runs variants as programs under valgrind.
type model struct {
	tool     simulated.Tool
	geometry simulated.Geometry
	progress *measuring.Progress
	options  valgrind.Options
	loops    int
}

func newModel(tool simulated.Tool, progress *measuring.Progress, o valgrind.Options, loops int) *model {
	return &model{tool: tool, geometry: simulated.ReadGeometry("/"), progress: progress, options: o, loops: loops}
}

// notes say where the model differs from the machine and the program from the cells.
func (m *model) notes(ctx context.Context, h magic.Host) []string {
	notes := slices.Clone(m.geometry.Notes)
	if _, note := simulatedEnv(h.Environ(), h.Status(ctx).Level); note != "" {
		notes = append(notes, note)
	}
	return notes
}

// run simulates a variant. What it prints was seen when it was counted or sampled. With
// an error comes what was simulated before.
func (m *model) run(ctx context.Context, h magic.Host, v variant) (*simulation, error) {
	sim := &simulation{tool: m.tool, geometry: m.geometry}
	m.progress.Say("simulating %s", v.name)
	dir, err := os.MkdirTemp("", "hpgo-simulated-")
	if err != nil {
		return sim, fmt.Errorf("simulate: %w", err)
	}
	defer os.RemoveAll(dir)
	options, err := json.Marshal(m.options)
	if err != nil {
		return sim, fmt.Errorf("options of the simulation: %w", err)
	}
	out, log := filepath.Join(dir, "counts"), filepath.Join(dir, "log")
	p := v.program(fmt.Sprintf("hpgo__v := %s.NewLoop(%q)", valgrindName, options), "hpgo__v.Next()", "hpgo__v.End()", m.loops)
	p.Imports = map[string]string{valgrindName: valgrindPath}
	p.Fresh, p.Under = true, m.tool.Command(out, log, m.geometry)
	p.Env, _ = simulatedEnv(h.Environ(), h.Status(ctx).Level)
	p.Records = func(r harness.Record) {
		var run valgrind.Run
		if r.Kind == valgrind.RecordRun && json.Unmarshal(r.Data, &run) == nil {
			sim.runs = append(sim.runs, run)
			m.progress.Say("simulating %s: %s of %d", v.name, quantity.Counted(len(sim.runs), "run"), m.options.Runs)
		}
	}
	stop := h.Record(measuring.Unseen{})
	outcome, fail := h.Measure(ctx, p)
	sim.left = outcome.Left
	if err := stop(); err != nil {
		return sim, err
	}
	failed := fail != nil && ctx.Err() == nil
	if failed { // what a panic executed isn't the code's
		sim.runs = slices.DeleteFunc(sim.runs, func(r valgrind.Run) bool { return r.Broken })
	}
	if err := sim.read(out); err != nil {
		return sim, errors.Join(fail, err)
	}
	sim.finished = fail == nil
	if failed {
		return sim, explainSimulated(fail, log)
	}
	return sim, fail
}

// leftOut says which variables the simulated program didn't have as they are.
func (s *simulation) leftOut() string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(s.left)) {
		names = append(names, name+" ("+s.left[name]+")")
	}
	if len(names) == 0 {
		return ""
	}
	return "simulated with values as declarations make them, not as they are in the session: " + strings.Join(names, ", ")
}

// read reads the counts of the runs.
func (s *simulation) read(out string) error {
	for _, run := range s.runs {
		p, err := simulated.ReadRun(out, valgrind.DumpName(run.Number))
		if errors.Is(err, fs.ErrNotExist) && run.Broken {
			continue
		}
		if err != nil {
			return err
		}
		s.profiles = append(s.profiles, p)
	}
	return nil
}

// explainSimulated says why a program failed under valgrind, if its log tells.
func explainSimulated(fail error, log string) error {
	text, err := os.ReadFile(log)
	if err != nil {
		return fail
	}
	switch {
	case strings.Contains(string(text), "nrecognised instruction"), strings.Contains(string(text), "unhandled instruction bytes"):
		return fmt.Errorf("valgrind doesn't know an instruction of the code (it knows none with 512 bits)")
	case strings.Contains(string(text), "the 'impossible' happened"), strings.Contains(string(text), "Assertion"):
		return errors.New("valgrind itself failed")
	}
	if how, died := strings.CutPrefix(fail.Error(), "WorkerDied: "); died {
		first, _, _ := strings.Cut(how, "\n")
		return fmt.Errorf("the program under valgrind ended early: %s", first)
	}
	return fail
}

// simulatedEnv is the environment of a simulated program beside the user's: what its
// runtime is told, and a level of instructions that valgrind knows; note says if that is
// another one than the session's, level, or the user's.
func simulatedEnv(environ []string, level string) (env []string, note string) {
	debug := ""
	for _, kv := range environ {
		if v, ok := strings.CutPrefix(kv, "GODEBUG="); ok {
			debug = v
		}
		if v, ok := strings.CutPrefix(kv, "GOAMD64="); ok && level == "" {
			level = v
		}
	}
	if debug != "" {
		debug += ","
	}
	env = []string{"GODEBUG=" + debug + simulated.Settings}
	if level > simulated.Level {
		env = append(env, "GOAMD64="+simulated.Level)
		note = fmt.Sprintf("simulated as built with GOAMD64=%s: valgrind doesn't know the instructions of %s", simulated.Level, level)
	}
	return env, note
}
