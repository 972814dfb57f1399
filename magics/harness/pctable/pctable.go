// Package pctable looks things up in the tables that the linker makes for the runtime,
// which say of each instruction of a function how much of the stack is in use, which
// line it is from, which call was inlined there. The layout is that of Go 1.26.
package pctable

import "encoding/binary"

// Indices of a function's tables (internal/abi).
const (
	InlineIndexByPC = 2 // PCDATA_InlTreeIndex: of the call that was inlined, by instruction
	InlineTree      = 3 // FUNCDATA_InlTree: these calls
)

// None stands for the offset of a table that a function hasn't.
const None = ^uint32(0)

// Value is what a table says of the instruction at an offset in bytes from the
// function's start; -1: nothing. A table is pairs of differences, of the value and of
// the offset up to which it holds in units of quantum bytes, as runtime.step reads them.
func Value(table []byte, offset, quantum uint64) int {
	end, value := uint64(0), -1
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
		value += int(int32(-(uint32(delta) & 1) ^ uint32(delta)>>1))
		if end += length * quantum; offset < end {
			return value
		}
	}
	return -1
}
