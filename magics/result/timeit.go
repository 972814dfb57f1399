package result

import (
	"fmt"

	"hpgo/magics/quantity"
)

// Timeit is the result of %timeit. The first fields, to CompileTime, and the
// methods have the names of IPython's TimeitResult.
type Timeit struct {
	Loops       int       `json:"loops"`        // operations in a run
	Repeat      int       `json:"repeat"`       // runs
	Best        float64   `json:"best"`         // s, of an operation in the fastest run
	Worst       float64   `json:"worst"`        // s, of an operation in the slowest run
	AllRuns     []float64 `json:"all_runs"`     // s, of whole runs in their order
	Average     float64   `json:"average"`      // s, mean of an operation
	Stdev       float64   `json:"stdev"`        // s, of the runs' means, divided by their number
	CompileTime float64   `json:"compile_time"` // s, from source to object

	Clock       string    `json:"clock"`         // wall, or cpu: all threads of the process
	Median      float64   `json:"median"`        // s, of an operation
	CI          *Interval `json:"ci"`            // s, of the median; nil: there are too few runs
	BytesPerOp  float64   `json:"bytes_per_op"`  // B allocated, median of the runs
	AllocsPerOp float64   `json:"allocs_per_op"` // objects allocated, median of the runs
	GCs         int       `json:"gcs"`           // cycles of the collector in all runs
	GCShare     float64   `json:"gc_share"`      // its share of the CPU time that all processors had meanwhile
	GCOff       bool      `json:"gc_off"`        // it was off
	Loop        float64   `json:"loop"`          // s, an empty operation of the loop, contained in all times; 0: not measured
	Cold        *float64  `json:"cold"`          // s, the very first operation; nil: not asked for
	Outliers    []int     `json:"outliers"`      // indexes of runs outside of Tukey's fences
	Drift       *float64  `json:"drift"`         // Spearman's ρ of the runs' order and times; nil: too few runs
	Singly      *Latency  `json:"singly"`        // of operations timed one by one; nil: they weren't
	Digits      int       `json:"precision"`     // significant digits of the text
}

// Interval is a confidence interval.
type Interval struct {
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	Confidence float64 `json:"confidence"` // what it really has, of 1
}

// Latency is the distribution of operations that were timed one by one.
type Latency struct {
	N      int       `json:"n"`
	P50    float64   `json:"p50"` // s, and so are the others
	P90    float64   `json:"p90"`
	P99    float64   `json:"p99"`
	Min    float64   `json:"min"`
	Max    float64   `json:"max"`
	Clock  float64   `json:"clock"`  // what reading the clock took, which each time contains
	Sample []float64 `json:"sample"` // ascending, evenly thinned to a thousand with the extremes kept
}

// Timings are the times of an operation in each run, in seconds.
func (t Timeit) Timings() []float64 {
	out := make([]float64, len(t.AllRuns))
	for i, total := range t.AllRuns {
		out[i] = total / float64(t.Loops)
	}
	return out
}

// String is the line that IPython prints.
func (t Timeit) String() string {
	return t.Figure() + " " + t.Label()
}

// Figure is the first half of the line: mean and standard deviation.
func (t Timeit) Figure() string {
	return quantity.Seconds(t.Average, t.digits()) + " ± " + quantity.Seconds(t.Stdev, t.digits())
}

// Label is the second half of the line, which says what the figures are.
func (t Timeit) Label() string {
	return fmt.Sprintf("per loop (mean ± std. dev. of %s, %s each)", quantity.Counted(t.Repeat, "run"), quantity.Counted(t.Loops, "loop"))
}

// MIMEBundle shows the result as IPython does.
func (t Timeit) MIMEBundle() map[string]any {
	return map[string]any{"text/plain": "<TimeitResult : " + t.String() + ">"}
}

func (t Timeit) digits() int {
	if t.Digits == 0 {
		return 3
	}
	return t.Digits
}
