//go:build hpgo_live && linux && (amd64 || arm64)

package rt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"unsafe"

	"hpgo/kernel/worker/child/trap/jumps"
)

// Function is a function's code and the places in it where a goroutine may be
// made to panic.
//
// A panic that comes from a fault may come at any instruction, as far as the
// runtime is concerned, that is no unsafe point (PCDATA_UnsafePoint: write
// barriers, the stack check) and has its frame set up. But a value of several
// words (a slice, a string, an interface) is stored word by word, and nothing
// must be left half written. The compiler does all stores of one assignment in
// one basic block, or within an unsafe point. So only the seams between basic
// blocks count, jumps and what they jump to, of which every loop has one; the
// start of the body; and the returns of calls, which no assignment straddles.
//
// A function with deferred calls has more to set up, all in its first block: the
// runtime reads which calls are deferred, and looks for pointers in results and
// variables. The first jump ends that block. And the compiler drops that work, as
// any store, where nothing can follow but an endless loop without memory: such a
// function has no places there. What stands before a call is never dropped: one
// that is deferred in a loop, or with many others, is such a call (listsDefers).
type Function struct {
	Start, End uintptr
	Places     []uintptr // ascending
}

// funcInfo is runtime.funcInfo: the function's record and its module.
type funcInfo struct {
	record unsafe.Pointer
	_      unsafe.Pointer // the module
}

//go:linkname findfunc runtime.findfunc
func findfunc(pc uintptr) funcInfo

//go:linkname pcdatavalue1 runtime.pcdatavalue1
func pcdatavalue1(f funcInfo, table uint32, pc uintptr, strict bool) int32

//go:linkname funcspdelta runtime.funcspdelta
func funcspdelta(f funcInfo, pc uintptr) int32

//go:linkname funcMaxSPDelta runtime.funcMaxSPDelta
func funcMaxSPDelta(f funcInfo) int32

// From internal/abi: the table of unsafe points and its value for safe ones.
const (
	pcdataUnsafePoint = 0
	unsafePointSafe   = -1
)

// deferReturn returns the field of that name in a function's record (_func in
// runtime2.go: entryOff, nameOff, args, deferreturn, all of 32 bits), which is 0
// without deferred calls.
func (f funcInfo) deferReturn() uint32 { return *(*uint32)(unsafe.Add(f.record, 12)) }

// maxFunction bounds the code of one function that is looked at.
const maxFunction = 4 << 20

// Find returns the function whose code is at pc. Its places are empty when it
// isn't one of the package with the given path, or of libraries.
func Find(pc uintptr, pkg string, libraries []string) (Function, bool) {
	info := findfunc(pc)
	fn := runtime.FuncForPC(pc)
	if info.record == nil || fn == nil {
		return Function{}, false
	}
	f := Function{Start: fn.Entry()}
	f.End = endOf(info, f.Start)
	// The name at the entry is the function's own: nothing is inlined there.
	if own := runtime.FuncForPC(f.Start); own != nil && belongs(own.Name(), pkg, libraries) {
		f.Places = places(info, f)
	}
	return f, true
}

// belongs reports whether a function is of a package, or of one of libraries.
func belongs(name, pkg string, libraries []string) bool {
	if strings.HasPrefix(name, pkg+".") {
		return true
	}
	for _, l := range libraries {
		rest, ok := strings.CutPrefix(name, l)
		if ok && rest != "" && (rest[0] == '.' || rest[0] == '/') {
			return true
		}
	}
	return false
}

// endOf returns the end of a function, to the alignment of functions.
func endOf(info funcInfo, start uintptr) uintptr {
	const step = 16
	end := start + step
	for end < start+maxFunction && findfunc(end).record == info.record {
		end += step
	}
	return end
}

