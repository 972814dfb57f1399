package sampler

import (
	"encoding/binary"
	"runtime"
	"unsafe"
)

// leafCallers puts back a frame that a walk along frame pointers misses. A
// function that has no frame of its own, or is just making or leaving it, has not
// stored its caller's frame pointer: the walk goes on with the caller's caller.
// Its return address is on top of the stack. How far from there it lies at each
// instruction is in the tables with which the runtime itself walks stacks.
type leafCallers struct {
	known map[uintptr]int // by instruction: where on the stack the missing return address is, or whole
	blind bool            // the tables can't be read
}

// whole says that the walk misses nothing.
const whole = -1

func newLeafCallers() leafCallers {
	c := leafCallers{known: map[uintptr]int{}}
	c.blind = runtime.GOARCH != "amd64" || !tablesAsExpected()
	return c
}

// repair returns the chain with the caller of its innermost function. top is the
// top of the stack.
func (c *leafCallers) repair(chain []uintptr, top []byte) []uintptr {
	if c.blind || len(chain) == 0 {
		return chain
	}
	at, ok := c.known[chain[0]]
	if !ok {
		at = missingAt(chain[0])
		c.known[chain[0]] = at
	}
	if at == whole || at+8 > len(top) {
		return chain
	}
	caller := uintptr(binary.NativeEndian.Uint64(top[at:]))
	if findfunc(caller-1).record == nil {
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

// funcInfo is runtime.funcInfo.
type funcInfo struct {
	record *funcRecord
	module *moduleTables
}

// funcRecord is the beginning of runtime._func.
type funcRecord struct {
	entry       uint32
	_           int32 // name
	_           int32 // arguments
	_           uint32
	stackDepths uint32 // where in the tables of its module those of pcsp are
}

// moduleTables is the beginning of runtime.moduledata.
type moduleTables struct {
	_      unsafe.Pointer // header
	_      []byte         // names
	_      []uint32
	_      []byte // files
	tables []byte // pctab
}

//go:linkname findfunc runtime.findfunc
func findfunc(pc uintptr) funcInfo

// pointer is the address of code, which the collector doesn't move.
func pointer(pc uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&pc)) }

// depth is how many bytes the function has put on the stack at pc, above its
// return address; -1 if that isn't known. The table is pairs of differences, of
// the value and of the address up to which it holds, as runtime.step reads them.
func (f funcInfo) depth(pc uintptr) int {
	if f.record.stackDepths == 0 || uint64(f.record.stackDepths) >= uint64(len(f.module.tables)) {
		return -1
	}
	table := f.module.tables[f.record.stackDepths:]
	end, depth := runtime.FuncForPC(pc).Entry(), -1
	for first := true; len(table) > 0 && (first || table[0] != 0); first = false {
		delta, n := binary.Uvarint(table)
		if n <= 0 {
			return -1
		}
		length, m := binary.Uvarint(table[n:])
		if m <= 0 {
			return -1
		}
		table = table[n+m:]
		depth += int(int32(-(uint32(delta) & 1) ^ uint32(delta)>>1))
		if end += uintptr(length); pc < end {
			return depth
		}
	}
	return -1
}

// tablesAsExpected tries the tables on functions of this package: nothing is on
// the stack where one begins, and something where it calls another.
func tablesAsExpected() bool {
	var pcs [4]uintptr
	n := runtime.Callers(1, pcs[:])
	for _, ret := range pcs[:n] {
		f := findfunc(ret - 1)
		if f.record == nil || f.module == nil {
			return false
		}
		if f.depth(runtime.FuncForPC(ret-1).Entry()) != 0 {
			return false
		}
		if d := f.depth(ret - 1); d < 8 || d%8 != 0 {
			return false
		}
	}
	return n > 0
}
