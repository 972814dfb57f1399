package result

import (
	"fmt"

	"hpgo/magics/quantity"
)

// CPUPlot is the result of %cpuplot: how many cores a statement used over time, and how
// busy the machine's cores were.
type CPUPlot struct {
	Seconds    float64 `json:"seconds"` // of the statement
	CPU        float64 `json:"cpu"`     // s, CPU time of the process meanwhile
	GOMAXPROCS int     `json:"gomaxprocs"`
	Cores      int     `json:"cores"`  // of the machine
	Others     float64 `json:"others"` // cores that other processes used, on average
	Stolen     float64 `json:"stolen"` // cores' time that the hypervisor gave to others, on average
	// Own is the share of each core's time that the process had: a thread's time counts
	// for the core on which it was seen last, every 20 ms.
	Own     []float64   `json:"own"`
	Samples []CPUSample `json:"samples"`
}

// CPUSample is a stretch of time.
type CPUSample struct {
	To      float64   `json:"to"`      // s from the beginning of the statement to its end
	Process float64   `json:"process"` // cores that the process used, on average
	Own     []float64 `json:"own"`     // share of each core's time that the process had
	Busy    []float64 `json:"busy"`    // share of each core's time in which it was busy, with all programs
}

// Used is how many cores the process used on average.
func (c CPUPlot) Used() float64 {
	if c.Seconds > 0 {
		return c.CPU / c.Seconds
	}
	return 0
}

// String says how many cores were used.
func (c CPUPlot) String() string {
	return fmt.Sprintf("used %s of %d cores on average: %s of CPU time in %s", quantity.Number(quantity.Round(c.Used(), 3)), c.Cores, quantity.Seconds(c.CPU, 3), quantity.Seconds(c.Seconds, 3))
}
