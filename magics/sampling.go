package magics

import (
	"hpgo/magics/harness/sampler"
	"hpgo/magics/result"
)

// samplingOf is how the runs of a sampling compare.
func samplingOf(r sampler.Run) result.Sampling {
	s := result.Sampling{Plain: r.Plain.Runs, Overhead: r.Overhead}
	s.PlainCPU, s.PlainWall = r.Plain.PerRun(false)
	s.SampledCPU, s.SampledWall = r.Sampled.PerRun(false)
	return s
}

// unscaled says why the times of code that was sampled to its end are those of the
// sampled runs; "" if they are not, or nothing was sampled.
func unscaled(r sampler.Run) string {
	switch {
	case r.Plain.Runs > 0 || r.Samples.Count == 0 || !r.Finished:
		return ""
	case r.Samples.Source == sampler.SourceSigprof:
		return "times are those of the sampled runs: SIGPROF can't be paused for plain ones"
	case r.Whole == 1:
		return "times are those of the one run there was, which was sampled: what that costs is in them"
	}
	return ""
}
