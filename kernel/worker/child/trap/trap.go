//go:build hpgo_live && linux && cgo && !race && !msan && !asan && (amd64 || arm64)

package trap

// #cgo CFLAGS: -O2 -Wall
// #include <stdlib.h>
// #include "hunt.h"
import "C"

import (
	"fmt"
	"slices"
	"sync"
	"time"
	"unsafe"

	"hpgo/kernel/worker/child"
	"hpgo/kernel/worker/child/trap/rt"
)

const (
	// pause is the time between two signals while a hit is expected soon; later
	// it is patient, not to take a core from what the cell does.
	pause   = 20 * time.Microsecond
	patient = time.Millisecond
	// eager is how long the first hunts for a goroutine go on with short pauses.
	eager = time.Second
	// slice is how long a hunt stays in C.
	slice = 10 * time.Millisecond
)

// trap implements child.Trap.
type trap struct {
	layout  rt.Layout
	objects func() []string // files of the loaded cells

	mu        sync.Mutex // held by a hunt
	code      child.Code // for which the functions below were judged
	spans     []span
	functions []rt.Function // ascending
	staying   int           // breakpoints that wait for a goroutine
}

// span is a range of addresses.
type span struct{ start, end uintptr }

// New checks the runtime and returns the trap. objects tells which files were
// loaded into the process.
func New(objects func() []string) (child.Trap, error) {
	layout, err := rt.Check()
	if err != nil {
		return nil, fmt.Errorf("the trap doesn't know this runtime: %w", err)
	}
	C.hpgo_layout(C.size_t(layout.ID), C.size_t(rt.PanicOffset))
	return &trap{layout: layout, objects: objects}, nil
}

// Self implements child.Trap.
func (t *trap) Self() child.Goroutine {
	g := rt.Current()
	return child.Goroutine{G: g, ID: t.layout.Number(g)}
}

// Waiting implements child.Trap.
func (t *trap) Waiting(g child.Goroutine) bool {
	return t.layout.Number(g.G) == g.ID && rt.Waiting(g.G)
}

// Find implements child.Trap.
func (t *trap) Find(wanted map[uint64]bool) []child.Goroutine {
	found := make([]child.Goroutine, 0, len(wanted))
	t.layout.Each(func(g uintptr, id uint64) {
		if wanted[id] {
			found = append(found, child.Goroutine{G: g, ID: id})
		}
	})
	return found
}

// Hunt implements child.Trap.
func (t *trap) Hunt(h child.Hunt) (hit []child.Goroutine, seen bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if errno := C.hpgo_install(); errno != 0 {
		return nil, seen
	}
	t.judge(h.Code)
	t.spans = mapped(t.objects())
	t.publish()
	targets := make([]C.hpgo_target, min(len(h.Goroutines), C.HPGO_TARGETS))
	if len(targets) == 0 {
		return nil, seen
	}
	start := time.Now()
	for {
		left := h.Within - time.Since(start)
		select {
		case <-h.Stop:
			return nil, seen
		default:
		}
		if left <= 0 {
			return nil, seen
		}
		for i := range targets {
			g := h.Goroutines[i]
			targets[i] = C.hpgo_target{g: C.uintptr_t(g.G), id: C.uint64_t(g.ID), force: C.int(oneIf(h.Force))}
		}
		every := pause
		if h.Waited+time.Since(start) > eager {
			every = patient
		}
		out := C.hpgo_hunt(&targets[0], C.int(len(targets)), C.int(h.Skip), C.long(h.Rest.Microseconds()), C.long(min(left, slice).Microseconds()), C.long(every.Microseconds()))
		seen = seen || out.seen != 0
		if out.unknown != 0 {
			t.learn(uintptr(out.unknown))
		}
		if out.hits == 0 {
			continue
		}
		for i, target := range targets {
			if target.hit != 0 {
				hit = append(hit, h.Goroutines[i])
			}
		}
		return hit, seen
	}
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// judge sets the code that counts. Functions in which a breakpoint stays are not
// read again: their code isn't what it was.
func (t *trap) judge(code child.Code) {
	if t.code.Package == code.Package && slices.Equal(t.code.Libraries, code.Libraries) || t.staying > 0 {
		return
	}
	t.code, t.functions = code, nil
}

// learn looks at the function around an address and tells the handler.
func (t *trap) learn(pc uintptr) {
	f, ok := rt.Find(pc, t.code.Package, t.code.Libraries)
	if !ok {
		f = rt.Function{Start: pc, End: pc + 1} // C code: it won't be asked for again
	}
	i, known := slices.BinarySearchFunc(t.functions, f.Start, func(f rt.Function, start uintptr) int {
		switch {
		case f.Start < start:
			return -1
		case f.Start > start:
			return 1
		}
		return 0
	})
	if known {
		return
	}
	t.functions = slices.Insert(t.functions, i, f)
	t.publish()
}

// publish gives the handler what is known, copied into one block of C's memory.
func (t *trap) publish() {
	places := 0
	for _, f := range t.functions {
		places += len(f.Places)
	}
	const spanSize, wordSize = unsafe.Sizeof(C.hpgo_span{}), unsafe.Sizeof(uintptr(0))
	spans := len(t.spans) + len(t.functions)
	size := unsafe.Sizeof(C.hpgo_table{}) + uintptr(spans)*spanSize + uintptr(places)*wordSize
	block := C.malloc(C.size_t(size)) // it doesn't return nil: cgo ends the process
	at := unsafe.Add(block, unsafe.Sizeof(C.hpgo_table{}))
	spanList := unsafe.Slice((*C.hpgo_span)(at), spans)
	placeAt := unsafe.Add(at, uintptr(spans)*spanSize)
	placeList := unsafe.Slice((*C.uintptr_t)(placeAt), places)
	for i, s := range t.spans {
		spanList[i] = C.hpgo_span{start: C.uintptr_t(s.start), end: C.uintptr_t(s.end)}
	}
	n := 0
	for i, f := range t.functions {
		spanList[len(t.spans)+i] = C.hpgo_span{C.uintptr_t(f.Start), C.uintptr_t(f.End), C.size_t(len(f.Places))}
		for _, p := range f.Places {
			placeList[n] = C.uintptr_t(p)
			n++
		}
	}
	*(*C.hpgo_table)(block) = C.hpgo_table{
		spans: C.size_t(len(t.spans)), functions: C.size_t(len(t.functions)), places: C.size_t(places),
		span:     (*C.hpgo_span)(at),
		function: (*C.hpgo_span)(unsafe.Add(at, uintptr(len(t.spans))*spanSize)),
		place:    (*C.uintptr_t)(placeAt),
	}
	C.hpgo_publish((*C.hpgo_table)(block))
}
