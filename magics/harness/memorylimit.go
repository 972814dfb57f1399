package harness

import (
	"bytes"
	"math"
	"runtime"
	"runtime/pprof"
	"slices"

	"hpgo/magics/result"
)

// mostSites and mostStacks bound what is reported of a program that is large.
const (
	mostSites  = 20
	mostStacks = 64 << 10 // bytes of text
)

// reportLimit reports the heap and the goroutines of the program as it runs. The
// profile is that of the profiler's usual rate; a collection brings it up to date.
func (m *Memory) reportLimit(now result.MemorySample) {
	Report(MemoryLimit, limitPassed(m.params.Limit, now))
}

// limitPassed takes the state of the program.
func limitPassed(limit int64, now result.MemorySample) result.MemoryLimit {
	out := result.MemoryLimit{Limit: limit, RSS: now.RSS, Time: now.Time}
	var stacks bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&stacks, 2); err == nil {
		out.Stacks = string(stacks.Bytes()[:min(stacks.Len(), mostStacks)])
	}
	a := &Allocs{after: scaled(snapshot(), float64(runtime.MemProfileRate))}
	for _, s := range a.report().Sites() {
		if s.Live > 0 {
			out.Sites = append(out.Sites, result.AllocSite{Function: s.Function, File: s.File, Line: s.Line, Bytes: s.Live, Objects: s.LiveObjects})
		}
	}
	slices.SortFunc(out.Sites, func(a, b result.AllocSite) int { return int(b.Bytes - a.Bytes) })
	out.Sites = out.Sites[:min(len(out.Sites), mostSites)]
	var profile bytes.Buffer
	if err := pprof.Lookup("heap").WriteTo(&profile, 0); err == nil {
		out.Profile = profile.Bytes()
	}
	return out
}

// scaled estimates all objects from those that were sampled: one of size s is
// with probability 1 - exp(-s/rate), as pprof has it.
func scaled(buckets map[string]bucket, rate float64) map[string]bucket {
	if rate <= 1 {
		return buckets
	}
	for key, b := range buckets {
		size := float64(b.bytes) / float64(b.objects)
		factor := 1 / -math.Expm1(-size/rate)
		scale := func(n int64) int64 { return int64(math.Round(float64(n) * factor)) }
		b.objects, b.inObj = scale(b.objects), scale(b.inObj)
		b.bytes, b.inBytes = scale(b.bytes), scale(b.inBytes)
		buckets[key] = b
	}
	return buckets
}
