// Package timing holds the magics that time: %time, %timeit, %sweep and %compare.
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
	"slices"

	"hpgo/magics/magic"
)

// Rows are the magics that time.
func Rows() []magic.Magic {
	return slices.Concat(timeRows(), timeitRows(), compareRows(), sweepRows())
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
