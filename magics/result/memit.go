package result

import "fmt"

// Memit is the result of %memit and %%memit. Peak, Increment, Repeat and the text
// are those of memory_profiler, the figures come from elsewhere: see Method.
type Memit struct {
	Peak      int64      `json:"peak"`      // B of resident memory, the most of all runs
	Increment int64      `json:"increment"` // B: Peak less the resident memory before the first run
	Baseline  int64      `json:"baseline"`  // B of resident memory before the first run
	Repeat    int        `json:"repeat"`    // runs asked for
	Runs      []MemitRun `json:"runs"`      // those that ended
	// Method says where Peak comes from: "VmHWM" is the high-water mark of the
	// kernel, set back before each run; "VmHWM of the process" one that can't be
	// set back; "sampled" the largest reading. A reading above the mark counts, too:
	// the system counts both late, each in its own way.
	Method    string          `json:"method"`
	GOGC      int             `json:"gogc"`                // percent; -1: off
	MemLimit  int64           `json:"mem_limit"`           // B, GOMEMLIMIT; 0: none
	Timeline  *MemoryTimeline `json:"timeline,omitempty"`  // of the run with the highest peak
	Sizes     []SizeBin       `json:"sizes,omitempty"`     // of -sizes: objects of the last run by size
	Survivors []AllocSite     `json:"survivors,omitempty"` // of -live: what one more run left behind
	Limit     *MemoryLimit    `json:"limit,omitempty"`     // of -limit: the state when it was passed
}

// MemitRun is one run of the statement. Bytes and Objects are exact counts of the
// runtime for the whole process: where the collector runs, a few of its own objects
// are among them.
type MemitRun struct {
	Baseline int64 `json:"baseline"` // B of resident memory before it
	Peak     int64 `json:"peak"`     // B of resident memory at most
	Children int64 `json:"children"` // B of -c: most resident memory of child processes seen at once
	Bytes    int64 `json:"bytes"`    // allocated
	Objects  int64 `json:"objects"`  // allocated
	Live     int64 `json:"live"`     // B of heap after it less before it, both after a collection; not below 0
	Heap     int64 `json:"heap"`     // B of heap at most, the session's included
	// HeapGrowth is Heap less the heap before the run, in B.
	HeapGrowth int64 `json:"heap_growth"`
	// HeapExact: no collection ran, so Heap is what it was at the end. Else it is
	// the largest value that was read, a lower bound.
	HeapExact bool    `json:"heap_exact"`
	GCs       int64   `json:"gcs"`     // collections during it
	Seconds   float64 `json:"seconds"` // it took, with the sampler beside it
}

// MemoryLimit is what was found when resident memory passed the limit.
type MemoryLimit struct {
	Limit   int64       `json:"limit"`   // B
	RSS     int64       `json:"rss"`     // B when it was noticed
	Time    float64     `json:"t"`       // s since the start of the run
	Sites   []AllocSite `json:"sites"`   // live heap by place, from the sampled heap profile
	Stacks  string      `json:"stacks"`  // of all goroutines
	Profile []byte      `json:"profile"` // the heap profile, gzipped profile.proto
}

// String is memory_profiler's line.
func (m Memit) String() string {
	return fmt.Sprintf("peak memory: %.02f MiB, increment: %.02f MiB", MiB(m.Peak), MiB(m.Increment))
}

// MiB converts bytes to mebibytes, 2^20 bytes.
func MiB(b int64) float64 { return float64(b) / (1 << 20) }
