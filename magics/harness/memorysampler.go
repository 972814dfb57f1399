package harness

import (
	"os"
	"runtime/metrics"
	"sync/atomic"
	"time"

	"hpgo/magics/result"
)

// keptSamples is how many readings a sampler holds. When they are full, the
// largest values of each two neighbours become one.
const keptSamples = 2048

// memorySampler reads this process's memory at an interval, on a goroutine that
// start starts and finish ends. It allocates nothing while it runs, so that it
// doesn't show in what it measures.
type memorySampler struct {
	interval time.Duration
	proc     *processMemory
	values   []metrics.Sample
	free     []metrics.Sample // of clean

	begin    time.Time
	cycles   int64 // before the run
	line     result.MemoryTimeline
	last     time.Time // of the newest reading
	pending  int       // readings that the newest sample holds
	most     int64     // largest heap that was read
	gcs      []float64 // when new collections were noticed
	children int64     // most memory of child processes

	withChildren bool
	limit        int64                           // B of resident memory; 0: none
	passed       func(now result.MemorySample)   // called once when it is passed
	batch        func(new []result.MemorySample) // hears once a second what was read, coarsely
	coarse       []result.MemorySample

	stop atomic.Bool
	done chan struct{}
}

// metricNames are what is read of runtime/metrics, in the order of a sample.
func metricNames() []string {
	return []string{
		"/memory/classes/heap/objects:bytes", "/gc/heap/goal:bytes", "/gc/heap/live:bytes",
		"/memory/classes/heap/stacks:bytes", "/gc/cycles/total:gc-cycles", "/sched/goroutines:goroutines",
	}
}

// Stretches of the coarse readings, which are sent while the run lasts.
const (
	coarseStretch = 20 * time.Millisecond
	firstBatch    = 100 * time.Millisecond
	batchEvery    = 500 * time.Millisecond // at last
	mostGCs       = 4096                   // times of collections that are kept
)

// newMemorySampler makes a sampler with all the memory it will need.
func newMemorySampler(interval time.Duration) *memorySampler {
	s := &memorySampler{interval: interval, free: []metrics.Sample{{Name: "/memory/classes/heap/free:bytes"}}}
	s.proc, _ = openProcessMemory() // without it RSS is 0, unknown
	for _, name := range metricNames() {
		s.values = append(s.values, metrics.Sample{Name: name})
	}
	s.line.Interval = interval.Seconds()
	s.line.Samples = make([]result.MemorySample, keptSamples)
	s.coarse = make([]result.MemorySample, int(batchEvery/coarseStretch)+2)
	s.gcs = make([]float64, mostGCs)
	for i := range s.line.Samples {
		s.line.Samples[i].RSS = -1 // touch it: fresh pages would count as the run's
	}
	for i := range s.gcs {
		s.gcs[i] = -1
	}
	s.reset()
	metrics.Read(s.values)
	return s
}

// reset forgets the readings.
func (s *memorySampler) reset() {
	s.line.Samples, s.coarse, s.gcs = s.line.Samples[:0], s.coarse[:0], s.gcs[:0]
	s.line.Readings, s.line.Stretch, s.line.Gap, s.pending, s.most, s.children = 0, 1, 0, 0, 0, 0
}

// start takes a first reading and begins. When it returns, the goroutine has all
// that it will ask the runtime for.
func (s *memorySampler) start() {
	s.reset()
	s.stop.Store(false)
	s.done = make(chan struct{})
	ready := make(chan struct{})
	go s.run(ready)
	<-ready
}

// run reads until finish. It looks at a flag instead of waiting for a channel, for which the
// runtime would allocate now and then.
func (s *memorySampler) run(ready chan<- struct{}) {
	defer close(s.done)
	pause(time.Microsecond) // so that the runtime has threads enough
	s.begin = time.Now()
	s.last = s.begin
	metrics.Read(s.values)
	s.cycles = s.count(4)
	s.read()
	close(ready)
	for sent, after := s.begin, firstBatch; ; {
		pause(s.interval)
		if s.stop.Load() {
			return
		}
		now := s.read()
		if s.limit > 0 && now.RSS > s.limit {
			s.limit = 0
			s.passed(now)
		}
		if s.withChildren {
			s.children = max(s.children, childrenRSS(os.Getpid()))
		}
		if s.batch != nil && s.last.Sub(sent) >= after {
			sent, after = s.last, min(2*after, batchEvery)
			s.batch(s.coarse)
			s.coarse = s.coarse[:0]
		}
	}
}

