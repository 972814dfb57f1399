// Package jumps finds the jumps in the machine code of a Go function. It knows
// instructions by their length and nothing else about them.
package jumps

// Jump is one jump, with offsets from the start of the code. To is outside of it
// when the jump leaves the function.
type Jump struct {
	At, To      int
	Conditional bool
}
