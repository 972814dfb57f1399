package machine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hpgo/magics/harness"
	"hpgo/magics/harness/sampler"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/profiling"
	"hpgo/magics/quantity"
)

// sampling is one use of %perf record or %perf annotate.
type sampling struct {
	in       *measuring.Input
	variant  variant
	progress *measuring.Progress

	program  magic.Program // that was sampled
	run      sampler.Run
	heard    bool
	restored []string
	limits   []profiling.Limit // of the tables
}

// enough samples say a share of a half to 1.1 points.
const (
	enoughSamples  = 2000
	samplingBudget = 5 * time.Second
)

// samplingFlags are those of the magics that sample.
func samplingFlags() []magic.Flag {
	return []magic.Flag{
		{Name: "F", Long: "freq", Arg: "HZ", Value: magic.Float, Min: 1, Bounded: true, Doc: "samples in a second of CPU time, at most 20,000 (4,000)"},
		{Name: "r", Long: "repeat", Arg: "R", Value: magic.Int, Min: 1, Bounded: true, Doc: "run exactly R times, every other time without sampling; without it until there are 2,000 samples"},
		measuring.BudgetFlag(" (5s)"),
		measuring.KeepFlag(),
	}
}

// readSampling reads the Go and the flags.
func readSampling(h magic.Host, in *measuring.Input) (*sampling, error) {
	all, err := readVariants(h, in)
	if err != nil {
		return nil, err
	}
	if len(all) > 1 {
		return nil, in.Magic.Usagef("%s takes one piece of Go, not blocks", in.Magic.Spell(in.Form))
	}
	if rate := in.Args.Float("F", 0); rate > sampler.MaxRate {
		return nil, in.Magic.Usagef("flag -F of %s: %s is more than %s", in.Magic.Title(), in.Args.Text("F", ""), quantity.Count(sampler.MaxRate))
	}
	return &sampling{in: in, variant: all[0], progress: measuring.NewProgress(h)}, nil
}

// sample runs the Go while the worker is sampled.
func (s *sampling) sample(ctx context.Context, h magic.Host) error {
	a := s.in.Args
	options, err := json.Marshal(sampler.LoopOptions{Options: sampler.Options{Rate: a.Float("F", 0), Cycles: true},
		Least: enoughSamples, Budget: a.Duration("budget", samplingBudget).Seconds(), Runs: a.Int("r", 0)})
	if err != nil {
		return fmt.Errorf("options of the sampling: %w", err)
	}
	s.program = s.variant.program(fmt.Sprintf("hpgo__l := %s.NewLoop(%q)", measuring.SamplerName, options), "hpgo__l.Next()", "hpgo__l.End()", 1)
	s.program.Imports = map[string]string{measuring.SamplerName: measuring.SamplerPath}
	s.program.Records = func(r harness.Record) {
		var run sampler.Run
		if r.Kind != sampler.RecordKind || json.Unmarshal(r.Data, &run) != nil {
			return
		}
		if s.run, s.heard = run, true; !run.Finished {
			s.progress.Say("%s, %d of %d samples", quantity.Counted(run.Whole, "run"), run.Samples.Count, enoughSamples)
		}
	}
	_, s.restored, err = measuring.Measure(ctx, h, s.variant.Subject, s.program, a.Has("keep"))
	return err
}

// codeTime is how long the machine code of what was interrupted may take to read.
const codeTime = 5 * time.Second

// readingCode is the context in which the machine code is read; nil: it isn't, since the
// code that ran has failed. What was interrupted has been sampled until then, and its
// code is there.
func (s *sampling) readingCode(ctx context.Context, fail error) (context.Context, context.CancelFunc) {
	switch {
	case fail == nil:
		s.progress.Say("reading the machine code")
		return context.WithCancel(ctx)
	case ctx.Err() != nil && !measuring.Died(fail):
		return context.WithTimeout(context.WithoutCancel(ctx), codeTime)
	}
	return nil, nil
}

// unseen is the error where there are no samples.
func (s *sampling) unseen() error {
	text := s.in.Magic.Spell(s.in.Form) + ": nothing was sampled: the Go takes too little CPU time"
	if s.in.Args.Has("r") {
		text += "; without -r it is repeated"
	}
	return errors.New(text)
}

// partial says how far the runs came.
func (s *sampling) partial() string { return fmt.Sprintf("stopped in run %d", s.run.Whole+1) }

// params are the choices for the data.
func (s *sampling) params() map[string]any {
	return map[string]any{"rate": s.in.Args.Float("F", 0), "runs": s.in.Args.Int("r", 0), "budget": s.in.Args.Duration("budget", samplingBudget).Seconds()}
}
