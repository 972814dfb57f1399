package result

import (
	"fmt"
	"strconv"
	"strings"

	"hpgo/magics/quantity"
)

// Prun is the result of %prun: functions with their calls and what they took, for
// one run of the statement.
type Prun struct {
	Kind  string `json:"kind"`  // cpu, wall, mem, block, mutex, goroutine, leak
	Value string `json:"value"` // what Self and Total are: "cpu", "alloc_space", "delay"
	Unit  string `json:"unit"`  // theirs: "s", "B", "" for counts

	Calls     *int64  `json:"calls"`     // of functions, in one run; nil: not counted
	Primitive *int64  `json:"primitive"` // those that were not made by the function itself; nil: not counted
	Total     float64 `json:"total"`     // of all functions, in Unit, for one run
	Elapsed   float64 `json:"elapsed"`   // s, wall time of one run of the plain build, without sampling where there were such

	Runs    int       `json:"runs"`     // complete runs that were sampled
	Samples int64     `json:"samples"`  // with stacks of the measured code; of kinds that are counted: events
	Rate    float64   `json:"rate"`     // Hz, samples per second as achieved; 0: counted, not sampled
	Source  string    `json:"source"`   // where the samples come from: "perf cpu-clock", "SIGPROF", "goroutines", or the runtime's profile
	Lost    int64     `json:"lost"`     // samples that the system had no room for
	Order   string    `json:"order"`    // by which the functions are sorted: "internal time"
	Rows    []PrunRow `json:"rows"`     // functions, in that order
	HasBase bool      `json:"has_base"` // compared with another profile

	Sampling // what sampling cost
}

// PrunRow is one function of a Prun. Self and Total are in the result's Unit.
type PrunRow struct {
	Name      string   `json:"name"`      // "f", "math.Hypot", "cell 3" for the statements of a cell
	File      string   `json:"file"`      // "cell 1", or a path
	Line      int      `json:"line"`      // where it begins, or the first that was seen where that is unknown; 0: none
	Calls     *int64   `json:"calls"`     // in one run; nil: not counted
	Primitive *int64   `json:"primitive"` // calls that it didn't make itself, directly or through others
	Self      float64  `json:"self"`      // in the function itself: tottime, flat
	Total     float64  `json:"total"`     // with all that it calls: cumtime, cum
	Share     float64  `json:"share"`     // Self of the sum, of 1
	Err       float64  `json:"err"`       // standard error of Share, sqrt(p(1-p)/N) for N samples; 0: counted
	Inlined   string   `json:"inlined"`   // "": code of its own, "inline": part of its callers' code, "partial": both
	Alloc     *float64 `json:"alloc"`     // B that it allocated itself in one run; nil: not measured
	Base      *float64 `json:"base"`      // Self in the base; nil: there is no base
}

// PerCall is Self by calls; false: they weren't counted.
func (r PrunRow) PerCall() (float64, bool) {
	if r.Calls == nil || *r.Calls == 0 {
		return 0, false
	}
	return r.Self / float64(*r.Calls), true
}

// PerPrimitive is Total by primitive calls; false: they weren't counted.
func (r PrunRow) PerPrimitive() (float64, bool) {
	if r.Primitive == nil || *r.Primitive == 0 {
		return 0, false
	}
	return r.Total / float64(*r.Primitive), true
}

// Ncalls writes the calls as cProfile does: "177/1" where a function called itself.
func (r PrunRow) Ncalls() string {
	switch {
	case r.Calls == nil:
		return ""
	case r.Primitive != nil && *r.Primitive != *r.Calls:
		return fmt.Sprintf("%d/%d", *r.Calls, *r.Primitive)
	}
	return fmt.Sprint(*r.Calls)
}

// Place is cProfile's last column: file:line(function).
func (r PrunRow) Place() string {
	place := r.Name // as cProfile shows what has no file, {in braces}
	switch {
	case r.File == "" || r.Name == "("+r.File+")": // a library that doesn't tell which of its functions it is
	case r.Line == 0:
		place = fmt.Sprintf("%s(%s)", r.ShortFile(), r.Name)
	default:
		place = fmt.Sprintf("%s:%d(%s)", r.ShortFile(), r.Line, r.Name)
	}
	switch r.Inlined {
	case "inline":
		place += " (inline)"
	case "partial":
		place += " (partly inline)"
	}
	return place
}

// ShortFile is the file without its directories, as cProfile writes it.
func (r PrunRow) ShortFile() string {
	if i := strings.LastIndexByte(r.File, '/'); i >= 0 {
		return r.File[i+1:]
	}
	return r.File
}

// Amount writes a value of the result's unit.
func (p Prun) Amount(v float64) string {
	switch p.Unit {
	case "s":
		return quantity.Seconds(v, 3)
	case "B":
		return quantity.Bytes(v)
	}
	return quantity.Number(v)
}

// Heads are the headings of Self and Total.
func (p Prun) Heads() (self, total string) {
	switch p.Unit {
	case "s":
		return "tottime", "cumtime"
	case "B":
		return "totbytes", "cumbytes"
	}
	return "count", "cumcount"
}

// String is cProfile's first line. Its seconds are what the functions add up to: CPU
// time where that was sampled, whatever the clock said.
func (p Prun) String() string {
	end, seconds := "", p.Elapsed
	if p.Kind == "cpu" && p.Total > 0 {
		seconds = p.Total
	}
	if seconds > 0 {
		end = " in " + strconv.FormatFloat(quantity.Round(seconds, 3), 'f', -1, 64) + " seconds"
	}
	switch {
	case p.Unit == "":
		return quantity.Counted(int64(p.Total), p.Value)
	case p.Calls == nil && p.Kind != "cpu" && p.Kind != "wall":
		return p.Amount(p.Total) + " " + p.Value + end
	case p.Calls == nil:
		return "function calls not counted" + end
	case p.Primitive != nil && *p.Primitive != *p.Calls:
		return fmt.Sprintf("%d function calls (%d primitive calls)", *p.Calls, *p.Primitive) + end
	}
	return fmt.Sprintf("%d function calls", *p.Calls) + end
}
