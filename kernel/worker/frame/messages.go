package frame

import (
	"time"

	"hpgo/kernel/worker/guard"
)

// Descriptors of the two pipes and the shared page in the worker process. The
// environment variable EnvWorker tells a program that they are there; its value
// is the Version.
const (
	RequestFD  = 3 // the worker reads
	EventFD    = 4 // the worker writes
	ProgressFD = 5 // Progress, which the worker maps
	EnvWorker  = "HPGO_WORKER"
)

// Config is the kernel's first message.
type Config struct {
	Version int `json:"version"`
	// MemoryLimit is where the kernel kills the worker, in bytes; 0: nowhere.
	MemoryLimit int64 `json:"memoryLimit,omitempty"`
}

// Hello is the worker's first message.
type Hello struct {
	Version int    `json:"version"`
	PID     int    `json:"pid"`
	Go      string `json:"go"` // runtime.Version()
	Static  bool   `json:"static,omitempty"`
	// Traps is true when an Interrupt can stop a call.
	Traps bool `json:"traps,omitempty"`
	// NoTrap says why it can't.
	NoTrap string `json:"noTrap,omitempty"`
}

// Interrupt asks the worker to stop the call in progress and to answer it. It
// does nothing between two calls.
type Interrupt struct {
	// Package is the import path of the code in which the call may be stopped.
	Package string `json:"package"`
	// Libraries are further ones, with all that lies below them.
	Libraries []string `json:"libraries,omitempty"`
}

// Call asks the worker to load an object, if it is not loaded yet, and to run
// the entry function that Symbol names in it.
type Call struct {
	Cell   int    `json:"cell"`
	Object string `json:"object,omitempty"`
	Symbol string `json:"symbol,omitempty"`
	// Cost asks what the cell costs.
	Cost bool `json:"cost,omitempty"`
	// Callback asks for display.RunCallbacks of this widget instead of a cell:
	// Object and what stands below are empty.
	Callback string `json:"callback,omitempty"`
	// Args becomes os.Args.
	Args []string `json:"args,omitempty"`
	// OwnFlags names the flags that the cell defines itself; flags of earlier
	// cells that Args mentions are carried over unless they stand here.
	OwnFlags []string `json:"ownFlags,omitempty"`
	// Dir becomes the working directory; empty: it stays.
	Dir string `json:"dir,omitempty"`
	// Env holds the variables to set before the call, Unset those to remove.
	Env   map[string]string `json:"env,omitempty"`
	Unset []string          `json:"unset,omitempty"`
	// Flight asks for a flight recorder; without it, one that records is ended.
	Flight *Flight `json:"flight,omitempty"`
	// Watch is a file for the goroutines that the call leaves behind; empty: nobody
	// asks.
	Watch string `json:"watch,omitempty"`
}

// Flight is what a flight recorder keeps, and when its files are complete: after a
// panic of the call or of a goroutine meanwhile, an interrupt, or a call that took
// longer than Slow.
type Flight struct {
	Age  time.Duration `json:"age"`  // of what it keeps, at least
	Size uint64        `json:"size"` // bytes, as far as the runtime can hold to that
	Slow time.Duration `json:"slow,omitempty"`
	File string        `json:"file"` // what the names of its files begin with (FlightFiles)
	// InMemory has it keep all in memory until then, which dies with the process: the
	// program records traces of its own, and the runtime writes one at a time.
	InMemory bool `json:"inMemory,omitempty"`
}

// Flown says that the files of a flight recorder are complete.
type Flown struct {
	Why    FlightReason `json:"why"`
	Failed string       `json:"failed,omitempty"` // why it hasn't after all
}

// FlightReason is why a flight recorder wrote what it kept.
type FlightReason string

// The reasons.
const (
	FlightPanic     FlightReason = "panic"
	FlightElsewhere FlightReason = "elsewhere" // a panic of a goroutine that the call didn't wait for
	FlightInterrupt FlightReason = "interrupt"
	FlightSlow      FlightReason = "slow"
)

// Text carries text whose place among stdout, stderr and the displays must be
// exact; the default logger's lines travel this way. The bytes may be cut
// inside a rune, as those of a pipe.
type Text struct {
	Name string `json:"name"`
	Data []byte `json:"data"`
}

