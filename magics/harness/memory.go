package harness

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"

	"hpgo/kernel/display"
	"hpgo/magics/result"
)

// Kinds of records of the memory magics.
const (
	MemitRun       = "memit.run"       // a MemitRecord
	MemitSurvivors = "memit.survivors" // []result.AllocSite
	MemoryRefused  = "memory.refused"  // a string: why the peak can't be measured in this process
	MemoryLimit    = "memory.limit"    // a result.MemoryLimit
)

// MemitParams are the parameters of NewMemory, as JSON in generated code.
type MemitParams struct {
	Repeat   int     `json:"repeat"`
	Interval float64 `json:"interval"` // s between readings of the timeline
	Children bool    `json:"children"` // add the memory of child processes
	Limit    int64   `json:"limit"`    // B of resident memory that are reported when passed; 0: none
	Sizes    bool    `json:"sizes"`    // count objects by size
	Live     bool    `json:"live"`     // run once more and say what is left
	// Own says that the process was started for this: where its peak can't be
	// set back, the peak since its start will do.
	Own bool `json:"own"`
}

// MemitRecord is one run.
type MemitRecord struct {
	Run      result.MemitRun        `json:"run"`
	Method   string                 `json:"method"` // as result.Memit has it
	GOGC     int                    `json:"gogc"`
	MemLimit int64                  `json:"mem_limit"`
	Timeline *result.MemoryTimeline `json:"timeline"`
	Sizes    []result.SizeBin       `json:"sizes,omitempty"`
	Cut      bool                   `json:"cut,omitempty"` // the run didn't come to its end
}

// Memory measures the memory of code that runs once for each Next that is true:
//
//	m := harness.NewMemory(`{"repeat":1,"interval":0.001}`)
//	for m.Next() {
//		...
//	}
//	m.End()
//
// Each run begins with an empty free list: two collections, which also empty
// pools, and all free memory given back to the system. So what the run touches
// must be mapped anew and shows in the resident memory. Then the system's
// high-water mark is set back. Each run is reported when it is over.
type Memory struct {
	params  MemitParams
	sampler *memorySampler
	allocs  *Allocs // of the run that says what is left

	run       int // runs begun
	within    bool
	over      bool
	ended     atomic.Bool
	forget    func() // undoes AtCellEnd
	baseline  int64
	mark      int64 // high-water mark before the run
	refused   error
	liveThen  uint64 // B of heap before the run, after collections
	before    runtime.MemStats
	after     runtime.MemStats
	sizes     []metrics.Sample
	sizesThen []uint64
	begin     time.Time
}

// NewMemory makes a measurement with the parameters of a MemitParams.
func NewMemory(params string) *Memory {
	m := &Memory{}
	readParams(params, &m.params)
	m.sampler = newMemorySampler(intervalOf(m.params.Interval))
	m.sampler.withChildren = m.params.Children
	m.sizes = []metrics.Sample{{Name: "/gc/heap/allocs-by-size:bytes"}}
	if _, err := peakMemory(); err != nil {
		Report(MemoryRefused, err.Error())
		m.over = true
		return m
	}
	m.forget = display.AtCellEnd(m.End)
	m.warm()
	return m
}

// warm does all once that a run does, so that what the runtime and the libraries
// set up at the first time isn't counted.
func (m *Memory) warm() {
	spareThreads(runtime.GOMAXPROCS(0) + 2)
	metrics.Read(m.sizes)
	m.sizesThen = make([]uint64, 0, len(m.sizes[0].Value.Float64Histogram().Counts))
	m.sampler.start()
	runtime.ReadMemStats(&m.before)
	m.sampler.finish()
	rec := MemitRecord{Timeline: m.sampler.timeline(), Sizes: sizeBins(m.sizes[0].Value.Float64Histogram(), m.sizesThen)}
	rec.GOGC, rec.MemLimit = pace()
	_, _ = json.Marshal(rec) // only warms it up
}

// spareThreads has the runtime make threads, which are idle afterwards: each one
// costs some objects, and a sampler that sleeps in the system may cause a new one.
func spareThreads(n int) {
	var here, done sync.WaitGroup
	here.Add(n)
	for range n {
		done.Go(func() {
			runtime.LockOSThread()
			here.Done()
			here.Wait()
			runtime.UnlockOSThread()
		})
	}
	done.Wait()
}

// readParams reads the parameters that a magic wrote into generated code.
func readParams(text string, params any) {
	if err := json.Unmarshal([]byte(text), params); err != nil {
		panic(fmt.Sprintf("parameters %s: %v", text, err)) // of ours
	}
}

// intervalOf is a time between readings as parameters have it, at least ten microseconds.
func intervalOf(s float64) time.Duration {
	return max(10*time.Microsecond, time.Duration(s*float64(time.Second)))
}

// Next ends a run and begins the next; false: there is none.
func (m *Memory) Next() bool {
	switch {
	case m.within && m.allocs != nil:
		m.survivors()
	case m.within:
		Report(MemitRun, m.finish())
	}
	m.within = false
	if m.over || display.Context().Err() != nil {
		return false
	}
	switch {
	case m.run < m.params.Repeat:
		if m.prepare() {
			m.within = true
			m.start()
		}
	case m.params.Live && m.allocs == nil:
		m.allocs, m.within = &Allocs{}, true
		m.allocs.begin()
	}
	return m.within
}

