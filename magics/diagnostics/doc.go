// Package diagnostics reads what the Go compiler says of the code it compiles: what
// escapes to the heap and why, which bounds checks are left, what was inlined.
//
// # Sources
//
// As tried with Go 1.26.8, neither of the compiler's two forms has all of it:
//
//   - The text of -m=2 has escapes with the way that the value takes, leaking
//     parameters, values that stay on the stack, functions that can and can't be
//     inlined with their cost, calls that were inlined and calls that were
//     devirtualised; that of -d=wb the write barriers, that of
//     -d=ssa/prove/debug the checks that were proved to be needless. Its positions
//     are those of //line directives, and equal lines come once.
//   - The files of -json have each check that is left, so that two in one place are
//     two, nil checks that are instructions of their own, calls that weren't inlined
//     and why, and large copies. Their positions are those in the generated files.
//     The go command doesn't write them when it finds the package in its cache, so
//     the directory has to be a new one each time, which makes it another key.
//
// Neither says anything of a call whose function can't be inlined at all, nor of one
// that stays one through an interface: those are in the machine code only.
package diagnostics
