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
		{"Julia set in Go", fmt.Sprintf("%s, median of %d rounds", profiled, profiledRounds), func(ctx context.Context, s *session.Session) (float64, error) {
			var t result.Timeit
			err := magicResult(ctx, s, fmt.Sprintf("%%timeit -json -n 1 -r %d %s", profiledRuns, profiled), &t)
			return median(t.Timings()), err
		}},
		{"  under %lprun, sampled for times", "the bar is 1.3", func(ctx context.Context, s *session.Session) (float64, error) {
			var l result.Lprun
			err := magicResult(ctx, s, fmt.Sprintf("%%lprun -json -n %d -f calculate %s", profiledRuns, profiled), &l)
			return l.SampledWall, err
		}},
		{"  under %lprun, counting hits", "in a run of its own", func(ctx context.Context, s *session.Session) (float64, error) {
			var l result.Lprun
			err := magicResult(ctx, s, fmt.Sprintf("%%lprun -json -n 1 -f calculate %s", profiled), &l)
			return l.Counting, err
		}},
		{"  under %prun, sampled for times", "", func(ctx context.Context, s *session.Session) (float64, error) {
			var p result.Prun
			err := magicResult(ctx, s, fmt.Sprintf("%%prun -json -plain -n %d %s", profiledRuns, profiled), &p)
			return p.SampledWall, err
		}},
		{"  under %mprun, each object recorded", "", func(ctx context.Context, s *session.Session) (float64, error) {
			var m result.Mprun
			err := magicResult(ctx, s, fmt.Sprintf("%%mprun -json -f calculate %s", profiled), &m)
			return m.Seconds, err
		}},
		{"  under %memit", "with its timeline of 1 ms", func(ctx context.Context, s *session.Session) (float64, error) {
			var m result.Memit
			err := magicResult(ctx, s, fmt.Sprintf("%%memit -json -r %d %s", profiledRuns, profiled), &m)
			var times []float64
			for _, run := range m.Runs {
				times = append(times, run.Seconds)
			}
			return median(times), err
		}},
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
