package sampler

import (
	"encoding/binary"
)

// leafCallers puts back a frame that a walk along frame pointers misses. A
// function that has no frame of its own, or is just making or leaving it, has not
// stored its caller's frame pointer: the walk goes on with the caller's caller.
// Its return address is on top of the stack. How far from there it lies at each
// instruction is in the tables with which the runtime itself walks stacks.
type leafCallers struct {
	known map[uintptr]int // by instruction: where on the stack the missing return address is, or whole
	blind bool            // the tables can't be read
	// missing finds what known remembers, and isCode tells code from what else may lie
	// on a stack.
	missing func(pc uintptr) int
	isCode  func(pc uintptr) bool
}

// whole says that the walk misses nothing.
const whole = -1

// newLeafCallers is for this process.
func newLeafCallers() leafCallers {
	isGo := func(pc uintptr) bool { return findfunc(pc).record != nil }
	return leafCallers{known: map[uintptr]int{}, blind: !tablesAsExpected(), missing: missingAt, isCode: isGo}
}

// repair returns the chain with the caller of its innermost function. top is the
// top of the stack.
func (c *leafCallers) repair(chain []uintptr, top []byte) []uintptr {
	if c.blind || len(chain) == 0 {
		return chain
	}
	at, ok := c.known[chain[0]]
	if !ok {
		at = c.missing(chain[0])
		c.known[chain[0]] = at
	}
	if at == whole || at+8 > len(top) {
		return chain
	}
	caller := uintptr(binary.NativeEndian.Uint64(top[at:]))
	if !c.isCode(caller - 1) {
		return chain
	}
	chain = append(chain, 0)
	copy(chain[2:], chain[1:])
	chain[1] = caller
	return chain
}

// setFramePointer is MOVQ SP, BP.
var setFramePointer = [3]byte{0x48, 0x89, 0xe5}

// missingAt is the offset from the top of the stack to the return address of the
// function that runs at pc, if its frame pointer isn't that of the function.
func missingAt(pc uintptr) int {
	f := findfunc(pc)
	if f.record == nil {
		return whole
	}
	switch f.depth(pc) {
	case 0:
		return 0
	case 8: // the caller's frame pointer was stored; this instruction sets its own
		if *(*[3]byte)(pointer(pc)) == setFramePointer {
			return 8
		}
	}
	return whole
}
