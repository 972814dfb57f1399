// Package trap ends a goroutine of the worker from outside, by making it panic
// in the middle of the cells' code.
//
// Go has no call for that, but it has a way in: a fault at a small address is a
// nil dereference, which the runtime turns into a panic at the place of the
// fault. So the hunt sends SIGUSR2 to the worker's threads; its handler, in C
// (hunt.c), looks at what the thread was doing, and when that is the wanted
// goroutine at a place where a panic does no harm (rt.Function), it queues a
// SIGSEGV with si_code SEGV_MAPERR and si_addr 0 to its own thread. The runtime
// finds that on the return from the handler. Nothing of this exists before an
// interrupt: code that isn't interrupted pays nothing.
//
// Only the functions of the cells' own package qualify, and those of the user's
// own modules, so no lock of the runtime or of the standard library is held. A goroutine that is elsewhere, in
// a long call of a library, is hit when it comes back. For one that waits a
// breakpoint is left in the code (Trap.Stay), where it comes back to: it costs
// nothing until then.
//
// Which functions those are is found out while hunting: the handler reports the
// address at which it met the goroutine, the hunt looks the function up (package
// rt) and gives the handler a new table.
//
// The package is built into workers for thin cells on linux, amd64 and arm64.
// Elsewhere, and in workers with a sanitizer, which takes signals for itself, New
// says that it isn't there, and an interrupt ends the worker.
//
// It starts no goroutines: a hunt runs on its caller's, which spends it in C, so
// that the wanted goroutine has the processor.
package trap
