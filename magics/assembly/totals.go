package assembly

import "strings"

// Totals count a function's instructions.
type Totals struct {
	Instructions int
	Bytes        int
	Calls        int            // calls of all kinds, jumps to other functions included
	Indirect     int            // calls of closures and through interfaces
	Runtime      map[string]int // calls of functions of package runtime, by name without it
	Bounds       int            // conditional jumps, one side of which tells the runtime of an index out of range
	WriteBarrier int            // calls of the write barrier
	Vector       int            // bits of the widest vector register that is computed in; 0: none
	Packed       int            // instructions that compute in vector registers
}

// Totals counts the function's instructions.
func (f *Function) Totals() Totals { return f.Count(func(*Instruction) bool { return true }) }

// Count counts those of the function's instructions that are chosen.
func (f *Function) Count(chosen func(*Instruction) bool) Totals {
	t := Totals{Runtime: map[string]int{}}
	panics := f.boundsBlocks()
	for i := range f.Instructions {
		in := &f.Instructions[i]
		if !chosen(in) {
			continue
		}
		t.Instructions++
		t.Bytes += in.Size
		if in.Call != "" {
			t.Calls++
			if in.Call == Indirect {
				t.Indirect++
			}
			if name, ok := strings.CutPrefix(in.Call, "runtime."); ok {
				t.Runtime[name]++
				if strings.HasPrefix(name, "gcWriteBarrier") || name == "wbZero" || name == "wbMove" {
					t.WriteBarrier++
				}
			}
		}
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
