package sampler

import (
	"regexp"
	"slices"
	"strings"
)

// Where the session's code stands: in cells, and in what the session writes around
// them. A test compares it with package cell.
const generatedFile = "hpgo_generated.go"

var cellFile = regexp.MustCompile(`^cell \d+$`)

// What is no work of the cells', by the beginning of a function's name: the
// measuring itself, and what runs the process. The latter is the cell's where a cell
// calls it, as package display is.
var (
	measuringWork = []string{"hpgo/magics/harness", "runtime/pprof.profileWriter"}
	processWork   = []string{"hpgo/kernel/"}
)

// codeKind is whose code a function is.
type codeKind int

const (
	others codeKind = iota
	inCell
	generated
	measuring
	process
)

func kindOf(f Func) codeKind {
	switch {
	case cellFile.MatchString(f.File):
		return inCell
	case f.File == generatedFile:
		return generated
	}
	starts := func(prefix string) bool { return strings.HasPrefix(f.Name, prefix) }
	switch {
	case slices.ContainsFunc(measuringWork, starts):
		return measuring
	case slices.ContainsFunc(processWork, starts):
		return process
	}
	return others
}

// Measured returns what belongs to the cells' code: stacks begin at its outermost
// function, without what the session generates around it, and those of the
// measuring itself are gone. What the runtime does of its own, such as collecting
// garbage, stays as far as it took CPU time. Seconds are as they were, so the rest
// adds up to less than Total.
func (s Samples) Measured() Samples {
	kinds := s.kinds()
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

func (s Samples) kinds() []codeKind {
	kinds := make([]codeKind, len(s.Funcs))
	for i, f := range s.Funcs {
		kinds[i] = kindOf(f)
	}
	return kinds
}

// isMeasuring reports whether a stack is one of the measuring itself: outside of the
// cells' code, or called by it. What of Loop.Next is inlined into a cell is part of
// the runs.
func (s Samples) isMeasuring(frames []int, kinds []codeKind) bool {
	for i := len(frames) - 1; i >= 0; i-- {
		if kinds[s.Frames[frames[i]].Func] == inCell {
			frames = frames[:i]
			break
		}
	}
	return slices.ContainsFunc(frames, func(f int) bool { return kinds[s.Frames[f].Func] == measuring && !s.Frames[f].Inlined })
}

// measured is the part of a stack that belongs to the cells' code; false: none.
func (s Samples) measured(frames []int, kinds []codeKind) ([]int, bool) {
	outermost, allOthers := -1, true
	for i, f := range frames {
		kind := kinds[s.Frames[f].Func]
		if kind == inCell {
			outermost = i
		}
		allOthers = allOthers && kind == others
	}
	if outermost < 0 {
		return frames, allOthers && !s.Wall
	}
	if slices.ContainsFunc(frames[:outermost], func(f int) bool { return kinds[s.Frames[f].Func] == measuring }) {
		return nil, false
	}
	var kept []int
	for _, f := range frames[:outermost+1] {
		if kinds[s.Frames[f].Func] != generated {
			kept = append(kept, f)
		}
	}
	return kept, true
}

// Sum adds up the time of the stacks, in s.
func (s Samples) Sum() float64 {
	sum := 0.0
	for _, st := range s.Stacks {
		sum += st.Seconds
	}
	return sum
}
