package result

import "fmt"

// Mprun is the result of %mprun: what each line of functions allocated.
type Mprun struct {
	Functions []MprunFunction `json:"functions"`
	Bytes     int64           `json:"bytes"`   // all that the statement allocated, without the collector's own
	Objects   int64           `json:"objects"` //
	Live      int64           `json:"live"`    // B of these still in use after a collection
	Method    string          `json:"method"`
	RSS       int64           `json:"rss"` // B of resident memory at most, with the profile's own
}

// MprunFunction is one function with its lines.
type MprunFunction struct {
	Name    string      `json:"name"`
	File    string      `json:"file"` // "cell 3" or a path
	Line    int         `json:"line"` // of its declaration
	Lines   []MprunLine `json:"lines"`
	Bytes   int64       `json:"bytes"` // sums of its lines; a record below several lines counts once
	Objects int64       `json:"objects"`
	Live    int64       `json:"live"`
}

// MprunLine is one line. What functions that it calls allocate counts as its own.
type MprunLine struct {
	Line    int    `json:"line"`
	Text    string `json:"text"`
	Bytes   int64  `json:"bytes"`
	Objects int64  `json:"objects"`
	Live    int64  `json:"live"`           // B of them still in use after a collection
	LiveMax bool   `json:"live_max"`       // Live is an upper bound
	Hits    *int64 `json:"hits,omitempty"` // how often it ran; nil: not counted
	RSS     int64  `json:"rss,omitempty"`  // B of resident memory at most seen while it ran; 0: not seen
	Stack   bool   `json:"stack"`          // all values it makes stay on the stack
	Why     string `json:"why,omitempty"`  // the compiler's reason for the heap
}

// String gives the totals.
func (m Mprun) String() string {
	return fmt.Sprintf("%d B allocated in %d objects, %d B live after", m.Bytes, m.Objects, m.Live)
}
