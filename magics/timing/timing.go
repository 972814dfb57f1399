// Package timing holds the magics that time: %time, %timeit, %sweep and %compare, and
// %bench about how far times can be trusted.
//
// A timed loop (timedLoop) is composed into a program (timing), whose runs come
// back as records (timings). %timeit and %sweep show them point by point, %compare
// judges them against each other. Programs that can't run in the worker, such as
// those of other engines and stored ones, take turns as processes (contest).
//
// # Goroutines
//
// A program of a contest has those of os/exec, which copy what it prints and end
// with it, and one that waits for the end of a context (engineProcess).
package timing

import (
	"fmt"
	"slices"

	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
)

// Rows are the magics that time.
func Rows() []magic.Magic {
	return slices.Concat(timeRows(), timeitRows(), compareRows(), sweepRows(), benchRows())
}

// baselineElsewhere tells who looks for baselines that %compare has them.
var baselineElsewhere = map[string]string{
	"save":    "%compare --save NAME measures a statement and keeps it as a baseline",
	"base":    "%compare --base NAME compares a statement with a baseline",
	"against": "%compare --against NAME compares a statement with a baseline",
	"rerun":   "%compare --base NAME --rerun runs a baseline's source again",
	"check":   "%compare --check compares the results of several statements",
}

// usualBudget bounds the time in seconds, at most, of a measurement for which no flag
// does, where that is meant to be short: without it slow Go takes as long as it takes.
const usualBudget = 10

// shorten makes the runs of a plan, and all of them together, short at the scale
// smoke. What a flag says stays.
func shorten(in *measuring.Input, plan *harness.TimingPlan) {
	given := func(flags ...string) bool { return slices.ContainsFunc(flags, in.Args.Has) }
	if !given("n") {
		plan.Target = in.Seconds(plan.Target)
	}
	if budget := in.Seconds(usualBudget); plan.Budget == 0 && budget < usualBudget && !given("n", "r", "budget") {
		plan.Budget = budget
	}
}

// overBudget says that time ran out.
func overBudget(got *timings) string {
	return fmt.Sprintf("stopped by the budget of %s after %d of %s", seconds(got.plan.Budget, 3), got.made(), countedRuns(len(got.plan.Points)*got.plan.Runs))
}

// Flags that several of these magics have.

func cpuFlag() magic.Flag {
	return magic.Flag{Name: "c", Doc: "time by the CPU clock of the process: all threads, user and system"}
}

func gcFlag() magic.Flag {
	return magic.Flag{Name: "gc", Arg: "on|off", Doc: "off: the garbage collector rests while a run is timed, up to a limit of memory"}
}

func procsFlag() magic.Flag {
	return magic.Flag{Name: "procs", Arg: "K", Value: magic.Int, Min: 1, Bounded: true, Doc: "measure in K fresh processes: other addresses, other seeds of maps"}
}
