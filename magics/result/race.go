package result

import "fmt"

// Race is the result of %race: the data races that the race detector saw, each once.
type Race struct {
	Races []DataRace `json:"races"` // those seen most first
	Seen  int        `json:"seen"`  // reports of the detector
	// Exit is the status with which go run -race would end: 66 after a race, else 0.
	Exit    int     `json:"exit"`
	Seconds float64 `json:"seconds"` // run time; 0: not known
}

// DataRace is two accesses to the same memory, at least one of them a write, with
// nothing that orders them.
type DataRace struct {
	Seen     int        `json:"seen"` // reports with the same two places
	Access   RaceAccess `json:"access"`
	Previous RaceAccess `json:"previous"`
}

// RaceAccess is one of the accesses of a race.
type RaceAccess struct {
	Op        string       `json:"op"`        // "read", "write", "atomic write"
	Goroutine string       `json:"goroutine"` // "goroutine 8", "main goroutine"
	At        TracePlace   `json:"at"`        // the innermost line of a cell, or of a package
	Line      string       `json:"line,omitempty"`
	Frames    []TracePlace `json:"frames"`            // innermost first
	Started   TracePlace   `json:"started,omitempty"` // the go statement of its goroutine
}

// String says how many there are.
func (r Race) String() string {
	switch len(r.Races) {
	case 0:
		return "no data race was seen"
	case 1:
		if r.Seen > 1 {
			return fmt.Sprintf("1 data race, seen %d times", r.Seen)
		}
		return "1 data race"
	}
	return fmt.Sprintf("%d data races, seen %d times", len(r.Races), r.Seen)
}
