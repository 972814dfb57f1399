package timing

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
)

// contender is one of several programs that take turns.
type contender struct {
	name    string
	argv    []string
	env     []string
	release func() // of what was built; nil: nothing was
	missing string // why it can't be run, or no longer
	differs string // how its result differs from the first one's
	same    bool   // it has the first one's instructions

	process *engineProcess
	loops   int
	result  *harness.Snapshot
}

// fit reports whether it is to be run.
func (c *contender) fit() bool { return c.missing == "" && c.differs == "" && c.process != nil }

// fail takes a program out.
func (c *contender) fail(when string, err error) {
	c.missing = when + err.Error()
	for _, arg := range c.argv[1:] { // files of ours, which the user hasn't seen
		c.missing = strings.ReplaceAll(c.missing, filepath.Dir(arg)+string(filepath.Separator), "")
	}
}

// contest lets programs that run the same code, or two versions of one, take turns.
type contest struct {
	list    []*contender
	plan    harness.TimingPlan
	checked bool // programs tell their results
	tol     float64
	wait    *measuring.Progress
}

// close ends all programs and removes what was built.
func (c *contest) close() {
	for _, e := range c.list {
		if e.process != nil {
			e.process.close()
		}
		if e.release != nil {
			e.release()
		}
	}
}

// start starts the programs, and compares their results with the first one's. An
// error is the first one's, or the context's.
func (c *contest) start(ctx context.Context, h magic.Host) error {
	for i, e := range c.list {
		if e.missing != "" {
			continue
		}
		c.wait.Say("starting %s", e.name)
		err := c.startOne(ctx, h, e)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			if i == 0 {
				return fmt.Errorf("%s: %w", e.name, err)
			}
			e.fail("", err)
			continue
		}
		if i > 0 && e.result != nil && c.list[0].result != nil {
			e.differs = e.result.Difference(*c.list[0].result, c.tol)
		}
	}
	return nil
}

func (c *contest) startOne(ctx context.Context, h magic.Host, e *contender) error {
	if e.process == nil {
		var err error
		if e.process, err = startEngine(ctx, h, e.argv, e.env); err != nil {
			return err
		}
	}
	// One operation, so that a program that can't run is known.
	command := harness.EngineCommand{Do: harness.EngineRun, N: 1}
	if c.checked {
		command = harness.EngineCommand{Do: harness.EngineCheck}
	}
	a, err := e.process.ask(ctx, command)
	e.result = a.Snapshot
	return err
}

// calibrate finds how many operations take as long as a run shall.
func (c *contest) calibrate(ctx context.Context, e *contender) error {
	if e.loops = c.plan.Loops; e.loops > 0 {
		return nil
	}
	const enough = 0.01 // seconds from which a trial tells how long an operation takes
	for n := 1; ; {
		a, err := e.process.ask(ctx, harness.EngineCommand{Do: harness.EngineRun, N: n})
		if err != nil {
			return err
		}
		if a.Run == nil {
			return fmt.Errorf("it gave no time")
		}
		op := math.Max(a.Run.Wall, 1e-9) / float64(n)
		if a.Run.Wall >= enough && (n > 1 || a.Run.Wall >= c.plan.Target) || n >= 1e9 {
			e.loops = max(1, int(math.Round(c.plan.Target/op)))
			return nil
		}
		n = max(n+1, int(min(1.2*enough/op, 100*float64(n), 1e9)))
	}
}

// run lets those that are fit take turns: in each round every one once, and the
// first a second time. A program that dies leaves; what it did counts.
func (c *contest) run(ctx context.Context) (*timings, error) {
	if runs := (len(c.list) + 1) * c.plan.Runs; c.plan.Budget > 0 {
		c.plan.Target = min(c.plan.Target, max(c.plan.Budget/float64(runs), 1e-4))
	}
	for _, e := range c.list {
		if !e.fit() {
			continue
		}
		c.wait.Say("calibrating %s", e.name)
		if err := c.calibrate(ctx, e); err != nil {
			if ctx.Err() != nil {
				return newTimings(c.plan), ctx.Err()
			}
			e.fail("", err)
		}
	}
	c.plan.Points = nil
	for i, e := range c.list {
		if e.fit() {
			c.plan.Points = append(c.plan.Points, harness.TimingPoint{Variant: i})
		}
	}
	c.plan.Points = append(c.plan.Points, harness.TimingPoint{})
	got := newTimings(c.plan)
	dice := rand.New(rand.NewPCG(c.plan.Seed, 0))
	began := time.Now()
	for round := range c.plan.Runs {
		for _, p := range turns(len(c.plan.Points), round, c.plan.Order, dice) {
			if round > 0 && c.plan.Budget > 0 && time.Since(began).Seconds() > c.plan.Budget {
				got.end = &harness.TimingEnd{Stopped: harness.StoppedBudget}
				return got, nil
			}
			if err := c.turn(ctx, got, p, round); err != nil {
				return got, err
			}
		}
		c.wait.Say("%d of %d rounds", round+1, c.plan.Runs)
	}
	got.end = &harness.TimingEnd{}
	return got, nil
}

// turn is one run of a point's program. An error is the first program's, without
// which the others have nothing to be compared with, or the context's.
func (c *contest) turn(ctx context.Context, got *timings, p, round int) error {
	e := c.list[c.plan.Points[p].Variant]
	if !e.fit() {
		return nil
	}
	a, err := e.process.ask(ctx, harness.EngineCommand{Do: harness.EngineRun, N: e.loops})
	if err == nil && a.Run == nil {
		err = errors.New("it gave no time")
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && c.plan.Points[p].Variant == 0:
		return fmt.Errorf("%s: %w", e.name, err)
	case err != nil:
		e.fail(fmt.Sprintf("it ended in round %d: ", round+1), err)
		return nil
	}
	a.Run.Point, a.Run.Round = p, round
	got.runs[p] = append(got.runs[p], *a.Run)
	got.order = append(got.order, p)
	return nil
}

// turns is the order of the points in a round.
func turns(points, round int, order string, dice *rand.Rand) []int {
	list := make([]int, points)
	for i := range list {
		list[i] = i
	}
	switch {
	case order == harness.OrderRandom:
		dice.Shuffle(points, func(i, k int) { list[i], list[k] = list[k], list[i] })
	case round%2 == 1:
		slices.Reverse(list)
	}
	return list
}
