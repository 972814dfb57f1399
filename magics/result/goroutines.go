package result

import "fmt"

// Goroutines is the result of %goroutines: those of the program, in groups of equal
// stacks. With a statement they are the ones that it started and left.
type Goroutines struct {
	Count   int              `json:"count"`   // in the groups
	System  int              `json:"system"`  // others, of the runtime and of what runs cells
	Left    bool             `json:"left"`    // the groups were started by the statement
	Proven  bool             `json:"proven"`  // the collector found out which can never go on
	Leaked  int              `json:"leaked"`  // that can never go on: proven, or waiting for what can't come
	Groups  []GoroutineGroup `json:"groups"`  // the largest first
	Seconds float64          `json:"seconds"` // that the statement took; 0 without one
}

// GoroutineGroup is goroutines with one stack in one state.
type GoroutineGroup struct {
	Count   int          `json:"count"`
	State   string       `json:"state"`             // the runtime's word: "chan receive"
	Minutes int          `json:"minutes,omitempty"` // for which the first has waited; the runtime tells no less than 1
	Verdict string       `json:"verdict"`           // "leaked", "waits for ever", "may wait for ever", "goes on"
	At      TracePlace   `json:"at"`                // the innermost line of a cell, or of a package
	Frames  []TracePlace `json:"frames"`            // innermost first
	Started TracePlace   `json:"started"`           // where the go statement stands
	IDs     []uint64     `json:"ids"`               // at most 10
}

// String says how many there are.
func (g Goroutines) String() string {
	s := "s"
	if g.Count == 1 {
		s = ""
	}
	if !g.Left {
		return fmt.Sprintf("%d goroutine%s of the session", g.Count, s)
	}
	if g.Count == 0 {
		return "no goroutine was left behind"
	}
	text := fmt.Sprintf("%d goroutine%s left behind", g.Count, s)
	if g.Leaked > 0 {
		text += fmt.Sprintf(", of which %d can never go on", g.Leaked)
	}
	return text
}
