package attach

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/profiling"
	"hpgo/magics/quantity"
	"hpgo/magics/remote"
	"hpgo/magics/report"
)

// sample shows where a process spends its CPU time.
func (a *attached) sample(ctx context.Context, h magic.Host, pid int) (magic.Result, error) {
	m := a.in.Magic
	if a.kind != "" && a.kind != remote.CPU {
		return magic.Result{}, m.Usagef("flag --kind of %s: a process that is sampled tells of CPU time only; %s takes the URL of its /debug/pprof pages", m.Title(), a.kind)
	}
	a.kind = remote.CPU
	p, err := remote.Find(pid)
	if err != nil {
		return magic.Result{}, fmt.Errorf("%s: %w", m.Title(), err)
	}
	s, err := remote.Sample(p, a.in.Args.Float("rate", 0))
	if err != nil {
		return magic.Result{}, fmt.Errorf("%s: %w", m.Title(), err)
	}
	defer s.Close()
	began := time.Now()
	if err := a.wait(ctx, h, s, p); err != nil {
		return magic.Result{}, errors.Join(err, s.Stop())
	}
	took := time.Since(began)
	if err := s.Stop(); err != nil {
		return magic.Result{}, fmt.Errorf("%s: %w", m.Title(), err)
	}
	if s.Count() == 0 {
		return magic.Result{}, cmp.Or(ctx.Err(), fmt.Errorf("%s: %w", m.Title(), nothing(fmt.Sprintf("process %d", pid), took)))
	}
	out, err := a.output(ctx, h, s, p, took)
	if err != nil {
		return magic.Result{}, err
	}
	if a.watched != "" {
		if err := a.watch(ctx, h, fmt.Sprint(p.PID), out); err != nil {
			return magic.Result{}, err
		}
		a.in.Args.Set("q") // it is shown
	}
	res, err := measuring.Finish(context.WithoutCancel(ctx), h, a.in, out)
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return res, err
}

// lookEvery is how often what is seen is told.
const lookEvery = time.Second

// wait waits until the time is over, the process is, or the user has seen enough, and
// tells of it meanwhile.
func (a *attached) wait(ctx context.Context, h magic.Host, s *remote.Sampling, p remote.Process) error {
	span := a.spanOr(usualSpan)
	end := time.Now().Add(span)
	for left := span; left > 0 && ctx.Err() == nil && p.Runs(); left = time.Until(end) {
		s.Wait(ctx, min(left, lookEvery))
		if a.in.Args.Has("watch") && s.Count() > 0 {
			out, err := a.output(ctx, h, s, p, span-time.Until(end))
			if err != nil {
				return err
			}
			if err := a.watch(ctx, h, fmt.Sprint(p.PID), out); err != nil {
				return err
			}
			continue
		}
		a.progress.Say("process %d for %v of %v: %s", p.PID, (span - time.Until(end)).Round(time.Second), span, quantity.Counted(s.Count(), "sample"))
	}
	return nil
}

// output is what is shown of the samples.
func (a *attached) output(ctx context.Context, h magic.Host, s *remote.Sampling, p remote.Process, took time.Duration) (report.Output, error) {
	profile, warnings := s.Profile()
	rate := 1e9 / float64(profile.Period)
	f := profiling.Foreign{Kind: "cpu", Profile: profile, Source: "perf cpu-clock", Rate: rate, Elapsed: took.Seconds(), Warnings: warnings, Params: a.params(fmt.Sprint(p.PID))}
	f.Headline = fmt.Sprintf("CPU time of process %d (%s) in %s", p.PID, p.Name(), quantity.Seconds(took.Seconds(), 3))
	language := "not built by Go, or its version can't be read: who called code is seen where that keeps frame pointers"
	if p.Go != "" {
		language = p.Go
	}
	f.Notes = []string{fmt.Sprintf("%s at %s of its CPU time (perf cpu-clock), taken from outside · %s", quantity.Counted(int64(profile.Sum(0)), "sample"), quantity.Frequency(rate, 3), language)}
	if ctx.Err() != nil {
		f.Partial = fmt.Sprintf("%s of %v", quantity.Seconds(took.Seconds(), 3), a.spanOr(usualSpan))
	} else if !p.Runs() {
		f.Notes = append(f.Notes, "the process has ended")
	}
	out, err := profiling.Show(h, a.in, f)
	if err != nil {
		return report.Output{}, err
	}
	out.Magic, out.Statement = a.in.Magic.Name, p.Command
	return out, nil
}
