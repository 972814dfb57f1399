package result

import (
	"fmt"

	"hpgo/magics/quantity"
)

// Time is the result of %time: what one run of some Go took.
type Time struct {
	User  float64 `json:"user"`  // s, CPU time of all threads in user mode
	Sys   float64 `json:"sys"`   // s, and in the system's
	Wall  float64 `json:"wall"`  // s, monotonic, without build and load
	Build float64 `json:"build"` // s, from source to object
	Load  float64 `json:"load"`  // s, to bring the object into the process
	// Usage is nil where the process had no chance to tell: it ended, or was left
	// behind by an interrupt while it waited.
	Usage *TimeUsage `json:"usage"`
}

// TimeUsage is what the process spent meanwhile, by its own account.
type TimeUsage struct {
	Allocs      int64   `json:"allocs"`      // objects allocated
	Bytes       int64   `json:"bytes"`       // B allocated
	GCs         int     `json:"gcs"`         // cycles of the collector
	Pause       float64 `json:"pause"`       // s in which the world stood still for it
	Collector   float64 `json:"collector"`   // s of CPU time of the collector, to the end of its last cycle
	Peak        int64   `json:"peak"`        // B, largest resident memory; 0: unknown
	PeakOfAll   bool    `json:"peak_of_all"` // Peak is that of the process's life
	MajorFaults int64   `json:"major_faults"`
	MinorFaults int64   `json:"minor_faults"`
	Voluntary   int64   `json:"voluntary_switches"`
	Involuntary int64   `json:"involuntary_switches"`
	Inputs      int64   `json:"inputs"`  // blocks of 512 B read from file systems
	Outputs     int64   `json:"outputs"` // and written
}

// String is the two lines that IPython prints.
func (t Time) String() string {
	return fmt.Sprintf("CPU times: user %s, sys: %s, total: %s\nWall time: %s",
		quantity.Seconds(t.User, 3), quantity.Seconds(t.Sys, 3), quantity.Seconds(t.User+t.Sys, 3), quantity.Seconds(t.Wall, 3))
}

// MIMEBundle shows the result as its text.
func (t Time) MIMEBundle() map[string]any { return map[string]any{"text/plain": t.String()} }
