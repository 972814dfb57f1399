// Package live knows how a compiled cell enters a process. An Engine turns a
// unit (one version of the session's package) into an object that a worker can
// load; the rest of the kernel doesn't know which engine that is.
//
// Three engines fit behind the interface: plugin (shared objects with shared
// data, package plugin), fresh (a whole program per cell, package fresh), and a
// loader of our own, which doesn't exist yet. Everything that rests on the
// internals of the toolchain stays inside the engines' packages.
package live

import (
	"context"
	"time"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
)

// Object is a cell ready to be loaded.
type Object struct {
	File    string // path of the shared object or program
	Symbol  string // what to call in it
	Cell    int    // the cell that it was built for; an equal cell may call it again
	Compile time.Duration
	Link    time.Duration
	Size    int64 // bytes of the file
	// Messages are what the compiler was asked for by flags such as -m.
	Messages string
	// NamesC says that the file tells the names of C functions, which profiles look up:
	// it is needed as long as its code is loaded.
	NamesC bool
	Counts bool // it has packages with counters, which nobody else should use
}

// Engine makes objects for one session.
type Engine interface {
	// Name is "plugin" or "fresh".
	Name() string
	// KeepsValues reports whether variables live on from cell to cell.
	KeepsValues() bool
	// Worker returns the executable of the worker process, building it when
	// needed. An engine that needs no lasting worker returns "".
	Worker(ctx context.Context) (string, error)
	// Build compiles and links a unit. Errors in the user's code are cell.Errors.
	Build(ctx context.Context, u *cell.Unit, opt build.Options) (*Object, error)
	// Loaded tells that a worker loaded the object, before its file is removed.
	Loaded(o *Object)
	// Close removes the engine's files.
	Close() error
}
