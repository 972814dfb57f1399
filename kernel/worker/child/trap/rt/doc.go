// Package rt is what the trap knows of Go's runtime: goroutines by the address
// of their descriptor, and the places in a function where a goroutine may be
// made to panic.
//
// It rests on internals of Go 1.26, each named where it is used, and is only
// there in a worker that was built for thin cells (tag hpgo_live), which links
// against the runtime's own functions. Check compares what can be compared with
// the runtime that is linked in; the session's self-check tries the whole.
//
// The package starts goroutines only in Check, which waits for them.
package rt
