package result

import (
	"fmt"

	"hpgo/magics/quantity"
)

// Waiting is the result of %block and %mutex: where goroutines waited for each other,
// or made each other wait, every time counted by the runtime.
type Waiting struct {
	Kind    string     `json:"kind"`    // "block": at the line that waits; "mutex": at the Unlock that ends it
	Count   int64      `json:"count"`   // waits that ended
	Seconds float64    `json:"seconds"` // of all of them, which may overlap
	Elapsed float64    `json:"elapsed"` // s that the statement took
	Lines   []WaitLine `json:"lines"`   // those with most time first
	// Functions have the time of all that they call, the largest first.
	Functions []WaitLine `json:"functions"`
}

// WaitLine is the waiting at one line, or in one function.
type WaitLine struct {
	TracePlace
	Call    string  `json:"call,omitempty"` // that waited, or ended the wait: "sync.(*Mutex).Lock"
	Count   int64   `json:"count"`
	Seconds float64 `json:"seconds"`
}

// String is the sum.
func (w Waiting) String() string {
	locks := ""
	if w.Kind == "mutex" {
		locks = " for locks"
	}
	return fmt.Sprintf("goroutines waited %s%s, %s, in a statement of %s", quantity.Seconds(w.Seconds, 3), locks, quantity.Counted(w.Count, "time"), quantity.Seconds(w.Elapsed, 3))
}
