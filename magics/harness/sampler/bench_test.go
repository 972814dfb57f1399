package sampler

import "testing"

// BenchmarkOverhead runs the same work plain and sampled in each way.
func BenchmarkOverhead(b *testing.B) {
	for _, o := range []struct {
		name string
		Options
	}{{"plain", Options{}}, {"perf-1kHz", Options{Source: "perf", Rate: 1000}}, {"perf", Options{Source: "perf"}},
		{"perf-10kHz", Options{Source: "perf", Rate: 10_000}}, {"sigprof", Options{Source: "sigprof"}}, {"wall", Options{Wall: true}}} {
		b.Run(o.name, func(b *testing.B) {
			if o.name != "plain" {
				s, err := Start(o.Options)
				if err != nil {
					b.Skip(err)
				}
				defer s.Stop()
			}
			for b.Loop() {
				heavy(1_000_000)
			}
		})
	}
}
