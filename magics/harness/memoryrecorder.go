package harness

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"hpgo/kernel/display"
	"hpgo/magics/prof"
	"hpgo/magics/result"
)

// Kinds of records of %mprof.
const (
	MprofRecord = "mprof"      // a result.Mprof
	MprofPart   = "mprof.part" // a MprofBatch
	mostRegions = 2000         // that are kept
)

// MprofBatch is what was read since the one before, half a second at most, for the case that the process
// ends before the run does.
type MprofBatch struct {
	Baseline int64                 `json:"baseline"`
	Start    float64               `json:"start"`
	Samples  []result.MemorySample `json:"samples"` // the largest of Stretch readings each
	Stretch  int                   `json:"stretch"`
	Regions  []result.MemoryRegion `json:"regions"` // all so far
}

// MprofParams are the parameters of NewRecorder.
type MprofParams struct {
	Interval float64 `json:"interval"` // s between readings
}

// Recorder records memory over the time of code between Start and End, with the
// regions of package prof. A cell that ends in between, by a panic or an interrupt,
// calls End.
type Recorder struct {
	params   MprofParams
	sampler  *memorySampler
	proc     *processMemory // for regions, under mu
	watching func()
	refused  error
	baseline int64
	before   runtime.MemStats
	ended    atomic.Bool
	forget   func() // undoes AtCellEnd

	mu      sync.Mutex // regions come from all goroutines
	regions []result.MemoryRegion
	index   map[uint64]int // by the region's number
	lost    int
}

// NewRecorder makes a recorder with the parameters of a MprofParams.
func NewRecorder(params string) *Recorder {
	r := &Recorder{index: map[uint64]int{}}
	readParams(params, &r.params)
	r.sampler = newMemorySampler(intervalOf(r.params.Interval))
	r.proc, _ = openProcessMemory() // the sampler has the same trouble
	r.sampler.batch = r.part
	return r
}

// Start begins, with free memory given back to the system as Memory does it.
func (r *Recorder) Start() {
	r.sampler.clean()
	r.refused = resetPeak()
	r.baseline = r.sampler.proc.rss()
	if mark, err := peakMemory(); err == nil && r.refused == nil {
		r.baseline = mark
	}
	r.sampler.start()
	r.watching = prof.Watch(r.hear)
	r.forget = display.AtCellEnd(r.End)
	runtime.ReadMemStats(&r.before) // last, so that the recorder's own objects don't count
}

// hear notes a region's begin or end.
func (r *Recorder) hear(e prof.Event) {
	at := e.Time.Sub(r.sampler.begin).Seconds()
	r.mu.Lock()
	defer r.mu.Unlock()
	rss := r.proc.rss()
	i, known := r.index[e.ID]
	switch {
	case e.End && known:
		region := &r.regions[i]
		region.To, region.RSSTo, region.Open = at, rss, false
		delete(r.index, e.ID)
	case e.End:
	case len(r.regions) == mostRegions:
		r.lost++
	default:
		r.index[e.ID] = len(r.regions)
		r.regions = append(r.regions, result.MemoryRegion{Name: e.Name, From: max(0, at), RSSFrom: rss, Depth: e.Depth, Goroutine: e.Goroutine, Open: true})
	}
}

// part reports the coarse samples of the last second.
func (r *Recorder) part(samples []result.MemorySample) {
	r.mu.Lock()
	regions := r.closed(time.Since(r.sampler.begin).Seconds(), 0)
	r.mu.Unlock()
	Report(MprofPart, MprofBatch{Baseline: r.baseline, Start: unix(r.sampler.begin), Samples: samples, Stretch: max(1, int(coarseStretch/r.sampler.interval)), Regions: regions})
}

// closed is a copy of the regions in which those that run end now.
func (r *Recorder) closed(now float64, rss int64) []result.MemoryRegion {
	out := append([]result.MemoryRegion{}, r.regions...)
	for i := range out {
		if out[i].Open {
			out[i].To, out[i].RSSTo = now, rss
		}
	}
	return out
}

// End ends and reports.
func (r *Recorder) End() {
	if !r.ended.Swap(true) {
		r.forget()
		Report(MprofRecord, r.finish())
	}
}

// finish ends the recording.
func (r *Recorder) finish() result.Mprof {
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	r.watching()
	r.sampler.finish()
	took := r.sampler.last.Sub(r.sampler.begin)
	peak, method := r.sampler.mostRSS(), "sampled"
	if mark, err := peakMemory(); err == nil && r.refused == nil {
		peak, method = max(mark, peak), "VmHWM"
	}
	out := result.Mprof{MemoryTimeline: *r.sampler.timeline(), Peak: peak, Method: method, Baseline: r.baseline,
		Bytes: int64(after.TotalAlloc - r.before.TotalAlloc), Objects: int64(after.Mallocs - r.before.Mallocs), Cycles: int64(after.NumGC - r.before.NumGC),
		GCs: append([]float64{}, r.sampler.gcs...), Seconds: took.Seconds(), Start: unix(r.sampler.begin)}
	r.mu.Lock()
	last := out.Samples[len(out.Samples)-1]
	out.Regions, out.LostRegions = r.closed(took.Seconds(), last.RSS), r.lost
	r.mu.Unlock()
	out.GOGC, out.MemLimit = pace()
	r.sampler.close()
	r.proc.close()
	return out
}

func unix(t time.Time) float64 { return float64(t.UnixNano()) / 1e9 }
