//go:build hpgo_live

package main

import (
	_ "unsafe" // for go:linkname

	"hpgo/kernel/worker/child"
)

// traceAdvance has the runtime write the generation of an execution trace that it
// collects, and waits for that; without a trace it does nothing (runtime/trace.go).
//
//go:linkname traceAdvance runtime.traceAdvance
func traceAdvance(stop bool)

// exitHook is exithook.Hook, as of Go 1.26.
type exitHook struct {
	f         func()
	onFailure bool // also when the status isn't 0
}

//go:linkname addExitHook internal/runtime/exithook.Add
func addExitHook(h exitHook)

// inner is what this program reaches of the runtime.
func inner() child.Inner {
	return child.Inner{
		FlushTrace: func() { traceAdvance(false) },
		AtExit:     func(f func()) { addExitHook(exitHook{f, true}) },
	}
}
