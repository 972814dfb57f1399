package timing

import (
	"context"
	"math"

	"hpgo/magics/machine"
	"hpgo/magics/magic"
)

// simulatedRuns is how often a variant runs with --ir: what is the same in three runs
// is so by no accident.
const simulatedRuns = 3

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
