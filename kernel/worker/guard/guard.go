// Package guard catches panics and describes them as Go would print them.
//
// It is linked into the worker and into every cell, so it imports only the
// standard library. Generated code puts it around each goroutine that a cell
// starts:
//
//	go func() { defer guard.Recover(); f(x) }()
//
// so that a panic there is reported to the kernel instead of ending the worker
// with all its variables. The worker's child side sets the handler; in an
// ordinary program there is none, and Recover lets the panic go on as if it
// were not there.
//
// The package starts no goroutines. Its one piece of state is the handler,
// which is set once, before user code runs, and shared by the worker and all
// cells that it loads.
package guard

import "sync/atomic"

// Panic describes one recovered panic.
type Panic struct {
	// Value is the text that Go prints after "panic: ", runtime error messages
	// included; only values for which Go prints no more than an address are
	// spelled out instead.
	Value string `json:"value"`
	// GoType is the type of the value, "runtime.boundsError" for instance.
	GoType string `json:"goType"`
	// Frames is the stack at the panic, innermost first, without the runtime's
	// own frames on top and without the worker's below the cell.
	Frames []Frame `json:"frames"`
	// Goroutine is true for a panic in a goroutine that a cell started.
	Goroutine bool `json:"goroutine,omitempty"`
	// Loading is true when the panic came while the object was being loaded,
	// from the initialisation of a package.
	Loading bool `json:"loading,omitempty"`
}

// Frame is one call on the stack of a panic.
type Frame struct {
	Func string `json:"func"`
	File string `json:"file"`
	Line int    `json:"line"`
	// Elided counts the frames that were left out before this one, in very
	// deep stacks.
	Elided int `json:"elided,omitempty"`
}

// handler receives the panics of goroutines; nil in ordinary programs. It has
// to be package state: the deferred call in generated code has no other way to
// reach the worker.
var handler atomic.Pointer[func(*Panic)]

// Handle sets the function that receives the panics caught by Recover; nil
// removes it. The function is called on the goroutine that panicked.
func Handle(h func(*Panic)) {
	if h == nil {
		handler.Store(nil)
		return
	}
	handler.Store(&h)
}

// Recover stops a panic and hands its description to the handler. It must be
// deferred directly. Without a handler the panic continues. A goroutine that
// ends normally or by runtime.Goexit is left alone.
func Recover() {
	h := handler.Load()
	if h == nil {
		return
	}
	v := recover()
	if v == nil {
		return
	}
	p := Describe(v)
	p.Goroutine = true
	(*h)(p)
}
