// Package protocol is how `hpgo bench kernels` drives a process that has rows of a
// subject, in whatever language: words on a line in, a line of JSON out.
//
//	list               → subjects
//	open NAME SIZE     → rows, ops, bytes: the subject with the input of a size
//	check ROW          → sums, digest: one run of a row, by number, and the figures of its result
//	profile FILE       → nothing: a CPU profile of the first row, to a file
//	run ROW SECONDS    → runs, seconds: runs until that time is over, or one
//
// An answer with an error tells what went wrong; the process goes on. It ends with
// its input.
package protocol

import "hpgo/kernels"

// MostInterpreted is up to how many operations the interpreter is given a run, which
// would take it minutes from there on. Digests are for it, so larger problems have none.
const MostInterpreted = 2e7

// Answer is what a process says.
type Answer struct {
	Error    string          `json:"error,omitempty"`
	Subjects []kernels.Facts `json:"subjects,omitempty"`
	Version  string          `json:"version,omitempty"` // to open: of compiler and libraries, for the reader
	Rows     []kernels.Row   `json:"rows,omitempty"`
	Ops      float64         `json:"ops,omitempty"`   // of a run
	Bytes    float64         `json:"bytes,omitempty"` // that a run moves at least; 0: not the point
	Sums     []kernels.Sum   `json:"sums,omitempty"`
	Digest   string          `json:"digest,omitempty"` // of all that the result prints
	Runs     int             `json:"runs,omitempty"`
	Seconds  float64         `json:"seconds,omitempty"` // of all Runs together
}
