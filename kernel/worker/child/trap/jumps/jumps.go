// Package jumps finds the jumps and calls in the machine code of a Go function. It knows
// instructions by their length and nothing else about them.
package jumps

// Jump is one jump, with offsets from the start of the code. To is outside of it
// when the jump leaves the function.
type Jump struct {
	At, To      int
	Conditional bool
}

// Call is one call: the offsets of the instruction behind it and, unless it goes
// through a pointer, of what it calls.
type Call struct {
	Back, To int
	Indirect bool
}
