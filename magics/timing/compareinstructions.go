package timing

import (
	"context"
	"math"
	"slices"

	"hpgo/magics/machine"
	"hpgo/magics/magic"
)

// simulatedRuns is how often a variant runs with --ir: what is the same in three runs
// is so by no accident.
const simulatedRuns = 3

// notWithIR are the flags that are about times.
var notWithIR = []string{"order", "seed", "alpha", "mde", "t", "c", "check", "tol", "engines", "procs", "fresh", "budget", "save", "base", "rerun", "keep"}

// checkInstructions refuses what makes no sense with --ir.
func (c *comparison) checkInstructions() error {
	a, m := c.in.Args, c.in.Magic
	if !a.Has("ir") {
		return nil
	}
	if i := slices.IndexFunc(notWithIR, a.Has); i >= 0 {
		name := "--" + notWithIR[i]
		if len(notWithIR[i]) == 1 {
			name = name[1:]
		}
		return m.Usagef("flag %s of %s says nothing with --ir, which counts simulated instructions and no time", name, m.Title())
	}
	return nil
}

// compareInstructions compares what the variants execute, under valgrind.
func (c *comparison) compareInstructions(ctx context.Context, h magic.Host) (magic.Result, error) {
	setup, parts, err := c.parts()
	if err != nil {
		return magic.Result{}, err
	}
	for i := range parts {
		parts[i].Name = c.variants[i].name
	}
	a := c.in.Args
	limit := math.Inf(1)
	if a.Has("fail") {
		limit = c.fail
	}
	return machine.Instructions{In: c.in, Setup: setup, Parts: parts, Loops: a.Int("n", 1), Runs: a.Int("r", simulatedRuns), Limit: limit}.Compare(ctx, h)
}
