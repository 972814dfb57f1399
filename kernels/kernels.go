package kernels

import (
	"fmt"
	"runtime"
)

// Subject is one problem and the ways to compute it.
type Subject[In, Out any] struct {
	Name string // of the folder, as julia
	Doc  string // one line, for tables
	Unit string // what Ops counts, in the singular: iteration, cell, element

	// Make returns the input of a size; the same for every call. The error names a
	// size that can't be.
	Make func(size int) (In, error)
	// Valid tells what is wrong with an input, as lengths that don't match. Nil:
	// every value of In is an input.
	Valid func(In) error
	// Reset puts back what a run wrote into its input. Nil: runs write nothing there.
	Reset func(In)

	// Ops is how many operations a run has to do, whatever the way it does it.
	Ops func(In) float64
	// Bytes is how many bytes a run has to move between memory and CPU at least.
	// Nil: that isn't the point of the subject.
	Bytes func(In) float64
	// Interpreted is up to how many operations the interpreter is given the reference,
	// where they are so long that a run of the usual number would take minutes. 0: the
	// usual number (protocol.MostInterpreted).
	Interpreted float64

	// Differs tells in one line where a result isn't the reference's; "" where it is.
	Differs func(in In, want, got Out) string
	// Sums are the few figures that stand for a result. Peers in other languages
	// print theirs, and are checked by them.
	Sums func(Out) []Sum

	Sizes    Sizes
	Variants []Variant[In, Out] // the first is the reference
	Targets  []Target
}

// Target is what the fastest row in Go is held against by `hpgo bench kernels`.
type Target struct {
	By   string  `json:"by"`   // whose row: Go, Python, C
	Row  string  `json:"row"`  // its name, or the beginning of several, of which the fastest counts
	Most float64 `json:"most"` // Go's time of a run, divided by that row's
}

// Sizes are what Make is given.
type Sizes struct {
	Smoke int `json:"smoke"` // a run of the reference takes some ms
	Small int `json:"small"` // a run takes at most about a second
	Book  int `json:"book"`  // the source's own
}

// Variant is one way to compute a subject's result: a row of its table.
type Variant[In, Out any] struct {
	Name  string
	Doc   string // what it changes against the reference, in one line
	Needs []Need // what must be there for it to be itself; else Func falls back
	Func  func(In) Out
	// Yardstick: the row measures what the machine can do, as a copy of as many
	// bytes. It is nobody's way to the result, and its own isn't compared.
	Yardstick bool
	// Largest is the greatest size that the row bears: beyond it, it would take too much
	// time or memory, as one that holds everything at once. 0: it bears them all.
	Largest int
	// Differs takes the place of the subject's for a row whose result isn't the
	// reference's by nature, as with numbers of fewer bits. Nil: the subject's.
	Differs func(in In, want, got Out) string
}

// Missing tells what the row needs and doesn't find; "" if it is there.
func (v Variant[In, Out]) Missing() string { return missing(v.Needs) }

// Sum is one figure of a result.
type Sum struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	// Tolerance is the largest relative difference that reordered rounding may
	// cause; 0: the figure is exact.
	Tolerance float64 `json:"tolerance,omitempty"`
}

// Find returns a row by its name.
func (s *Subject[In, Out]) Find(name string) (Variant[In, Out], error) {
	for _, v := range s.Variants {
		if v.Name == name {
			return v, nil
		}
	}
	return Variant[In, Out]{}, fmt.Errorf("kernel %s has no variant %q: see its Variants", s.Name, name)
}

// Run checks the input and has a row compute it. The error tells what is wrong with
// the input, or that there is no such row.
func (s *Subject[In, Out]) Run(name string, in In) (Out, error) {
	var none Out
	v, err := s.Find(name)
	if err != nil {
		return none, err
	}
	if err := s.Check(in); err != nil {
		return none, err
	}
	return v.Func(in), nil
}

// Check tells what is wrong with an input.
func (s *Subject[In, Out]) Check(in In) error {
	if s.Valid == nil {
		return nil
	}
	if err := s.Valid(in); err != nil {
		return fmt.Errorf("kernel %s: %w", s.Name, err)
	}
	return nil
}

// Workers is how many goroutines the rows that use several start: one for each CPU
// that the program may use.
func Workers() int { return runtime.GOMAXPROCS(0) }