// End closes what is open. Where the cell ends in the middle of a run, by a panic
// or an interrupt, it is called too, and reports the run as cut short.
func (m *Memory) End() {
	if m.ended.Swap(true) || m.forget == nil {
		return
	}
	m.forget()
	switch {
	case m.within && m.allocs != nil:
		m.allocs.end()
	case m.within:
		rec := m.finish()
		rec.Cut = true
		Report(MemitRun, rec)
	}
	m.within = false
	m.sampler.close()
}

// prepare sets the high-water mark back; false: that can't be done here.
func (m *Memory) prepare() bool {
	m.sampler.clean()
	runtime.ReadMemStats(&m.before)
	m.liveThen = m.before.HeapAlloc
	if m.refused = resetPeak(); m.refused != nil && !m.params.Own {
		Report(MemoryRefused, fmt.Sprintf("the high-water mark of resident memory can't be set back: %v", m.refused))
		m.over = true
		return false
	}
	m.mark, _ = peakMemory() // NewMemory has tried it
	m.baseline = m.mark
	if m.refused != nil {
		m.baseline = m.sampler.proc.rss()
	}
	return true
}

// start begins a run. It allocates nothing after it read the counters.
func (m *Memory) start() {
	m.run++
	if m.run == 1 && m.params.Limit > 0 {
		m.sampler.limit = m.params.Limit
		m.sampler.passed = m.reportLimit
	}
	m.sampler.start()
	runtime.ReadMemStats(&m.before)
	if m.params.Sizes {
		metrics.Read(m.sizes) // directly after ReadMemStats, which brings the counts up to date
		m.sizesThen = append(m.sizesThen[:0], m.sizes[0].Value.Float64Histogram().Counts...)
		runtime.ReadMemStats(&m.before)
	}
	m.begin = time.Now()
}

// finish ends a run.
func (m *Memory) finish() MemitRecord {
	took := time.Since(m.begin)
	runtime.ReadMemStats(&m.after)
	if m.params.Sizes {
		metrics.Read(m.sizes)
	}
	var method string
	run := result.MemitRun{Baseline: m.baseline, Seconds: took.Seconds(),
		Bytes: int64(m.after.TotalAlloc - m.before.TotalAlloc), Objects: int64(m.after.Mallocs - m.before.Mallocs),
		GCs: int64(m.after.NumGC - m.before.NumGC)}
	m.sampler.finish()
	run.Heap, run.HeapExact = m.heap()
	run.HeapGrowth = max(0, run.Heap-int64(m.before.HeapAlloc))
	run.Peak, method = m.peak()
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m.after)
	run.Live = max(0, int64(m.after.HeapAlloc-m.liveThen)) // less: garbage of before that the runtime found late
	run.Children = m.sampler.children
	run.Peak += run.Children
	rec := MemitRecord{Method: method, Timeline: m.sampler.timeline()}
	if m.params.Sizes {
		rec.Sizes = sizeBins(m.sizes[0].Value.Float64Histogram(), m.sizesThen)
	}
	rec.GOGC, rec.MemLimit = pace()
	rec.Run = run
	return rec
}

// peak is the most resident memory of the run that ends.
func (m *Memory) peak() (bytes int64, method string) {
	mark, err := peakMemory()
	read := m.sampler.mostRSS()
	if err == nil && m.refused == nil {
		return max(mark, read), "VmHWM"
	}
	if err == nil && mark > m.mark {
		return max(mark, read), "VmHWM of the process"
	}
	return read, "sampled"
}

// heap is the most heap of the run that ends. While nothing is freed the heap only
// grows, so it is what it was at the end. Otherwise it is the most that was read,
// and exact when that is all there can have been.
func (m *Memory) heap() (bytes int64, exact bool) {
	end, most := int64(m.after.HeapAlloc), int64(m.before.HeapAlloc+m.after.TotalAlloc-m.before.TotalAlloc)
	bytes = max(end, m.sampler.most)
	return bytes, m.after.Frees == m.before.Frees || bytes >= most
}

// pace are the settings that decide when the collector runs.
func pace() (gogc int, limit int64) {
	values := []metrics.Sample{{Name: "/gc/gogc:percent"}, {Name: "/gc/gomemlimit:bytes"}}
	metrics.Read(values)
	gogc = -1
	if v := values[0].Value; v.Kind() == metrics.KindUint64 && v.Uint64() < 1<<31 {
		gogc = int(v.Uint64())
	}
	if v := values[1].Value; v.Kind() == metrics.KindUint64 && v.Uint64() < 1<<62 {
		limit = int64(v.Uint64())
	}
	return gogc, limit
}

// sizeBins is what was added to a histogram of object sizes.
func sizeBins(h *metrics.Float64Histogram, before []uint64) []result.SizeBin {
	bins := []result.SizeBin{}
	for i, n := range h.Counts {
		if i < len(before) && n > before[i] {
			bin := result.SizeBin{Over: int64(max(h.Buckets[i], 1)) - 1, Objects: int64(n - before[i])}
			if end := h.Buckets[i+1]; end < 1<<62 {
				bin.UpTo = int64(end) - 1
			}
			bins = append(bins, bin)
		}
	}
	return bins
}

// survivors reports what the last run left behind.
func (m *Memory) survivors() {
	m.over = true
	m.allocs.end()
	sites := []result.AllocSite{}
	for _, s := range m.allocs.report().Sites() {
		if s.Live > 0 {
			sites = append(sites, result.AllocSite{Function: s.Function, File: s.File, Line: s.Line, Bytes: s.Live, Objects: s.LiveObjects})
		}
	}
	Report(MemitSurvivors, sites)
}
