package assembly

import "strings"

// Totals count a function's instructions.
type Totals struct {
	Instructions int
	Bytes        int
	Calls        int            // calls of all kinds, jumps to other functions included
	Indirect     int            // calls of closures and through interfaces
	Interface    int            // those of them through interfaces
	Closure      int            // those of them that are of function values
	Called       map[string]int // calls of functions with a name, by name
	Bounds       int            // conditional jumps, one side of which tells the runtime of an index out of range
	WriteBarrier int            // calls of the write barrier
	Vector       int            // bits of the widest vector register that is computed in; 0: none
	Packed       int            // instructions that compute in vector registers
}

// Totals counts the function's instructions.
func (f *Function) Totals() Totals { return f.Count(func(*Instruction) bool { return true }) }

// Count counts those of the function's instructions that are chosen.
func (f *Function) Count(chosen func(*Instruction) bool) Totals {
	t := Totals{Called: map[string]int{}}
	panics := f.boundsBlocks()
	for i := range f.Instructions {
		in := &f.Instructions[i]
		if !chosen(in) {
			continue
		}
		t.Instructions++
		t.Bytes += in.Size
		t.countCall(in)
		if in.Conditional && (panics[in.Target] || panics[in.Offset+in.Size]) {
			t.Bounds++
		}
		if in.Packed {
			t.Packed++
			t.Vector = max(t.Vector, in.Vector)
		}
	}
	return t
}

// countCall counts an instruction if it is a call.
func (t *Totals) countCall(in *Instruction) {
	switch {
	case in.Call == "":
		return
	case in.Call == Indirect:
		t.Indirect++
		if in.Via == Interface {
			t.Interface++
		} else if in.Via == Closure {
			t.Closure++
		}
	default:
		t.Called[in.Call]++
		if strings.HasPrefix(in.Call, "runtime.gcWriteBarrier") || in.Call == "runtime.wbZero" || in.Call == "runtime.wbMove" {
			t.WriteBarrier++
		}
	}
	t.Calls++
}

// IsBoundsCall reports whether a function is one that tells of an index or a
// slice's bounds out of range.
func IsBoundsCall(name string) bool {
	name, ok := strings.CutPrefix(name, "runtime.")
	return ok && (strings.HasPrefix(name, "panicIndex") || strings.HasPrefix(name, "panicSlice") || strings.HasPrefix(name, "panicBounds") ||
		strings.HasPrefix(name, "goPanicIndex") || strings.HasPrefix(name, "goPanicSlice"))
}

// boundsBlocks are the offsets of the instructions that lead to nothing but such a
// call.
func (f *Function) boundsBlocks() map[int]bool {
	in := map[int]bool{}
	leads := false
	for i := len(f.Instructions) - 1; i >= 0; i-- {
		x := &f.Instructions[i]
		switch {
		case x.Call != "":
			leads = IsBoundsCall(x.Call)
		case x.Target >= 0 && !x.Conditional:
			leads = in[x.Target]
		case x.Conditional, strings.HasPrefix(x.Text, "RET"):
			leads = false
		}
		if leads {
			in[x.Offset] = true
		}
	}
	return in
}
