package result

import (
	"fmt"
	"strings"

	"hpgo/magics/quantity"
)

// Perf is the result of %perf stat.
type Perf struct {
	Variants []PerfVariant `json:"variants"` // the statement, or the blocks of the cell
}

// PerfVariant is what was counted of one statement. Values are of one run, means of
// Runs.
type PerfVariant struct {
	Name    string  `json:"name"`
	Runs    int     `json:"runs"`    // complete ones
	Loops   int     `json:"loops"`   // how often the statement was executed in a run
	Ops     float64 `json:"ops"`     // operations in a run, by which PerOp is divided; 0: the user said nothing of them
	Elapsed float64 `json:"elapsed"` // s by the clock
	User    float64 `json:"user"`    // s of CPU time in the program
	Sys     float64 `json:"sys"`     // s of CPU time in the kernel
	// Err is the standard error of Elapsed by Elapsed; nil: there was one run.
	Err    *float64    `json:"err"`
	Events []PerfEvent `json:"events"` // in the order in which they were asked for

	Simulated *PerfSimulated `json:"simulated"` // nil: nothing was
}

// The sources of a PerfEvent.
const (
	PerfHardware = "hw"  // the CPU's counters
	PerfSoftware = "sw"  // the kernel's
	PerfModel    = "sim" // a model of a CPU
)

// PerfEvent is the count of one event.
type PerfEvent struct {
	Event  string   `json:"event"`  // perf's name, as it was asked for; with :u where the kernel is left out
	Value  *float64 `json:"value"`  // mean of the runs; of clocks in s; nil: see Missing
	PerOp  *float64 `json:"per_op"` // Value, less what counting nothing gives, by PerfVariant.Ops; nil: unknown
	Err    *float64 `json:"err"`    // standard error of Value by Value; nil: one run, or nothing was counted
	Source string   `json:"source"` // hw, sw, sim
	From   string   `json:"from"`   // what told: "perf_event_open", "getrusage"
	Clock  bool     `json:"clock"`  // it is a time
	// Running is the CPU time in s for which it was counted; 0: it isn't told.
	Running float64 `json:"running"`
	// Share is the part of the time for which it was counted: the rest is estimated
	// by it. 1: all the time.
	Share   float64 `json:"share"`
	Missing string  `json:"missing"` // "<not supported>" or "<not counted>"; empty: there is a Value
	Why     string  `json:"why"`     // it is missing
	Metric  float64 `json:"metric"`  // what follows from it and others of its source
	Unit    string  `json:"unit"`    // Metric's, as perf writes it: "insn per cycle"; empty: there is none
}

// PerfSimulated is what a model of a CPU counted of the statement.
type PerfSimulated struct {
	Tool    string  `json:"tool"`    // "valgrind 3.19.0"
	Model   string  `json:"model"`   // the caches that it has
	Runs    int     `json:"runs"`    // complete ones
	Elapsed float64 `json:"elapsed"` // s that the simulation of one took
	// Events are of all that the program executed meanwhile, without what has it
	// simulated.
	Events []PerfEvent `json:"events"`
	// Estimate is KCachegrind's estimate of cycles: instructions, ten times the misses
	// of the first caches, a hundred times those of the last.
	Estimate  *float64   `json:"estimate"`
	Functions []PerfCost `json:"functions"` // what they executed themselves, the first run's
	Lines     []PerfCost `json:"lines"`     // of cells, in their order
}

// PerfCost is what a function or a line was counted for.
type PerfCost struct {
	Func         string  `json:"func"`
	File         string  `json:"file"` // "cell 1"; "": a package's
	Line         int     `json:"line"` // 0: of a function
	Instructions int64   `json:"instructions"`
	Share        float64 `json:"share"`     // of all instructions, of 1
	Loads        int64   `json:"loads"`     // reads of data
	Stores       int64   `json:"stores"`    // writes
	D1Misses     int64   `json:"d1_misses"` // accesses to data that the first cache didn't have
	LLMisses     int64   `json:"ll_misses"` // accesses that the last cache didn't have
	Branches     int64   `json:"branches"`  // jumps that depend on data
	Mispredicted int64   `json:"mispredicted"`
}

// Count is the value of an event of the first variant: what was counted, or else what
// was simulated, as source says; false: neither.
func (p Perf) Count(event string) (value float64, source string, ok bool) {
	if len(p.Variants) == 0 {
		return 0, "", false
	}
	return p.Variants[0].Count(event)
}

// Count is the value of an event, as that of Perf.
func (v PerfVariant) Count(event string) (value float64, source string, ok bool) {
	lists := [][]PerfEvent{v.Events}
	if v.Simulated != nil {
		lists = append(lists, v.Simulated.Events)
	}
	for _, list := range lists {
		for _, e := range list {
			if (e.Event == event || e.Event == event+":u") && e.Value != nil {
				return *e.Value, e.Source, true
			}
		}
	}
	return 0, "", false
}

// String is a line for each variant: what was counted, or simulated.
func (p Perf) String() string {
	var lines []string
	for _, v := range p.Variants {
		lines = append(lines, v.String())
	}
	return strings.Join(lines, "\n")
}

// String is the variant in a line.
func (v PerfVariant) String() string {
	var counts []string
	list := v.Events
	if v.Simulated != nil {
		list = append(list[:len(list):len(list)], v.Simulated.Events...)
	}
	for _, e := range list {
		switch {
		case e.Value == nil:
		case e.Clock:
			counts = append(counts, fmt.Sprintf("%s %s", quantity.Seconds(*e.Value, 3), e.Event))
		case e.Source == PerfModel:
			counts = append(counts, fmt.Sprintf("%s %s (simulated)", quantity.Number(*e.Value), e.Event))
		default:
			counts = append(counts, fmt.Sprintf("%s %s", quantity.Number(*e.Value), e.Event))
		}
	}
	return fmt.Sprintf("%s: %s elapsed, %s", v.Name, quantity.Seconds(v.Elapsed, 3), strings.Join(counts, ", "))
}
