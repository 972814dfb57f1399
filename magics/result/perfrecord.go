package result

import (
	"fmt"

	"hpgo/magics/quantity"
)

// PerfRecord is the result of %perf record: where samples fell.
type PerfRecord struct {
	Source  string  `json:"source"`  // what the samples are by: "perf cpu-clock", "perf cycles", "SIGPROF"
	Rate    float64 `json:"rate"`    // Hz of CPU time, as achieved
	Samples int64   `json:"samples"` // of the measured code
	Lost    int64   `json:"lost"`    // that the system had no room for
	Runs    int     `json:"runs"`    // complete ones that were sampled
	Elapsed float64 `json:"elapsed"` // s, wall time of one run
	// The most frequent first. A spot's samples are those in which its own code ran.
	Functions    []PerfSpot `json:"functions"`
	Lines        []PerfSpot `json:"lines"`
	Instructions []PerfSpot `json:"instructions"`

	Sampling // what sampling cost
}

// PerfSpot is a function, a line or an instruction with its samples.
type PerfSpot struct {
	Func    string  `json:"func"`
	File    string  `json:"file"`   // "cell 1", or a path
	Line    int     `json:"line"`   // 0: of a function
	Offset  int     `json:"offset"` // of an instruction in its function's code; else 0
	Text    string  `json:"text"`   // the line, or the instruction; "" where it isn't known
	Samples int64   `json:"samples"`
	Share   float64 `json:"share"` // of all samples, of 1
	Err     float64 `json:"err"`   // standard error of Share, sqrt(p(1-p)/N) for N samples
}

// String says what was sampled.
func (r PerfRecord) String() string {
	runs := "runs"
	if r.Runs == 1 {
		runs = "run"
	}
	return fmt.Sprintf("%s samples of %s, %.0f in a second of CPU time, in %s %s", quantity.Count(r.Samples), r.Source, r.Rate, quantity.Count(r.Runs), runs)
}

// PerfAnnotate is the result of %perf annotate: the source of functions with samples
// and the machine code.
type PerfAnnotate struct {
	Record    PerfRecord          `json:"record"`
	Functions []PerfAnnotated     `json:"functions"`
	Simulated *PerfSimulatedModel `json:"simulated"` // nil: nothing was
}

// String says what was sampled, and where most of it fell.
func (r PerfAnnotate) String() string {
	text := r.Record.String()
	for _, f := range r.Functions {
		text += fmt.Sprintf("; %s in %s", quantity.Percent(f.Share), f.Name)
	}
	return text
}

// PerfSimulatedModel says what simulated the counts of lines.
type PerfSimulatedModel struct {
	Tool  string `json:"tool"`
	Model string `json:"model"`
}

// PerfAnnotated is the source of a function.
type PerfAnnotated struct {
	Name    string              `json:"name"`
	File    string              `json:"file"`
	First   int                 `json:"first"`   // number of the first line
	Samples int64               `json:"samples"` // of its lines
	Share   float64             `json:"share"`   // of all samples, of 1
	Lines   []PerfAnnotatedLine `json:"lines"`
}

// PerfAnnotatedLine is a line with its samples, and the code that was made of it.
type PerfAnnotatedLine struct {
	Line         int               `json:"line"`
	Text         string            `json:"text"`
	Samples      int64             `json:"samples"`
	Share        float64           `json:"share"`        // of all samples, of 1
	Instructions []PerfInstruction `json:"instructions"` // by function and address
	Cost         *PerfCost         `json:"cost"`         // simulated; nil: nothing was of this line
}

// PerfInstruction is a machine instruction with its samples.
type PerfInstruction struct {
	Func    string  `json:"func"` // that has the code: another one where the line was inlined
	Offset  int     `json:"offset"`
	Text    string  `json:"text"`
	Samples int64   `json:"samples"`
	Share   float64 `json:"share"` // of all samples, of 1
}