// finish ends the goroutine and takes the last reading.
func (s *memorySampler) finish() {
	s.stop.Store(true)
	<-s.done
	s.read()
}

// count returns one of the metrics, 0 where this Go doesn't have it.
func (s *memorySampler) count(i int) int64 {
	if v := s.values[i].Value; v.Kind() == metrics.KindUint64 {
		return int64(v.Uint64())
	}
	return 0
}

// read takes a reading and keeps it.
func (s *memorySampler) read() result.MemorySample {
	rss := s.proc.rss()
	metrics.Read(s.values)
	now := time.Now()
	sample := result.MemorySample{Time: now.Sub(s.begin).Seconds(), RSS: rss, Heap: s.count(0), Goal: s.count(1), Live: s.count(2),
		Stacks: s.count(3), Cycles: s.count(4) - s.cycles, Goroutines: s.count(5)}
	s.line.Gap = max(s.line.Gap, now.Sub(s.last).Seconds())
	s.last = now
	s.line.Readings++
	s.most = max(s.most, sample.Heap)
	s.keep(sample)
	if s.batch != nil {
		s.keepCoarse(sample)
	}
	return sample
}

// keep enters a reading.
func (s *memorySampler) keep(now result.MemorySample) {
	kept := s.line.Samples
	before := int64(0)
	if len(kept) > 0 {
		before = kept[len(kept)-1].Cycles
	}
	if now.Cycles > before && len(s.gcs) < cap(s.gcs) {
		s.gcs = append(s.gcs, now.Time)
	}
	if s.pending > 0 && s.pending < s.line.Stretch {
		kept[len(kept)-1] = larger(kept[len(kept)-1], now)
		s.pending++
		return
	}
	if len(kept) == cap(kept) {
		half := kept[:0]
		for i := 0; i+1 < len(kept); i += 2 {
			half = append(half, larger(kept[i], kept[i+1]))
		}
		s.line.Samples = half
		s.line.Stretch *= 2
	}
	s.line.Samples = append(s.line.Samples, now)
	s.pending = 1
}

// keepCoarse enters a reading in those that are sent meanwhile.
func (s *memorySampler) keepCoarse(now result.MemorySample) {
	n := len(s.coarse)
	if n > 0 && now.Time-s.coarse[n-1].Time < coarseStretch.Seconds() || n == cap(s.coarse) {
		s.coarse[n-1] = larger(s.coarse[n-1], now)
		return
	}
	s.coarse = append(s.coarse, now)
}

// larger is one sample for two, with the time of the one where more was resident.
func larger(a, b result.MemorySample) result.MemorySample {
	at := a.Time
	if b.RSS > a.RSS {
		at = b.Time
	}
	return result.MemorySample{Time: at, RSS: max(a.RSS, b.RSS), Heap: max(a.Heap, b.Heap), Goal: max(a.Goal, b.Goal), Live: max(a.Live, b.Live),
		Stacks: max(a.Stacks, b.Stacks), Cycles: max(a.Cycles, b.Cycles), Goroutines: max(a.Goroutines, b.Goroutines)}
}

// mostRSS is the largest resident memory that was read. It may lie a little above the
// high-water mark, since the system brings its counts together late.
func (s *memorySampler) mostRSS() (most int64) {
	for _, r := range s.line.Samples {
		most = max(most, r.RSS)
	}
	return most
}

// timeline is a copy of what was read.
func (s *memorySampler) timeline() *result.MemoryTimeline {
	line := s.line
	line.Samples = append([]result.MemorySample{}, s.line.Samples...)
	return &line
}

func (s *memorySampler) close() { s.proc.close() }
