package result

import (
	"fmt"
	"strings"

	"hpgo/magics/quantity"
)

// SSA tells how the compiler got from a function's source to its code, phase by
// phase, as %ssa shows it.
type SSA struct {
	Function string     `json:"function"`
	File     string     `json:"file"`  // where the compiler's page is
	Bytes    int        `json:"bytes"` // of the page
	Phases   []SSAPhase `json:"phases"`
}

// SSAPhase is what a function consisted of after a phase.
type SSAPhase struct {
	Name   string `json:"name"`             // of the phase, or of several that the page shows as one
	Blocks int    `json:"blocks,omitempty"` // basic blocks
	Values int    `json:"values,omitempty"` // that are used; of the last phase, instructions
	Dead   int    `json:"dead,omitempty"`   // values that nothing uses any more
}

// String is where the page is, and the phases that changed something.
func (s SSA) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "SSA of %s, %s: %s\n", s.Function, quantity.Counted(len(s.Phases), "phase"), s.File)
	fmt.Fprintf(&b, "%6s %6s %6s  %s\n", "Blocks", "Values", "Dead", "after")
	for _, p := range s.Changes() {
		fmt.Fprintf(&b, "%6d %6d %6d  %s\n", p.Blocks, p.Values, p.Dead, p.Name)
	}
	return strings.TrimRight(b.String(), "\n")
}

// Changes are the phases after which there were more or fewer blocks or values.
func (s SSA) Changes() []SSAPhase {
	var out []SSAPhase
	for i, p := range s.Phases {
		if i > 0 && p.Blocks == s.Phases[i-1].Blocks && p.Values == s.Phases[i-1].Values && p.Dead == s.Phases[i-1].Dead {
			continue
		}
		out = append(out, p)
	}
	return out
}
