package counters

// The kinds of records: one Event list, then each run when it has ended.
const (
	RecordEvents = "counter events"
	RecordRun    = "counted run"
	RecordEnd    = "counted"
)

// Events says what is counted and how.
type Events struct {
	Events []Event `json:"events"`
	// Empty is what a run without any code counts: what the counting itself costs,
	// which every run contains.
	Empty Run `json:"empty"`
}

// Event is what is counted.
type Event struct {
	Name   string `json:"name"`           // as it was asked for; with :u where the kernel is left out without being asked
	Source string `json:"source"`         // HW or SW
	Unit   string `json:"unit,omitempty"` // "ns" of a clock
	// From is where the count comes from: perf_event_open, or what tells it where
	// that is refused.
	From string `json:"from,omitempty"`
	// Refused is why there is no count; empty: there is one.
	Refused string `json:"refused,omitempty"`
	// Parts are the kinds of cores whose counters are added up; empty: all are alike.
	Parts []string `json:"parts,omitempty"`
}

// Run is one run of the measured code.
type Run struct {
	Number  int     `json:"number"`           // from 1; the last record of a number counts
	Elapsed float64 `json:"elapsed"`          // s by the clock
	User    float64 `json:"user"`             // s of CPU time in the program
	Sys     float64 `json:"sys"`              // s of CPU time in the kernel
	Values  []Value `json:"values"`           // one for each event
	Broken  bool    `json:"broken,omitempty"` // it hasn't come to its end, or the code was left by a panic or an interrupt
}

// Value is the count of an event in a run.
type Value struct {
	// Count is what was counted; where Running is less than Enabled, that times
	// Enabled/Running.
	Count   float64 `json:"count"`
	Enabled float64 `json:"enabled,omitempty"` // s for which threads could be counted, all together
	Running float64 `json:"running,omitempty"` // s for which they were
	None    bool    `json:"none,omitempty"`    // nothing was counted: the counters were others' all the time
}

// Share is the part of the time for which the event was counted; 1 for all.
func (v Value) Share() float64 {
	if v.Enabled <= 0 || v.Running >= v.Enabled {
		return 1
	}
	return v.Running / v.Enabled
}

// End says how the runs ended.
type End struct {
	Finished bool `json:"finished"`       // by no panic and no interrupt
	Late     bool `json:"late,omitempty"` // the budget ended them
}