// places looks for the seams of a function.
func places(info funcInfo, f Function) []uintptr {
	code := unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&f.Start))), int(f.End-f.Start))
	found, calls, ok := jumps.Find(code)
	if !ok {
		return nil // code that we can't read
	}
	full := funcMaxSPDelta(info)
	defers, first := info.deferReturn() != 0, 0
	listed := info.listsDefers(f.Start, calls)
	if defers {
		first = firstBlockEnd(info, f.Start, found)
		if first >= len(code) || !listed && !info.setsUpDefers(code[:first], full) {
			first = len(code)
		}
	}
	var out []uintptr
	add := func(offset int) {
		if pc := f.Start + uintptr(offset); safe(info, pc, full) {
			out = append(out, pc)
		}
	}
	if !defers {
		add(bodyOf(info, f.Start, full))
	}
	for _, j := range found {
		if j.To < 0 || j.To >= len(code) {
			continue // it leaves the function
		}
		if j.To >= first {
			add(j.To)
		}
		if j.At >= first && (j.At == first || placed(f.Start+uintptr(j.At))) {
			add(j.At)
		}
	}
	for _, c := range calls {
		setUp := !defers || listed && c.Back >= first || info.setsUpDefers(code[:min(c.Back, len(code))], full)
		if c.Back < len(code) && setUp &&
			(c.Indirect || interruptible(f.Start+uintptr(c.To))) {
			add(c.Back)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// bodyOf returns the offset of a function's first instruction that has the whole
// frame. A function without jumps and calls has no other place.
func bodyOf(info funcInfo, start uintptr, full int32) int {
	const prologue = 64 // bytes, and more
	for offset := range prologue {
		if funcspdelta(info, start+uintptr(offset)) == full {
			return offset
		}
	}
	return 0
}

// interruptible reports whether the caller of a function may be stopped when the
// function has returned. Not so for those of the runtime, which are parts of
// statements: m[k] = v calls mapassign, which makes the element, and then stores
// v. Those are left out that statements wait in.
func interruptible(target uintptr) bool {
	fn := runtime.FuncForPC(linked(target))
	if fn == nil {
		return false
	}
	name := fn.Name()
	switch name {
	case "runtime.chanrecv1", "runtime.chanrecv2", "runtime.chansend1", "runtime.selectgo":
		return true
	}
	return !strings.HasPrefix(name, "runtime.") && !strings.HasPrefix(name, "internal/runtime/")
}

// firstBlockEnd returns the offset of the jump that ends a function's first
// block. Conditional jumps back are no ends: the code that zeroes a large
// variable is a loop, and nothing jumps back to the first block.
func firstBlockEnd(info funcInfo, start uintptr, found []jumps.Jump) int {
	for _, j := range found {
		if safe(info, start+uintptr(j.At), funcMaxSPDelta(info)) && (j.To > j.At || !j.Conditional) {
			return j.At
		}
	}
	return maxFunction
}

//go:linkname funcdata runtime.funcdata
func funcdata(f funcInfo, i uint8) unsafe.Pointer

// From internal/abi: the place of a function's record of open-coded defers.
const funcdataOpenCodedDeferInfo = 4

// setsUpDefers reports whether a function's first block clears the byte that
// tells which calls are deferred, and so all that stands behind it there. The
// record begins with the byte's distance from the top of the variables, as a
// varint (runtime.initOpenCodedDefers). A function that lists its deferred calls
// has no such byte.
func (f funcInfo) setsUpDefers(block []byte, frame int32) bool {
	record := funcdata(f, funcdataOpenCodedDeferInfo)
	if record == nil {
		return false
	}
	distance, n := binary.Uvarint(unsafe.Slice((*byte)(record), binary.MaxVarintLen32))
	// The frame ends with the saved frame pointer, in front of which the variables end.
	return n > 0 && jumps.ClearsByte(block, int(frame)-8-int(distance))
}

// listsDefers reports whether a function puts its deferred calls into the
// goroutine's list, as those in a loop are, and others where there are many or the
// function never returns. Such a call needs the memory that the first block leaves,
// so nothing of that block was dropped.
func (f funcInfo) listsDefers(start uintptr, calls []jumps.Call) bool {
	if funcdata(f, funcdataOpenCodedDeferInfo) != nil {
		return false
	}
	return slices.ContainsFunc(calls, func(c jumps.Call) bool {
		fn := (*runtime.Func)(nil)
		if !c.Indirect {
			fn = runtime.FuncForPC(linked(start + uintptr(c.To)))
		}
		return fn != nil && (fn.Name() == "runtime.deferproc" || fn.Name() == "runtime.deferprocStack" || fn.Name() == "runtime.deferprocat")
	})
}

// safe reports whether a panic may be raised at pc, if it is a seam: the
// function's frame is complete (full is its size), it is no unsafe point, and no
// code of the runtime or of locks was inlined there.
func safe(info funcInfo, pc uintptr, full int32) bool {
	if funcspdelta(info, pc) != full || pcdatavalue1(info, pcdataUnsafePoint, pc, false) != unsafePointSafe {
		return false
	}
	frames := runtime.CallersFrames([]uintptr{pc + 1}) // a return address, of which 1 is subtracted
	inner, _ := frames.Next()
	for _, pkg := range []string{"runtime.", "runtime/", "internal/", "reflect.", "sync."} {
		if strings.HasPrefix(inner.Function, pkg) {
			return false
		}
	}
	return true
}

// placed reports whether an instruction has the source line of the one before.
// The compiler gives some jumps none, and the user is to see where he was.
func placed(pc uintptr) bool {
	at := func(pc uintptr) (function string, line int) {
		f, _ := runtime.CallersFrames([]uintptr{pc + 1}).Next()
		return f.Function, f.Line
	}
	f, line := at(pc)
	before, lineBefore := at(pc - 1)
	return f == before && line == lineBefore && line > 0
}

// checkFunctions tries this file on a function whose seams are known.
func checkFunctions() error {
	pc := reflect.ValueOf(sample).Pointer()
	f, ok := Find(pc, samplePath, nil)
	switch {
	case !ok || f.Start != pc:
		return errors.New("the runtime doesn't find a function by its address")
	case len(f.Places) == 0:
		return errors.New("a function with a loop has no place to stop at")
	}
	for _, p := range f.Places {
		if p < f.Start || p >= f.End {
			return fmt.Errorf("a place to stop at is outside of its function")
		}
	}
	if f, ok := Find(reflect.ValueOf(bare).Pointer(), samplePath, nil); !ok || len(f.Places) == 0 {
		return errors.New("a function that is nothing but a loop has no place to stop at")
	}
	if other, ok := Find(reflect.ValueOf(strings.Repeat).Pointer(), samplePath, nil); !ok || len(other.Places) > 0 {
		return errors.New("a function of the standard library has places to stop at")
	}
	return nil
}

// samplePath is that of sample and bare.
const samplePath = "hpgo/kernel/worker/child/trap/rt"

// bare is a loop that jumps to the function's start: it has no frame to set up.
//
//go:noinline
func bare() {
	for {
	}
}

//go:noinline
func sample(n int) (sum int) {
	for i := range n {
		sum += i * sum
	}
	return sum
}
