package result

import (
	"fmt"

	"hpgo/magics/quantity"
)

// Mprof is the result of %mprof: memory over the time of one run, with regions.
type Mprof struct {
	MemoryTimeline
	Peak     int64          `json:"peak"`     // B of resident memory at most, from Method
	Method   string         `json:"method"`   // "VmHWM", or "sampled" where that can't be had
	Baseline int64          `json:"baseline"` // B of resident memory at the start
	Bytes    int64          `json:"bytes"`    // allocated
	Objects  int64          `json:"objects"`  // allocated
	GCs      []float64      `json:"gcs"`      // s when a collection was noticed
	Cycles   int64          `json:"cycles"`   // collections
	Seconds  float64        `json:"seconds"`  // of the run
	Start    float64        `json:"start"`    // s since 1970 of the start
	Regions  []MemoryRegion `json:"regions"`  // in the order of their begin
	// LostRegions counts those after the first 2000.
	LostRegions int   `json:"lost_regions,omitempty"`
	GOGC        int   `json:"gogc"`
	MemLimit    int64 `json:"mem_limit"`
}

// MemoryRegion is a part of the run: prof.Region, prof.Start or -f.
type MemoryRegion struct {
	Name      string  `json:"name"`
	From      float64 `json:"from"`     // s since the start of the run
	To        float64 `json:"to"`       // s
	RSSFrom   int64   `json:"rss_from"` // B of resident memory at From and at To
	RSSTo     int64   `json:"rss_to"`
	Depth     int     `json:"depth"` // 0 for the outermost one of its goroutine
	Goroutine uint64  `json:"goroutine"`
	Open      bool    `json:"open,omitempty"` // it had not ended when the run did
}

// String is a line about the whole run.
func (m Mprof) String() string {
	return fmt.Sprintf("peak memory: %.02f MiB, increment: %.02f MiB in %s", MiB(m.Peak), MiB(m.Peak-m.Baseline), quantity.Seconds(m.Seconds, 3))
}
