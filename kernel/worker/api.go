package worker

import (
	"fmt"
	"log/slog"
	"time"

	"hpgo/kernel/display"
	"hpgo/kernel/worker/frame"
	"hpgo/kernel/worker/guard"
)

// DefaultOutputLimit is how much text one cell may write. A front end that
// gets more than this in one output stops responding long before the kernel
// does.
const DefaultOutputLimit = 16 << 20

// Options say how a worker is started.
type Options struct {
	// Exe is the path of the worker program.
	Exe string
	// Args is the whole argument list, with the program's name first; empty: Exe.
	Args []string
	// Dir is the working directory at the start; empty: the kernel's.
	Dir string
	// Env is the environment at the start; nil: the kernel's.
	Env []string
	// Package is the import path of the cells' code, where an interrupt may stop
	// it; empty: an interrupt ends the worker.
	Package string
	// Libraries names further code in which an interrupt may stop a cell, by
	// import paths with all that lies below them. It may be nil, and is asked at
	// each interrupt.
	Libraries func() []string
	// MemoryLimit in bytes of resident memory, where the worker is killed;
	// 0: DefaultMemoryLimit(); negative: none.
	MemoryLimit int64
	// OutputLimit in bytes of text per cell, after which text is read but
	// dropped; 0: DefaultOutputLimit; negative: none.
	OutputLimit int64
	// Background receives what goroutines of earlier cells produce between
	// calls; nil: it is kept, within limits, for the next call's sink.
	Background Sink
	// Comm receives the comm messages of the worker for the page, in order and in
	// their place among its output. It must not block. Comms that are open when
	// the worker ends are closed through it. nil: nobody listens.
	Comm func(display.Comm)
	// Started is told of the worker that Run has started; it may be nil.
	Started func(*Worker)
	// Want is told that the worker wants to be called back: with a Call that has
	// this Callback, when nothing else runs. It must not block; nil: never called.
	Want func(callback string)
	// Log receives the room's own doings; nil: nothing is logged.
	Log *slog.Logger
}

// Sink receives what a running cell produces, in order. Calls never overlap. One
// that is an Asker is asked for the cell's standard input; with any other the
// input has ended.
type Sink interface {
	// Stream carries text written to "stdout" or "stderr", cut on rune
	// boundaries, always valid UTF-8.
	Stream(name, text string)
	// Display carries display, update and clear events; the cell's result
	// stands in Reply.Value.
	Display(display.Event)
	// Panic reports a panic in a goroutine that this or an earlier cell
	// started. The goroutine has ended, the worker lives.
	Panic(*Panic)
}

// Call names a cell's entry function and what it should find around it.
type Call = frame.Call

// Cost is what a process spent while a cell ran.
type Cost = frame.Cost

// Flight asks for a flight recorder, and Flown is what became of that.
type (
	Flight = frame.Flight
	Flown  = frame.Flown
)

// FlightHeader is how many bytes say what a trace is: of the files of a flight
// recorder, those of all but the first are to be left out.
const FlightHeader = frame.FlightHeader

// FlightFiles are the files of a flight recorder, oldest first, also after the
// worker's death.
func FlightFiles(f *Flight) []string { return frame.FlightFiles(f.File) }

// Stopped tells how an interrupt ended a call.
type Stopped = frame.Stopped

// Panic describes a recovered panic.
type Panic = guard.Panic

// Frame is one call on the stack of a Panic.
type Frame = guard.Frame

// Reply is the outcome of a call whose cell ended.
type Reply struct {
	// Value is the value of the last expression; nil without one.
	Value *display.Bundle
	// Panic is set when the cell's own goroutine panicked.
	Panic *Panic
	// Interrupted is set when an interrupt ended the call; Panic is nil then.
	Interrupted *Stopped
	// Goexit is true when the cell ended itself by runtime.Goexit.
	Goexit bool
	// Dir is the worker's directory at the end, changed or not.
	Dir string
	// LoadTime is what it took to bring the code into the process, RunTime
	// what the entry function took, both measured in the worker.
	LoadTime, RunTime time.Duration
	// Cost is there when the call asked for it.
	Cost *Cost
	// Flight is there when the flight recorder that the call asked for wrote what it
	// kept, or should have.
	Flight *Flown
	// Left is how many goroutines the call left behind, whose tracebacks are in the file
	// of Call.Watch.
	Left int
	// Truncated is true when text was dropped because of OutputLimit; Dropped
	// counts its bytes.
	Truncated bool
	Dropped   int64
}

// LoadError is a cell that could not be loaded or prepared. Nothing of it ran;
// the worker lives on.
type LoadError struct {
	Object  string
	Message string
}

// Error returns the message.
func (e *LoadError) Error() string { return e.Message }

// Usage is what a worker takes.
type Usage struct {
	RSS     int64 // resident memory now, in bytes
	PeakRSS int64 // its highest value (VmHWM) since the process began or a magic has set it back
	// Goroutines counts all in the worker, its own reader included, and for a
	// moment after a call also the one that answered it; Loaded counts the
	// objects. Both are 0 when the worker did not answer in time.
	Goroutines, Loaded int
	// Pace is how the runtime runs it; nil when it did not answer in time.
	Pace *Pace
}

// Pace is how a worker's runtime runs it: GOGC, GOMEMLIMIT, GOMAXPROCS.
type Pace = frame.Pace

// Tune is a change of that.
type Tune = frame.Tune

// withDefaults fills in what was left open.
func (o Options) withDefaults() (Options, error) {
	if len(o.Args) == 0 {
		o.Args = []string{o.Exe}
	}
	if o.MemoryLimit == 0 {
		limit, err := DefaultMemoryLimit()
		if err != nil {
			return o, err
		}
		o.MemoryLimit = limit
	}
	if o.OutputLimit == 0 {
		o.OutputLimit = DefaultOutputLimit
	}
	if o.Comm == nil {
		o.Comm = func(display.Comm) {}
	}
	if o.Want == nil {
		o.Want = func(string) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o, nil
}

// byteSize writes a number of bytes for people.
func byteSize(n int64) string {
	const unit = 1024
	switch {
	case n < unit:
		return fmt.Sprintf("%d bytes", n)
	case n < unit*unit:
		return fmt.Sprintf("%.1f KiB", float64(n)/unit)
	case n < unit*unit*unit:
		return fmt.Sprintf("%.1f MiB", float64(n)/(unit*unit))
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(unit*unit*unit))
}
