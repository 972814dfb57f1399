package sampler

import (
	"cmp"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"

	"hpgo/magics/harness/native"
)

// symbols turns program counters into functions and lines. It runs where the
// code is, because only the process knows what was loaded into it.
type symbols struct {
	out    *Samples
	funcs  map[Func]int
	frames map[Frame]int
	known  map[uintptr][]int // frames of an instruction, innermost first
	// expand says that an address stands also for those into which its code was
	// inlined; else they have addresses of their own.
	expand bool
	code   *native.Code
}

// fill adds the stacks of a tally that nobody adds to, the most frequent first; stacks that differ
// in nothing one can see are one.
func (t *tally) fill(out *Samples) {
	y := symbols{out: out, funcs: map[Func]int{}, frames: map[Frame]int{}, known: map[uintptr][]int{}, expand: !t.expanded && tablesAsExpected(), code: t.code}
	var keys []byte
	at := map[string]int{}
	for _, raw := range t.stacks {
		frames := y.stack(raw.pcs)
		keys = keys[:0]
		for _, f := range frames {
			keys = append(keys, byte(f), byte(f>>8), byte(f>>16), byte(f>>24))
		}
		i, seen := at[string(keys)]
		if !seen {
			i = len(out.Stacks)
			at[string(keys)] = i
			out.Stacks = append(out.Stacks, Stack{Frames: frames})
		}
		out.Stacks[i].Count += raw.count
		out.Stacks[i].Seconds += raw.weight.Seconds()
	}
	slices.SortStableFunc(out.Stacks, func(a, b Stack) int {
		return cmp.Or(cmp.Compare(b.Seconds, a.Seconds), cmp.Compare(b.Count, a.Count))
	})
}

// stack is the frames of program counters. The ends that every goroutine has are
// left out: how it was started, and how it was stopped to be looked at.
func (y *symbols) stack(pcs []uintptr) []int {
	var frames []int
	for i, pc := range pcs {
		if i > 0 {
			pc-- // into the call
		}
		frames = append(frames, y.at(pc)...)
	}
	for len(frames) > 0 && y.out.Name(frames[len(frames)-1]) == "runtime.goexit" {
		frames = frames[:len(frames)-1]
	}
	for len(frames) > 0 && stopping[y.out.Name(frames[0])] {
		frames = frames[1:]
	}
	return frames
}

// stopping are the functions on top of a goroutine that was stopped while it ran.
var stopping = map[string]bool{"runtime.asyncPreempt": true, "runtime.asyncPreempt2": true}

// at is the frames of an instruction: the function's own and those inlined there.
func (y *symbols) at(pc uintptr) []int {
	if known, ok := y.known[pc]; ok {
		return known
	}
	var frames []int
	for at := pc; at != 0; {
		f, _ := runtime.CallersFrames([]uintptr{at + 1}).Next() // it takes return addresses
		if f.Function == "" {
			break
		}
		frames = append(frames, y.frame(at, f, at == pc))
		if !y.expand {
			break
		}
		at = findfunc(at).caller(at)
	}
	if len(frames) == 0 {
		frames = []int{y.foreign(pc)}
	}
	y.known[pc] = frames
	return frames
}

// frame is the number of a frame; innermost says that its instruction was inlined
// nowhere else.
func (y *symbols) frame(pc uintptr, f runtime.Frame, innermost bool) int {
	fn := Func{Name: f.Function, File: f.File, Line: startLine(f)}
	at := Frame{Func: y.fn(fn), Line: f.Line, Inlined: f.Func == nil && f.Function != "", Offset: -1}
	if (!at.Inlined || innermost) && f.Entry != 0 {
		at.Offset = int(pc - f.Entry)
	}
	return number(y.frames, at, &y.out.Frames)
}

// cgoWrapper is how the C function begins by which cgo calls one, which often is
// inlined there: C.sqrt stands for it, as in the source.
var cgoWrapper = regexp.MustCompile(`^_cgo_[0-9a-f]+_Cfunc_`)

// clockName is what the kernel's code for time.Now is called.
const clockName = "vdso clock"

// foreign is the frame of code that isn't Go: of C, under its name or that of its
// library, or what the kernel maps into every process to tell the time.
func (y *symbols) foreign(pc uintptr) int {
	f := Func{}
	name, path := y.code.Name(pc)
	switch {
	case path == native.Kernel:
		f.Name = clockName
	case path != "":
		f.File = filepath.Base(path)
		f.Name = cmp.Or(cgoWrapper.ReplaceAllString(name, "C."), "("+f.File+")")
	}
	return number(y.frames, Frame{Func: y.fn(f), Offset: -1}, &y.out.Frames)
}

func (y *symbols) fn(f Func) int { return number(y.funcs, f, &y.out.Funcs) }

// number finds or gives the number of v in list.
func number[T comparable](known map[T]int, v T, list *[]T) int {
	i, ok := known[v]
	if !ok {
		i = len(*list)
		known[v] = i
		*list = append(*list, v)
	}
	return i
}

// startLine is where the function of a frame begins. The runtime knows it, also
// for inlined ones, and tells it to runtime/pprof only; the field is unexported.
func startLine(f runtime.Frame) int {
	v := reflect.ValueOf(f).FieldByName("startLine")
	if !v.IsValid() || v.Kind() != reflect.Int {
		return 0
	}
	return int(v.Int())
}
