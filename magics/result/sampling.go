package result

import (
	"fmt"

	"hpgo/magics/quantity"
)

// Sampling is how the sampled runs of a profile compare with the plain ones made in
// between, in which nothing was sampled. Without plain runs the times of the profile
// are those of the sampled ones, and all but Plain and the Sampled ones is 0.
type Sampling struct {
	Plain       int     `json:"plain"`        // plain runs
	PlainCPU    float64 `json:"plain_cpu"`    // s, CPU time of one of them, by getrusage
	PlainWall   float64 `json:"plain_wall"`   // s, its wall time
	SampledCPU  float64 `json:"sampled_cpu"`  // s, CPU time of one run that was sampled, without what the sampler's own thread used
	SampledWall float64 `json:"sampled_wall"` // s, its wall time
	// Overhead is what a sampled run took by what a plain one did, the first run left
	// out: of CPU time, or of wall time where that was sampled. 0: not known.
	Overhead float64 `json:"overhead,omitempty"`
}

// muchOverhead is an Overhead that the reader is warned of.
const muchOverhead = 1.15

// Over says of how many sampled runs, and which plain ones, times are.
func (s Sampling) Over(runs int) string {
	if runs == 0 {
		return "in a run that didn't come to its end"
	}
	return "over " + quantity.Counted(runs, "run") + s.ScaledTo()
}

// ScaledTo says which runs the times are of, behind a number of sampled runs.
func (s Sampling) ScaledTo() string {
	if s.Plain == 0 {
		return ""
	}
	return ", scaled to " + quantity.Counted(s.Plain, "plain run")
}

// Warning is one about the cost of the sampling; "" for none. An overhead changes
// what it looks at: where it isn't even, the shares aren't those of a plain run.
func (s Sampling) Warning() string {
	if s.Overhead <= muchOverhead {
		return ""
	}
	return fmt.Sprintf("sampled runs took %.2f times as long as plain ones: times are scaled to those, but shares may be off (a lower --rate costs less)", s.Overhead)
}
