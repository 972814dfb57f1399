// Package assembly reads the machine code of Go functions out of ELF files:
// programs, and the shared objects that live cells are. Names, lines and inlined
// calls come from the tables that the linker makes for the runtime, which stripped
// files have too; no other program is needed. The layout of these tables is that of
// Go 1.26 (runtime/symtab.go, runtime/runtime2.go, runtime/symtabinl.go).
//
// Instructions are decoded for amd64 and arm64.
package assembly