// Want asks for a Call with the Callback, when no cell runs.
type Want struct {
	Callback string `json:"callback"`
}

// Done answers a Call.
type Done struct {
	Cell int `json:"cell"`
	// LoadError says why the object could not be loaded; the cell did not run.
	LoadError string `json:"loadError,omitempty"`
	// Panic is the panic that ended the cell.
	Panic *guard.Panic `json:"panic,omitempty"`
	// Interrupted is set when an Interrupt ended the call. Panic is nil then.
	Interrupted *Stopped `json:"interrupted,omitempty"`
	// Goexit is true when the cell ended by runtime.Goexit.
	Goexit bool `json:"goexit,omitempty"`
	// Dir is the working directory at the end.
	Dir      string        `json:"dir,omitempty"`
	LoadTime time.Duration `json:"loadTime"`
	RunTime  time.Duration `json:"runTime"`
	// Cost is there when the call asked for it and the cell wasn't left behind.
	Cost *Cost `json:"cost,omitempty"`
	// Flight is there when the flight recorder wrote, or should have.
	Flight *Flown `json:"flight,omitempty"`
	// Left is how many goroutines the call left behind, as far as Watch asks; the file
	// has their tracebacks.
	Left int `json:"left,omitempty"`
}

// Stopped tells how an Interrupt ended a call.
type Stopped struct {
	Frames []guard.Frame `json:"frames"` // where it was, innermost first
	// Waiting is what the cell waited for ("chan receive", "sleep"), when it ran
	// no code that could be stopped. Its goroutine was left behind, and is
	// stopped as soon as it runs again.
	Waiting string `json:"waiting,omitempty"`
	// Panic is the value of the panic by which the cell ended itself, when its
	// context was cancelled or a program that it ran was interrupted.
	Panic string `json:"panic,omitempty"`
	// Recovered is true when the cell caught the panic that stopped it, and
	// ended by itself.
	Recovered bool `json:"recovered,omitempty"`
	// Finished is true when the cell came to its end by itself.
	Finished bool `json:"finished,omitempty"`
	// Goroutines counts those that the cell had started and that were stopped
	// with it.
	Goroutines int `json:"goroutines,omitempty"`
}

// Status answers an Ask.
type Status struct {
	Goroutines int `json:"goroutines"`
	Loaded     int `json:"loaded"` // objects
	// Pace is how the runtime runs the process.
	Pace Pace `json:"pace"`
}

// Pace is what the runtime says of GOGC, GOMEMLIMIT and GOMAXPROCS, whoever has set
// them.
type Pace struct {
	Percent int   `json:"percent"` // GOGC; -1: off
	Limit   int64 `json:"limit"`   // GOMEMLIMIT in bytes; math.MaxInt64: off
	Procs   int   `json:"procs"`   // GOMAXPROCS
	// What Limit and Procs are where nobody asks for another value.
	UsualLimit int64 `json:"usualLimit"`
	UsualProcs int   `json:"usualProcs"`
}

// Tune changes that pace at once. What is nil stays as it is.
type Tune struct {
	Percent *int   `json:"percent,omitempty"` // of runtime/debug.SetGCPercent: negative is off
	Limit   *int64 `json:"limit,omitempty"`   // of SetMemoryLimit; 0: Pace.UsualLimit
	Procs   *int   `json:"procs,omitempty"`   // of runtime.GOMAXPROCS; 0: SetDefaultGOMAXPROCS
}

// Question asks the user for a line.
type Question struct {
	ID       int    `json:"id"` // the worker's own number
	Prompt   string `json:"prompt,omitempty"`
	Password bool   `json:"password,omitempty"`
}

// Answer answers a Question.
type Answer struct {
	ID   int    `json:"id"`
	Text string `json:"text,omitempty"`
	// Why says why there is no answer; empty when there is one.
	Why NoAnswer `json:"why,omitempty"`
}

// NoAnswer is why a question got no answer.
type NoAnswer string

// The reasons.
const (
	Nobody    NoAnswer = "nobody"     // can be asked
	BrokenOff NoAnswer = "broken off" // the cell was interrupted
)
