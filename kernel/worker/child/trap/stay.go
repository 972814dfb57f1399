//go:build hpgo_live && linux && cgo && !race && !msan && !asan && (amd64 || arm64)

package trap

// #include "hunt.h"
import "C"

import (
	"runtime"
	"slices"
	"strings"

	"hpgo/kernel/worker/child"
	"hpgo/kernel/worker/guard"
)

// Stay implements child.Trap, by a breakpoint where the goroutine comes back to
// the cells' code.
func (t *trap) Stay(g child.Goroutine, code child.Code, stack []guard.Frame) (release func() (hit bool)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	back := returnTo(code.Package, stack)
	if back == 0 || C.hpgo_install() != 0 {
		return nil
	}
	t.judge(code)
	t.learn(back)
	if !t.isPlace(back) {
		return nil
	}
	slot := C.hpgo_stay(C.uintptr_t(back), C.uintptr_t(g.G), C.uint64_t(g.ID))
	if slot < 0 {
		return nil
	}
	t.staying++
	return func() bool {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.staying--
		return C.hpgo_leave(slot) != 0
	}
}

// isPlace reports whether a goroutine may be made to panic at an address.
func (t *trap) isPlace(pc uintptr) bool {
	for _, f := range t.functions {
		if f.Start <= pc && pc < f.End {
			_, ok := slices.BinarySearch(f.Places, pc)
			return ok
		}
	}
	return false
}

// returnTo finds where a waiting goroutine comes back to a package; 0 if that
// can't be told. Goroutines are told apart by their lines in the package: those
// that have the same ones return to the same address.
func returnTo(pkg string, stack []guard.Frame) uintptr {
	var lines []guard.Frame
	for _, f := range stack {
		if strings.HasPrefix(f.Func, pkg+".") {
			lines = append(lines, guard.Frame{File: f.File, Line: f.Line})
		}
	}
	records := make([]runtime.StackRecord, runtime.NumGoroutine()+100)
	n, ok := runtime.GoroutineProfile(records)
	if !ok || len(lines) == 0 {
		return 0
	}
	for _, r := range records[:n] {
		if back := innermost(pkg, r.Stack(), lines); back != 0 {
			return back
		}
	}
	return 0
}

// innermost returns the innermost return address in a package of a stack that has
// the given lines there; else 0.
func innermost(pkg string, stack []uintptr, lines []guard.Frame) (back uintptr) {
	for _, pc := range stack {
		frames := runtime.CallersFrames([]uintptr{pc})
		for {
			f, more := frames.Next()
			if strings.HasPrefix(f.Function, pkg+".") {
				if len(lines) == 0 || lines[0].File != f.File || lines[0].Line != f.Line {
					return 0
				}
				lines = lines[1:]
				if back == 0 {
					back = pc
				}
			}
			if !more {
				break
			}
		}
	}
	if len(lines) > 0 {
		return 0
	}
	return back
}
