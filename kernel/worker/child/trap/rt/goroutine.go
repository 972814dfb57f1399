//go:build hpgo_live && linux && (amd64 || arm64)

package rt

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"unsafe"
)

// PanicOffset is where the descriptor of a goroutine (runtime.g) points to its
// innermost panic; nil while none is in progress. The linker relies on the same
// place (runtime2.go: "offset known to liblink").
const PanicOffset = 4 * unsafe.Sizeof(uintptr(0))

// searched is how many bytes of a descriptor are looked at to find its number.
const searched = 256

// Current returns the address of the running goroutine's descriptor. It is what
// the register of the g holds: R14 on amd64, R28 on arm64
// (src/cmd/compile/abi-internal.md).
func Current() uintptr

// CurrentID returns the running goroutine's number, as tracebacks show it.
func CurrentID() uint64 {
	var buf [64]byte
	text := buf[:runtime.Stack(buf[:], false)]
	text, _ = bytes.CutPrefix(text, []byte("goroutine "))
	digits, _, _ := bytes.Cut(text, []byte(" "))
	id, _ := strconv.ParseUint(string(digits), 10, 64)
	return id
}

// word reads a word of a descriptor. Descriptors are never freed: the runtime
// keeps all of them in allgs and uses those of ended goroutines again.
func word(g, offset uintptr) uint64 {
	base := *(*unsafe.Pointer)(unsafe.Pointer(&g))
	return *(*uint64)(unsafe.Add(base, offset))
}

//go:linkname readgstatus runtime.readgstatus
func readgstatus(g unsafe.Pointer) uint32

//go:linkname forEachGRace runtime.forEachGRace
func forEachGRace(f func(g unsafe.Pointer))

// Waiting reports whether a goroutine is parked: it waits for a channel, a lock,
// a timer, the network. (_Gwaiting, in runtime2.go.)
func Waiting(g uintptr) bool {
	const waiting, scan = 4, 0x1000
	return readgstatus(*(*unsafe.Pointer)(unsafe.Pointer(&g)))&^scan == waiting
}

// Each calls f with the descriptor and number of every goroutine, and of ended
// ones whose descriptor wasn't used again. f must not allocate much: goroutines
// that start meanwhile are not seen.
func (l Layout) Each(f func(g uintptr, id uint64)) {
	forEachGRace(func(g unsafe.Pointer) { f(uintptr(g), word(uintptr(g), l.ID)) })
}

// Number returns the number of the goroutine that has a descriptor now.
func (l Layout) Number(g uintptr) uint64 { return word(g, l.ID) }

// Layout is where the fields of a descriptor are.
type Layout struct {
	ID uintptr // offset of goid
}

// Check finds the layout of descriptors, by looking for the known numbers of a
// few goroutines, and compares this package's assumptions with the runtime.
func Check() (Layout, error) {
	var common []uintptr
	for i := range 3 {
		got := make(chan []uintptr)
		go func() { got <- offsetsOf(Current(), CurrentID()) }()
		if offsets := <-got; i == 0 {
			common = offsets
		} else {
			common = shared(common, offsets)
		}
	}
	if len(common) != 1 {
		return Layout{}, fmt.Errorf("a goroutine's number was found at %d places of its descriptor, want 1", len(common))
	}
	l := Layout{ID: common[0]}
	found := false
	me := Current()
	l.Each(func(g uintptr, id uint64) { found = found || g == me && id == l.Number(me) })
	if !found {
		return l, errors.New("the list of goroutines lacks the current one")
	}
	if Waiting(me) {
		return l, errors.New("a running goroutine has the state of a waiting one")
	}
	if before, during, after := panicWords(); before != 0 || during == 0 || after != 0 {
		return l, errors.New("the panic in progress is not where it was expected")
	}
	return l, checkFunctions()
}

// offsetsOf returns where a descriptor holds a number.
func offsetsOf(g uintptr, id uint64) []uintptr {
	var out []uintptr
	for off := uintptr(0); off < searched; off += unsafe.Sizeof(g) {
		if word(g, off) == id {
			out = append(out, off)
		}
	}
	return out
}

func shared(a, b []uintptr) []uintptr {
	var out []uintptr
	for _, x := range a {
		for _, y := range b {
			if x == y {
				out = append(out, x)
			}
		}
	}
	return out
}

// panicWords reads the word at PanicOffset before, in and after a panic.
func panicWords() (before, during, after uint64) {
	before = word(Current(), PanicOffset)
	func() {
		defer func() {
			during = word(Current(), PanicOffset)
			_ = recover()
		}()
		panic("check")
	}()
	return before, during, word(Current(), PanicOffset)
}
