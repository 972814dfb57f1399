package bench

import (
	"context"
	"fmt"

	"hpgo/kernel/session"
	"hpgo/magics/result"
)

const (
	profiled     = "calculate(300, zs, cs)" // of juliaGo
	profiledRuns = 5                        // of the statement in a round, where it is repeated
)

// profiling is one way to run the statement, and how long that took.
type profiling struct {
	name, note string
	run        func(ctx context.Context, s *session.Session) (seconds float64, err error)
}

// profilings are the runs whose cost is measured, the plain one first.
func profilings() []profiling {
	return []profiling{
		{"Julia set in Go", fmt.Sprintf("%s, median of %d rounds", profiled, profiledRounds),
			profiledBy(fmt.Sprintf("%%timeit -json -n 1 -r %d", profiledRuns), func(t result.Timeit) float64 { return median(t.Timings()) })},
		{"  under %lprun, sampled for times", "the bar is 1.3",
			profiledBy(fmt.Sprintf("%%lprun -json -n %d -f calculate", profiledRuns), func(l result.Lprun) float64 { return l.SampledWall })},
		{"  under %lprun, counting hits", "in a run of its own",
			profiledBy("%lprun -json -n 1 -f calculate", func(l result.Lprun) float64 { return l.Counting })},
		{"  under %prun, sampled for times", "",
			profiledBy(fmt.Sprintf("%%prun -json -plain -n %d", profiledRuns), func(p result.Prun) float64 { return p.SampledWall })},
		{"  under %mprun, each object recorded", "",
			profiledBy("%mprun -json -f calculate", func(m result.Mprun) float64 { return m.Seconds })},
		{"  under %memit", "with its timeline of 1 ms",
			profiledBy(fmt.Sprintf("%%memit -json -r %d", profiledRuns), func(m result.Memit) float64 {
				var times []float64
				for _, run := range m.Runs {
					times = append(times, run.Seconds)
				}
				return median(times)
			})},
	}
}

// profiledBy runs the statement under a magic, whose result has type T and tells
// how many seconds the statement took.
func profiledBy[T any](magic string, seconds func(T) float64) func(context.Context, *session.Session) (float64, error) {
	return func(ctx context.Context, s *session.Session) (float64, error) {
		var got T
		err := magicResult(ctx, s, magic+" "+profiled, &got)
		return seconds(got), err
	}
}

// overheads measures what profilers cost on the Julia set, as ratios to the plain
// run, all in turns.
func (r *Report) overheads(ctx context.Context, s *session.Session) error {
	if err := exec1(ctx, s, "import \"math/cmplx\"\n"+juliaGo+"\nzs, cs := coordinates(500)"); err != nil {
		return err
	}
	all := profilings()
	times := make([][]float64, len(all))
	for range profiledRounds {
		for i, p := range all {
			t, err := p.run(ctx, s)
			if err != nil {
				return err
			}
			times[i] = append(times[i], t)
		}
	}
	plain := median(times[0])
	r.add(all[0].name, plain, "s", all[0].note)
	for i, p := range all[1:] {
		r.add(p.name, median(times[i+1])/plain, "ratio", p.note)
	}
	return nil
}
