package sampler

import (
	"testing"
	"time"
)

// BenchmarkOverhead runs the same work plain and sampled, in turn.
func BenchmarkOverhead(b *testing.B) {
	for _, o := range []Options{{Source: "none"}, {Source: "perf", Rate: 1000}, {Source: "perf"}, {Source: "perf", Rate: 10000}, {Source: "sigprof"}, {Wall: true}} {
		name := o.Source
		if o.Wall {
			name = "wall"
		}
		b.Run(name, func(b *testing.B) {
			if o.Source != "none" {
				s, err := Start(o)
				if err != nil {
					b.Skip(err)
				}
				defer s.Stop()
			}
			u := usedBy(processUsage)
			_ = time.Now
			for b.Loop() {
				heavy(1_000_000)
			}
			v := usedBy(processUsage).minus(u)
			b.ReportMetric(float64((v.user+v.sys).Nanoseconds())/float64(b.N), "cpu-ns/op")
		})
	}
}
