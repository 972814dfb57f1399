package harness

import "math"

// Limits of the calibration.
const (
	trialTime = 0.01 // seconds from which a trial tells how long an operation takes
	mostLoops = 1_000_000_000
	// mostGrowth is how many times more operations than the last a trial has at
	// most, as in package testing: the last one may have been off.
	mostGrowth = 100
)

// calibration finds how many operations take a run of a certain time. Trials
// grow by the rule of package testing until one tells how long an operation is.
type calibration struct {
	fixed  int     // the number, where the user gave it
	target float64 // seconds that a run takes at least
	short  bool    // the target is the most a run may take, because of a budget
	cold   bool    // a single operation comes first, also before a fixed number
	even   bool    // runs are as long as the target, so the number is no round one
	most   int     // the largest number

	n     int // the number found; 0: none yet
	trial int // operations of the next trial, 0 for the first
}

// done reports whether the number is known.
func (c *calibration) done() bool { return c.n > 0 || c.fixed > 0 && !c.cold }

// next is the number of operations to run next.
func (c *calibration) next() (n int, trial bool) {
	switch {
	case c.n > 0:
		return c.n, false
	case c.fixed > 0 && !c.cold:
		return c.fixed, false
	}
	return max(1, c.trial), true
}

// note takes the time of a trial.
func (c *calibration) note(n int, took float64) {
	if c.fixed > 0 {
		c.n = c.fixed
		return
	}
	took = max(took, 1e-9)
	op := took / float64(n)
	goal := min(trialTime, c.target/2)
	// A single operation may have been slow because it was the first.
	if n >= c.most || took >= goal && (n > 1 || took >= c.target || c.short && took >= c.target/2) {
		c.choose(op)
		return
	}
	grown := min(1.2*goal/op, float64(n)*mostGrowth, float64(c.most))
	c.trial = max(int(grown), n+1)
}

// choose sets the number by the time of an operation.
func (c *calibration) choose(op float64) {
	want := c.target / op
	switch {
	case c.even:
		c.n = max(1, int(math.Round(min(want, float64(c.most)))))
	case c.short:
		c.n = niceAtMost(want)
	default:
		c.n = niceAtLeast(want)
	}
	if c.n > c.most {
		c.n = niceAtMost(float64(c.most))
	}
}

// niceAtMost is the largest of 1, 2, 5, 10, 20, ... that isn't greater than x, or 1.
func niceAtMost(x float64) int {
	n := niceAtLeast(x)
	for n > 1 && float64(n) > x*(1+1e-12) {
		n = niceAtLeast(float64(n) / 3)
	}
	return n
}

// niceAtLeast is the smallest of 1, 2, 5, 10, 20, ... that isn't less than x.
func niceAtLeast(x float64) int {
	for scale := 1.0; scale < 1e18; scale *= 10 {
		for _, lead := range []float64{1, 2, 5} {
			if v := lead * scale; v >= x*(1-1e-12) {
				return int(v)
			}
		}
	}
	return math.MaxInt
}
