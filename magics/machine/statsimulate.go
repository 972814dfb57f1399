package machine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"hpgo/kernel/display"
	"hpgo/magics/harness"
	"hpgo/magics/harness/valgrind"
	"hpgo/magics/magic"
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

// tooLong is an error where the simulation would take long.
func (s *stat) tooLong() error {
	expected := 0.0
	for _, c := range s.counts {
		if runs, _ := c.complete(); len(runs) > 0 {
			expected += simulatedSlower * runs[0].Elapsed
		}
	}
	if expected <= longSimulation {
		return nil
	}
	return fmt.Errorf("that would take about %s, %d times as long as the code itself; --sim does it all the same, a smaller input takes less", quantity.Seconds(expected, 2), simulatedSlower)
}

func (s *stat) simulateWith(ctx context.Context, h magic.Host, tool simulated.Tool) error {
	functions, err := h.Functions(ctx, "")
	if err != nil {
		return fmt.Errorf("list the session's functions: %w", err)
	}
	s.owners = ownersOf(functions)
	geometry := simulated.ReadGeometry("/")
	s.notes = append(s.notes, geometry.Notes...)
	for _, v := range s.variants {
		sim := &simulation{tool: tool, geometry: geometry}
		s.models = append(s.models, sim)
		if err := s.simulate(ctx, h, v, sim); err != nil {
			return err
		}
	}
	return nil
}

// simulate runs a variant as a program under valgrind. What it prints was seen when
// it was counted.
func (s *stat) simulate(ctx context.Context, h magic.Host, v variant, sim *simulation) error {
	s.progress.Say("simulating %s", v.name)
	dir, err := os.MkdirTemp("", "hpgo-simulated-")
	if err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	defer os.RemoveAll(dir)
	runs, budget := s.runs()
	options, err := json.Marshal(valgrind.Options{Runs: runs, Budget: budget})
	if err != nil {
		return fmt.Errorf("options of the simulation: %w", err)
	}
	out, log := filepath.Join(dir, "counts"), filepath.Join(dir, "log")
	p := v.program(fmt.Sprintf("hpgo__v := %s.NewLoop(%q)", valgrindName, options), "hpgo__v.Next()", "hpgo__v.End()", s.ops.loops)
	p.Imports = map[string]string{valgrindName: valgrindPath}
	p.Fresh, p.Env, p.Under = true, simulatedEnv(h.Environ()), sim.tool.Command(out, log, sim.geometry)
	p.Records = func(r harness.Record) {
		var run valgrind.Run
		if r.Kind == valgrind.RecordRun && json.Unmarshal(r.Data, &run) == nil {
			sim.runs = append(sim.runs, run)
			s.progress.Say("simulating %s: %s of %d", v.name, quantity.Counted(len(sim.runs), "run"), runs)
		}
	}
	stop := h.Record(silence{})
	_, fail := h.Measure(ctx, p)
	if err := stop(); err != nil {
		return err
	}
	if err := sim.read(out); err != nil {
		return errors.Join(fail, err)
	}
	sim.finished = fail == nil
	if fail != nil && ctx.Err() == nil {
		return explainSimulated(fail, log)
	}
	return fail
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
	return fail
}

// simulatedEnv is the environment of a simulated program beside the user's: what its
// runtime is told, and a level of instructions that valgrind knows.
func simulatedEnv(environ []string) []string {
	debug, level := "", ""
	for _, kv := range environ {
		if v, ok := strings.CutPrefix(kv, "GODEBUG="); ok {
			debug = v
		}
		if v, ok := strings.CutPrefix(kv, "GOAMD64="); ok {
			level = v
		}
	}
	if debug != "" {
		debug += ","
	}
	env := []string{"GODEBUG=" + debug + simulated.Settings}
	if level > simulated.Level {
		env = append(env, "GOAMD64="+simulated.Level)
	}
	return env
}

// silence takes output away.
type silence struct{}

// Stream implements magic.Recorder.
func (silence) Stream(string, string) bool { return false }

// Display implements magic.Recorder.
func (silence) Display(display.Event) bool { return false }

// Close implements magic.Recorder.
func (silence) Close() error { return nil }
