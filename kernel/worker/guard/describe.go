package guard

import (
	"fmt"
	"reflect"
	"runtime"
	"strconv"
	"strings"
)

const (
	// maxValue cuts the text of a panic value: it becomes an error message.
	maxValue = 64 << 10
	// A deep recursion can have millions of frames; both ends tell the story.
	keepInner = 200
	keepOuter = 50
	// workerPackages marks the frames of the process that called the cell.
	workerPackages = "hpgo/kernel/worker/child"
)

// Describe builds the description of the panic value v. It must be called by
// the deferred function that recovered v, or deeper, so that the stack of the
// panic is still there.
func Describe(v any) *Panic {
	return &Panic{Value: Value(v), GoType: fmt.Sprintf("%T", v), Frames: panicFrames()}
}

// Value returns what Go prints after "panic: " for v. Go prints a mere address
// for structs, slices and the like; these are spelled out with their type.
func Value(v any) (text string) {
	defer func() {
		// The value's own method panicked; Go would end the program here.
		if r := recover(); r != nil {
			text = fmt.Sprintf("(%T) whose method panicked", v)
			if s, ok := r.(string); ok {
				text += ": " + clip(s)
			}
		}
	}()
	switch v := v.(type) {
	case error:
		return clip(v.Error())
	case fmt.Stringer:
		return clip(v.String())
	case string:
		return clip(v)
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.String {
		return clip(fmt.Sprintf("%T(\"%s\")", v, r.String())) // unquoted, as Go does it
	}
	return spell(v)
}

// clip shortens a text to maxValue bytes on a rune boundary.
func clip(s string) string {
	if len(s) <= maxValue {
		return s
	}
	n := maxValue
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "... (" + strconv.Itoa(len(s)-n) + " more bytes)"
}

// panicFrames returns the stack below the innermost panic in progress.
func panicFrames() []Frame {
	pcs := callers()
	frames := runtime.CallersFrames(pcs)
	var all []Frame
	called := ""
	for {
		f, more := frames.Next()
		if f.Function != "" || f.File != "" {
			if unplaced(f) && !strings.HasSuffix(called, startFunction) {
				f.File, f.Line = placeNear(f)
			}
			called = f.Function
			all = append(all, Frame{Func: f.Function, File: f.File, Line: f.Line})
		}
		if !more {
			break
		}
	}
	return elide(trim(all))
}

// generatedFile is the file of code that the rewriter has added to a cell.
const generatedFile = "hpgo_generated.go"

// startFunction is called at an entry's beginning for statements of earlier cells: no
// line of this cell is its place.
const startFunction = ".hpgo__start"

// unplaced reports whether a frame tells the user nothing: its place is a jump
// to which the compiler gave no line, or code that was added to the cell.
func unplaced(f runtime.Frame) bool { return f.Line < 1 || f.File == generatedFile }

// placeNear returns the source line of the code near an unplaced frame: before
// it, or else behind it.
func placeNear(f runtime.Frame) (file string, line int) {
	const reach = 64 // bytes of code
	at := func(pc uintptr) bool {
		n, _ := runtime.CallersFrames([]uintptr{pc + 1}).Next()
		file, line = n.File, n.Line
		return n.Function == f.Function && n.Entry == f.Entry && !unplaced(n)
	}
	for d := uintptr(1); d <= reach; d++ {
		if at(f.PC - d) {
			return file, line
		}
	}
	for d := uintptr(1); d <= reach; d++ {
		if at(f.PC + d) {
			return file, line
		}
	}
	return f.File, f.Line
}

// callers returns all return addresses of the goroutine.
func callers() []uintptr {
	for size := 256; ; size *= 4 {
		pcs := make([]uintptr, size)
		// Skip runtime.Callers and callers itself.
		if n := runtime.Callers(2, pcs); n < size || size > 1<<22 {
			return pcs[:n]
		}
	}
}

// trim removes what lies above the panic (this package, the deferred function,
// runtime.gopanic and the runtime's helpers that raised it) and what lies
// below the cell (the worker and the goroutine's start).
func trim(all []Frame) []Frame {
	for i, f := range all {
		if f.Func == "runtime.gopanic" {
			all = all[i+1:]
			for len(all) > 1 && inRuntime(all[0].Func) {
				all = all[1:]
			}
			break
		}
	}
	for len(all) > 0 && ofWorker(all[0].Func) {
		all = all[1:] // raised for the cell, by what it called in the worker
	}
	for i, f := range all {
		if belowCell(f.Func) {
			all = all[:i]
			break
		}
	}
	return all
}

// inRuntime says whether a function belongs to the runtime's inner works, as
// panicIndex, sigpanic or mapassign do; exported ones are the user's calls.
func inRuntime(name string) bool {
	if strings.HasPrefix(name, "internal/runtime/") {
		return true
	}
	rest, ok := strings.CutPrefix(name, "runtime.")
	return ok && rest != "" && (rest[0] < 'A' || rest[0] > 'Z')
}

// belowCell says whether a function is what called the cell: the worker, the
// runtime's start of a goroutine or a program, or the loading of a plugin.
func belowCell(name string) bool {
	switch name {
	case "runtime.goexit", "runtime.main", "runtime.doInit", "runtime.doInit1", "plugin.open":
		return true
	}
	return ofWorker(name)
}

// ofWorker says whether a function is the worker's own.
func ofWorker(name string) bool {
	rest, ok := strings.CutPrefix(name, workerPackages)
	return ok && rest != "" && (rest[0] == '.' || rest[0] == '/')
}

// elide leaves out the middle of a very deep stack.
func elide(all []Frame) []Frame {
	if len(all) <= keepInner+keepOuter {
		return all
	}
	outer := all[len(all)-keepOuter:]
	kept := append(append([]Frame{}, all[:keepInner]...), outer...)
	kept[keepInner].Elided = len(all) - len(kept)
	return kept
}
