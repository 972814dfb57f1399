package sampler

import (
	"runtime"
	"unsafe"

	"hpgo/magics/harness/pctable"
)

// This file reads the tables that the linker makes for the runtime, which tells
// others less than it knows: how much of the stack a function uses at each
// instruction, and which calls were inlined where. The layout is that of Go 1.26;
// tablesAsExpected tries it on functions of this package.

// funcInfo is runtime.funcInfo.
type funcInfo struct {
	record *funcRecord
	module *moduleTables
}

// funcRecord is runtime._func. Behind it stand the offsets of its tables: those by
// instruction, then those of other data.
type funcRecord struct {
	_           [4]uint32 // entry, name, arguments, deferreturn
	stackDepths uint32    // pcsp
	_           [2]uint32 // files, lines
	byPC        uint32    // npcdata
	_           [2]uint32 // unit, line of its start
	_           [3]uint8
	others      uint8 // nfuncdata
}

// moduleTables is the beginning of runtime.moduledata.
type moduleTables struct {
	_            unsafe.Pointer // header
	_            []byte         // names
	_            []uint32
	_            []byte // files
	tables       []byte // pctab
	_            []byte
	_            []uint64    // functions
	_            uintptr     // findfunctab
	minPC, maxPC uintptr     //
	_            [12]uintptr // text to ecovctrs
	_            [3]uintptr  // end, gcdata, gcbss
	_            [3]uintptr  // types, etypes, rodata
	others       uintptr     // gofunc: the base of data that isn't by instruction
}

// inlinedCall is runtime.inlinedCall.
type inlinedCall struct {
	_      [4]uint8
	_      int32
	parent int32 // place of the call, from the start of the function
	_      int32
}

//go:linkname findfunc runtime.findfunc
func findfunc(pc uintptr) funcInfo

// pointer is the address of code or tables, which the collector doesn't move.
func pointer(pc uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&pc)) }

// offset is the i-th number behind the record.
func (f funcInfo) offset(i uint32) uint32 {
	return *(*uint32)(unsafe.Add(unsafe.Pointer(f.record), unsafe.Sizeof(funcRecord{})+4*uintptr(i)))
}

// depth is how many bytes the function has put on the stack at pc, above its
// return address; -1 if that isn't known.
func (f funcInfo) depth(pc uintptr) int { return f.value(f.record.stackDepths, pc) }

// value looks pc up in a table; -1 if it has none.
func (f funcInfo) value(table uint32, pc uintptr) int {
	if table == 0 || uint64(table) >= uint64(len(f.module.tables)) {
		return -1
	}
	return pctable.Value(f.module.tables[table:], uint64(pc-runtime.FuncForPC(pc).Entry()), 1)
}

// caller is the place in the same function from which the code at pc was inlined;
// 0 if it wasn't.
func (f funcInfo) caller(pc uintptr) uintptr {
	if f.record == nil || f.record.byPC <= pctable.InlineIndexByPC || f.record.others <= pctable.InlineTree {
		return 0
	}
	tree := f.offset(f.record.byPC + pctable.InlineTree)
	if tree == pctable.None {
		return 0
	}
	i := f.value(f.offset(pctable.InlineIndexByPC), pc)
	if i < 0 {
		return 0
	}
	call := (*inlinedCall)(unsafe.Add(pointer(f.module.others+uintptr(tree)), uintptr(i)*unsafe.Sizeof(inlinedCall{})))
	return runtime.FuncForPC(pc).Entry() + uintptr(call.parent)
}

// calledHere is inlined where it is called; the first address is of the call in it.
func calledHere(pcs []uintptr) int { return runtime.Callers(1, pcs) }

// tablesAsExpected compares the tables with what the runtime itself says: nothing
// is on the stack where a function begins, something where it calls another, and
// callers of inlined functions are those of its own stacks.
func tablesAsExpected() bool {
	if runtime.GOARCH != "amd64" { // elsewhere addresses are multiples, and the caller is in a register
		return false
	}
	var pcs [4]uintptr
	n := calledHere(pcs[:])
	for i, ret := range pcs[:n] {
		f := findfunc(ret - 1)
		if f.record == nil || f.module == nil || ret-1 < f.module.minPC || ret-1 >= f.module.maxPC {
			return false
		}
		entry := runtime.FuncForPC(ret - 1).Entry()
		if f.depth(entry) != 0 {
			return false
		}
		if d := f.depth(ret - 1); d < 8 || d%8 != 0 {
			return false
		}
		if outer := f.caller(ret - 1); outer != 0 && i+1 < n && outer+1 != pcs[i+1] {
			return false
		}
	}
	return n > 0
}
