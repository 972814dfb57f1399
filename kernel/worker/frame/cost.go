package frame

import "time"

// Cost is what the process spent while a cell's entry function ran. Counters are
// those of the whole process: its goroutines and the collector count.
type Cost struct {
	User time.Duration `json:"user"` // CPU time of all threads, by getrusage(2)
	Sys  time.Duration `json:"sys"`

	Allocs    uint64        `json:"allocs"` // objects allocated
	Bytes     uint64        `json:"bytes"`
	GCs       uint32        `json:"gcs"`       // cycles of the collector
	Pause     time.Duration `json:"pause"`     // in which the world stood still for it
	Collector time.Duration `json:"collector"` // its CPU time, to the end of the last cycle

	// Peak is the largest resident memory meanwhile, by VmHWM, which is set back
	// before; PeakOfAll says that it couldn't be, so that Peak is that of the
	// process's life. 0: unknown.
	Peak      int64 `json:"peak"`
	PeakOfAll bool  `json:"peakOfAll"`

	// What getrusage(2) counts besides.
	MajorFaults int64 `json:"majorFaults"`
	MinorFaults int64 `json:"minorFaults"`
	Voluntary   int64 `json:"voluntary"`   // context switches, by waiting
	Involuntary int64 `json:"involuntary"` // and by being preempted
	Inputs      int64 `json:"inputs"`      // blocks read from file systems
	Outputs     int64 `json:"outputs"`
}

// Add adds another cost.
func (c *Cost) Add(o Cost) {
	c.User, c.Sys = c.User+o.User, c.Sys+o.Sys
	c.Allocs, c.Bytes, c.GCs = c.Allocs+o.Allocs, c.Bytes+o.Bytes, c.GCs+o.GCs
	c.Pause, c.Collector = c.Pause+o.Pause, c.Collector+o.Collector
	c.Peak, c.PeakOfAll = max(c.Peak, o.Peak), c.PeakOfAll || o.PeakOfAll
	c.MajorFaults, c.MinorFaults = c.MajorFaults+o.MajorFaults, c.MinorFaults+o.MinorFaults
	c.Voluntary, c.Involuntary = c.Voluntary+o.Voluntary, c.Involuntary+o.Involuntary
	c.Inputs, c.Outputs = c.Inputs+o.Inputs, c.Outputs+o.Outputs
}
