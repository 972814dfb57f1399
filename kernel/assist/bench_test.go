package assist

import (
	"context"
	"slices"
	"testing"
	"time"
)

// BenchmarkComplete completes at the cursors of all cases, with packages and
// declarations read before, and tells how the times are spread.
func BenchmarkComplete(b *testing.B) {
	benchmark(b, func(a *Assistant, q Query) error {
		_, err := a.Complete(context.Background(), q)
		return err
	})
}

// BenchmarkInspect does it for descriptions.
func BenchmarkInspect(b *testing.B) {
	benchmark(b, func(a *Assistant, q Query) error {
		_, _, err := a.Inspect(context.Background(), q, 0)
		return err
	})
}

func benchmark(b *testing.B, ask func(*Assistant, Query) error) {
	all := questions(b)
	a := New()
	round := func() (times []time.Duration) {
		for _, c := range all {
			start := time.Now()
			if err := ask(a, c.q); err != nil {
				b.Fatal(err)
			}
			times = append(times, time.Since(start))
		}
		return times
	}
	cold := round()
	var times []time.Duration
	for b.Loop() {
		times = append(times, round()...)
	}
	for name, t := range map[string][]time.Duration{"cold": cold, "warm": times} {
		slices.Sort(t)
		for p, at := range map[string]int{"p50": 50, "p95": 95, "max": 100} {
			b.ReportMetric(float64(t[(len(t)-1)*at/100].Microseconds())/1000, name+"-"+p+"-ms")
		}
	}
	b.ReportMetric(float64(len(all)), "cases")
}
