// Package compiler holds the magics that show what the compiler made of Go:
// %disasm the machine code, %escape, %bce, %inline and %opt its remarks, %annotate
// and %%annotate both beside the source, %ssa how it got there.
//
// The code is that which runs: a cell's own object, or one compiled as the cells are
// for a function that nothing else keeps; with flags such as -fresh and -v3 that of a
// program of the go command. Remarks are of the same compilation.
package compiler

import (
	"slices"

	"hpgo/magics/magic"
	"hpgo/magics/result"
)

// Rows are the magics of the compiler.
func Rows() []magic.Magic {
	return slices.Concat(annotateRows(), optRows(), disasmRows(), ssaRows())
}

// cellName is how the statements of a cell outside of its functions are called.
const cellName = result.EntryName
