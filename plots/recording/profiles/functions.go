package profiles

import (
	"cmp"

	"hpgo/plots/recording"
)

// Function is what a profile says of one function.
type Function struct {
	Func, File string
	Start      int // line where it begins; 0: unknown
	// Inlined and Called say in which forms it was seen: as part of the code of its
	// callers, and as code of its own.
	Inlined, Called bool

	Self, Total float64            // the value that it took itself, and with all that it called
	Lines       map[int]*LineValue // by line of its file
	Callers     map[int]float64    // part of its Total by who called it; -1: nobody
	Callees     map[int]float64    // part of its Total by what it called
	Recursive   bool               // it was seen above itself
}

// LineValue is what a line took itself, and with all that it called.
type LineValue struct{ Self, Total float64 }

// Functions adds up one value of all stacks by function, in the order in which the
// functions come. A function that stands in a stack more than once has its value
// once in its Total.
func (p Profile) Functions(value int) []Function {
	a := adder{index: map[[2]string]int{}}
	for _, s := range p.Stacks {
		if v := float64(s.Values[value]); v != 0 {
			a.add(s.Frames, v)
		}
	}
	return a.all
}

type adder struct {
	all   []Function
	index map[[2]string]int
}

// add adds a stack, innermost frame first.
func (a *adder) add(frames []Frame, v float64) {
	functions := make([]int, len(frames))
	for i, f := range frames {
		functions[i] = a.of(f)
	}
	seen := map[int]bool{}
	lines := map[[2]int]bool{}
	edges := map[[2]int]bool{}
	for i, n := range functions {
		f := &a.all[n]
		line := f.Lines[frames[i].Line]
		if line == nil {
			line = &LineValue{}
			f.Lines[frames[i].Line] = line
		}
		if i == 0 {
			f.Self += v
			line.Self += v
		} else if callee := functions[i-1]; !edges[[2]int{n, callee}] {
			edges[[2]int{n, callee}] = true
			f.Callees[callee] += v
			a.all[callee].Callers[n] += v
		}
		if !lines[[2]int{n, frames[i].Line}] {
			lines[[2]int{n, frames[i].Line}] = true
			line.Total += v
		}
		if seen[n] {
			f.Recursive = true
			continue
		}
		seen[n] = true
		f.Total += v
	}
	if n := len(functions); n > 0 {
		a.all[functions[n-1]].Callers[-1] += v
	}
}

// of is the index of a frame's function.
func (a *adder) of(f Frame) int {
	key := [2]string{f.Func, f.File}
	i, ok := a.index[key]
	if !ok {
		i = len(a.all)
		a.index[key] = i
		a.all = append(a.all, Function{Func: f.Func, File: f.File, Lines: map[int]*LineValue{}, Callers: map[int]float64{}, Callees: map[int]float64{}})
	}
	fn := &a.all[i]
	fn.Start = cmp.Or(fn.Start, f.Start)
	if f.Inlined {
		fn.Inlined = true
	} else {
		fn.Called = true
	}
	return i
}

// Sum adds up one value of all stacks.
func (p Profile) Sum(value int) float64 {
	sum := 0.0
	for _, s := range p.Stacks {
		sum += float64(s.Values[value])
	}
	return sum
}

// Value is the index of a type by its name; false: the profile has none such.
func (p Profile) Value(name string) (int, bool) {
	for i, t := range p.Types {
		if t.Name == name {
			return i, true
		}
	}
	return 0, false
}

// Name is what is shown for a function that the linker or a profile names so: "f"
// and "cell 3" in cells, "math.Hypot" elsewhere, as in figures.
func Name(function, file string) string { return recording.Name(function, file) }
