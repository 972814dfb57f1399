// Package profiling holds the magics that tell where time and memory go: %lprun and
// %%lprun_all by line, %prun by function, %memit and %mprof for the process, %mprun
// by line of what allocates.
//
// Times come from samples of the plain build (package sampler), hits and calls from
// builds with counters, allocations from runs in which each is recorded; each is a
// run of its own of a magic.Program.
package profiling

import (
	"slices"

	"hpgo/magics/harness/sampler"
	"hpgo/magics/magic"
	"hpgo/magics/result"
)

// Rows are the magics that profile.
func Rows() []magic.Magic {
	return slices.Concat(lprunRows(), prunRows(), waitingRows(), memoryRows())
}

// Flags that several of these magics have.

func valueFlag() magic.Flag {
	return magic.Flag{Name: "r", Doc: "make the result the value of the cell, as -o does"}
}

func wallFlag() magic.Flag {
	return magic.Flag{Name: "wall", Doc: "time of goroutines, running and waiting, in place of CPU time: for code that sleeps, reads or waits for locks"}
}

// SamplingOf is how the runs of a sampling compare.
func SamplingOf(r sampler.Run) result.Sampling {
	s := result.Sampling{Plain: r.Plain.Runs, Overhead: r.Overhead}
	s.PlainCPU, s.PlainWall = r.Plain.PerRun(false)
	s.SampledCPU, s.SampledWall = r.Sampled.PerRun(false)
	return s
}

// Unscaled says why the times of code that was sampled to its end are those of the
// sampled runs; "" if they are not, or nothing was sampled.
func Unscaled(r sampler.Run) string {
	switch {
	case r.Plain.Runs > 0 || r.Samples.Count == 0 || !r.Finished:
		return ""
	case r.Samples.Source == sampler.SourceSigprof:
		return "times are those of the sampled runs: SIGPROF can't be paused here for plain ones"
	case r.Whole == 1:
		return "times are those of the one run there was, which was sampled: what that costs is in them"
	}
	return ""
}
