package result

// MemorySample is one reading of a process's memory, or the largest values of a
// stretch of readings where there were too many to keep.
type MemorySample struct {
	Time       float64 `json:"t"`                    // s since the start of the run
	RSS        int64   `json:"rss"`                  // B in RAM, from /proc/self/statm; 0: unknown
	Heap       int64   `json:"heap"`                 // B in live and dead objects, /memory/classes/heap/objects
	Goal       int64   `json:"goal"`                 // B at which the next collection ends, /gc/heap/goal
	Live       int64   `json:"live,omitempty"`       // B that the last collection found alive, /gc/heap/live
	Stacks     int64   `json:"stacks,omitempty"`     // B of goroutine stacks, /memory/classes/heap/stacks
	Cycles     int64   `json:"gc"`                   // collections since the start of the run
	Goroutines int64   `json:"goroutines,omitempty"` // /sched/goroutines
}

// MemoryTimeline is memory over the time of a run.
type MemoryTimeline struct {
	Interval float64        `json:"interval"` // s between readings, as asked for
	Readings int            `json:"readings"` // taken; Samples holds the largest values of every Stretch of them
	Stretch  int            `json:"stretch"`
	Gap      float64        `json:"gap"` // s, the longest time without a reading
	Samples  []MemorySample `json:"samples"`
}

// AllocSite is a place in the source with what it allocated.
type AllocSite struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Bytes    int64  `json:"bytes"`
	Objects  int64  `json:"objects"`
}

// SizeBin counts the objects of one size class of the allocator.
type SizeBin struct {
	Over    int64 `json:"over"` // B: larger than this
	UpTo    int64 `json:"upto"` // B: and at most this; 0: no bound
	Objects int64 `json:"objects"`
}
