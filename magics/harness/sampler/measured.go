package sampler

import (
	"regexp"
	"strings"
)

// Where the session's code stands: in cells, and in what the session writes around
// them. A test compares it with package cell.
const generatedFile = "hpgo_generated.go"

var cellFile = regexp.MustCompile(`^cell \d+$`)

// Of the measuring itself, by the beginning of a function's name.
var ownWork = []string{"hpgo/magics/harness", "hpgo/kernel/", "runtime/pprof.profileWriter"}

// codeKind is whose code a function is.
type codeKind int

const (
	others codeKind = iota
	inCell
	generated
	own
)

func kindOf(f Func) codeKind {
	switch {
	case cellFile.MatchString(f.File):
		return inCell
	case f.File == generatedFile:
		return generated
	}
	for _, prefix := range ownWork {
		if strings.HasPrefix(f.Name, prefix) {
			return own
		}
	}
	return others
}

// Measured returns what belongs to the cells' code: stacks begin at its outermost
// function, without what the session generates around it, and those of the
// measuring itself are gone. What the runtime does of its own, such as collecting
// garbage, stays as far as it took CPU time. Seconds are as they were, so the rest
// adds up to less than Total.
func (s Samples) Measured() Samples {
	kinds := make([]codeKind, len(s.Funcs))
	for i, f := range s.Funcs {
		kinds[i] = kindOf(f)
	}
	kept := make([]Stack, 0, len(s.Stacks))
	for _, st := range s.Stacks {
		if frames, ok := s.measured(st.Frames, kinds); ok {
			st.Frames = frames
			kept = append(kept, st)
		}
	}
	s.Stacks = kept
	return s
}

// measured is the part of a stack that belongs to the cells' code; false: none.
func (s Samples) measured(frames []int, kinds []codeKind) ([]int, bool) {
	outermost, mine := -1, false
	for i, f := range frames {
		switch kinds[s.Frames[f].Func] {
		case inCell, generated:
			outermost = i
			if mine { // the cell called it
				return nil, false
			}
		case own:
			mine = true
		}
	}
	if outermost < 0 {
		return frames, !mine && !s.Wall
	}
	var kept []int
	for _, f := range frames[:outermost+1] {
		if kinds[s.Frames[f].Func] != generated {
			kept = append(kept, f)
		}
	}
	return kept, len(kept) > 0
}

// Sum adds up the time of the stacks, in s.
func (s Samples) Sum() float64 {
	sum := 0.0
	for _, st := range s.Stacks {
		sum += st.Seconds
	}
	return sum
}
