package magic

import (
	"context"
	"time"

	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/kernel/worker"
)

// Host is the session as magics see it: one running cell of one session. It is
// cut into parts by subject; a fake implements them all. Its methods are called
// from one goroutine, one at a time.
type Host interface {
	Screen
	Place
	Runner
	Meter
	Builder
	Compiler
	Sources
	Names
	Modules
	Tuner
	Page
}

// Screen is where a magic's output goes, with the user who looks at it.
type Screen interface {
	// Stream shows text on "stdout" or "stderr".
	Stream(name, text string)
	// Display shows rich output.
	Display(display.Event)
	// Page shows a text in the front end's pager.
	Page(display.Bundle)
	// Record gives r everything that is to be shown from now on. It ends when
	// stop is called or with the cell, and closes r.
	Record(r Recorder) (stop func() error)
	// Busy tells what takes long; it is replaced by the next text, and taken away
	// by an empty one. It is no output of the cell.
	Busy(text string)
	// CanAsk reports whether the user can be asked for input.
	CanAsk() bool
	// Ask asks the user for a line, which comes without its end. It may be
	// called from any goroutine.
	Ask(ctx context.Context, prompt string, password bool) (string, error)
}

// Recorder takes down output and decides what of it is shown all the same.
type Recorder interface {
	Stream(name, text string) (show bool)
	Display(display.Event) (show bool)
	Close() error
}

// Place is where cells run: directories and environment.
type Place interface {
	// Dir is the working directory of the cells.
	Dir() string
	// Chdir changes it; dir is absolute.
	Chdir(dir string) error
	// ModuleDir is the directory of the session's go.mod.
	ModuleDir() string
	// Environ is the environment of the cells, later entries winning.
	Environ() []string
	// Setenv changes it.
	Setenv(name, value string)
	// AtEnd has f called when the session ends, unless it is forgotten before.
	// Both may be called from any goroutine.
	AtEnd(f func()) (forget func())
	// Keep returns what the session keeps under a name; make gives it at first.
	Keep(name string, make func() any) any
}

// Runner runs Go of the cell. Errors of that Go come back as the session's own
// errors and are passed on as they are.
type Runner interface {
	// RunBody runs the body of the cell magic.
	RunBody(ctx context.Context) (Outcome, error)
	// RunArgs runs the Go that begins at an offset of the line's arguments.
	RunArgs(ctx context.Context, at int) (Outcome, error)
	// Define declares a variable whose value is a Go expression; imports are
	// the packages it uses, under the names given.
	Define(ctx context.Context, name, expr string, imports map[string]string) error
	// Eval runs a Go expression as Define does, shows nothing of what it prints,
	// and returns its value.
	Eval(ctx context.Context, expr string, imports map[string]string) (*display.Bundle, error)
	// At returns the number of the cell, and the line on which its magic's body
	// begins.
	At() (cell, line int)
	// CallLater calls a function after the cell's own Go, with os.Args[1:] as
	// given and flag.Parse before.
	CallLater(fn, args string)
	// TestLater builds the session's tests after the cell's own Go and runs them.
	// args makes the program's arguments of the names of the tests and the
	// benchmarks that the cell declares.
	TestLater(args func(tests, benchmarks []string) []string)
	// SetArgs sets os.Args[1:] for the rest of the cell.
	SetArgs(args []string)
}

// Outcome is how a piece of Go ended. With an error it says how far it came.
type Outcome struct {
	Value *display.Bundle // of the last expression; nil without one
	Wall  time.Duration   // run time in the worker
	User  time.Duration   // CPU times of the worker, with those of loading the code where Cost is nil
	Sys   time.Duration
	Cost  *worker.Cost  // by the worker's own account; nil: it couldn't tell
	Build time.Duration // from source to object
	Load  time.Duration // what it took to load the object
	// Counters are what a program with counters counted.
	Counters []cell.Counter
	// Messages are what the compiler said of a program with GCFlags such as -m.
	Messages string
	// Uncounted says of packages why nothing was counted in them, by import path.
	Uncounted map[string]string
	// CountedFrom are the packages whose calls are counted, beside the session's own,
	// or CountedEverywhere.
	CountedFrom []string
	// Left are the variables that a program of its own had as their declarations make
	// them, not as they are in the session, with the reason.
	Left map[string]string
}

// CountedEverywhere says that calls of all packages are counted.
const CountedEverywhere = "*"

// Name is one thing the session knows.
type Name struct {
	Name  string
	Kind  string // import, const, type, var, func, method
	Type  string // of a variable; the path of an import; the signature of a function
	Cell  int    // that declared it
	Size  int64  // bytes of a variable with all it holds, -1 when unknown
	Least bool   // Size is a lower bound
	Value string // short form of a variable's value
}

// Page is the browser page, for programs written for gonb.
type Page interface {
	// ConnectPage connects it, waiting for its answer.
	ConnectPage(ctx context.Context) error
	// PageAnswers reports whether it is connected and answers.
	PageAnswers(ctx context.Context) bool
	// BuildWasm makes the cell's Go a program for the page instead of running it.
	BuildWasm(ctx context.Context) error
}

// Names are the declarations of the session.
type Names interface {
	// List returns all names in order of declaration; with values the worker
	// is asked for the sizes and values of variables.
	List(ctx context.Context, values bool) ([]Name, error)
	// Describe returns the documentation of a name, with detail 1 its source;
	// nil when nothing is known of it.
	Describe(ctx context.Context, name string, detail int) *display.Bundle
	// Inputs returns the cells that were executed before, in order.
	Inputs() []PastInput
	// Remove forgets declarations. It returns one entry for each name and one
	// for what can't be without them: the variables of a type that went.
	Remove(ctx context.Context, names []string) ([]Removed, error)
	// Reset forgets everything; with gomod also the modules that were added.
	Reset(ctx context.Context, gomod bool) error
	// Replay runs the session's successful cells again in a fresh worker.
	// It reports each cell's failure; the error is one of the replay itself.
	Replay(ctx context.Context, quiet bool, report func(Replayed)) error
}

// PastInput is a cell that was executed before.
type PastInput struct {
	Cell int
	Text string
}

// Removed is a declaration that was to be forgotten.
type Removed struct {
	Name    string
	Kind    string // "" when the session has no such name
	Because string // the type without which it can't be; "" when it was asked for
}

// Replayed is one cell of a replay.
type Replayed struct {
	Cell int   // its number when it first ran
	Err  error // why it failed; nil
}

// Modules are the session's modules, worker and settings.
type Modules interface {
	// Get runs go get in the session's module; progress hears its lines.
	Get(ctx context.Context, args []string, progress func(line string)) ([]ModuleChange, error)
	// Use resolves the module in a directory from there. It returns its path.
	Use(ctx context.Context, dir string) (ModuleChange, error)
	// Restart starts a new worker and returns the names of the variables that
	// were lost with the old one.
	Restart(ctx context.Context) error
	// Variables returns the names of the variables that a restart would lose.
	Variables() []string
	// Settings are switches that last: "goflags", "autoget".
	Setting(name string) []string
	// Set changes one.
	Set(name string, values []string)
	// RefusedFlags tries flags of go build and tells why no program comes of them,
	// in one line; "" when one does.
	RefusedFlags(ctx context.Context, flags []string) (string, error)
	// Status describes the session.
	Status(ctx context.Context) Status
}

// ModuleChange is a module whose version in the session changed.
type ModuleChange struct {
	Path     string
	Old, New string // versions or directories; Old "" for a new module, New "" for a removed one
	Loaded   bool   // packages of it may be in the worker: it must be restarted
}

// Status describes a session at one moment.
type Status struct {
	Version    string // of hpgo
	Engine     string
	KeepsState bool
	Go         string
	Experiment string // GOEXPERIMENT
	PID        int    // of the worker; 0: none
	RSS, Peak  int64
	Loaded     int // cells in the worker
	Goroutines int
	Cells      int // executed
	Dir        string
	ModuleDir  string
	Flags      []string // go build flags
	// Programs: cells are programs of their own, which the go command builds: with
	// go build flags, or for the flags of one magic.
	Programs bool
	GCFlags  []string // of the compiler, for the session's own code
	Level    string   // GOAMD64 that everything is built for; "" where it has no meaning
}

// Sources finds the code of functions.
type Sources interface {
	// Function returns the function that an expression names: of the session ("f",
	// "T.m", "(*T).m", or "v.m" with a variable v), or of a package that cells may
	// import ("math.Hypot", "gonum/mat.(*Dense).Mul"). The error is one line and
	// names what is near.
	Function(ctx context.Context, expr string) (Function, error)
	// Functions returns all functions of a package, or with "" those of the session.
	Functions(ctx context.Context, path string) ([]Function, error)
}

// Function is a function with its source.
type Function struct {
	Key     string // "f", "T.m": for cell.Counted, and for Program.CountIn
	Name    string // "f", "(*T).m", "mat.(*Dense).Mul"
	Package string // import path; "" for the session
	Cell    int    // of the session's
	File    string // where the source is: "cell 3", or a path
	First   int    // number of the first line
	Lines   []string
	// NoGo says why there is no Go code to look at: it is written in assembly, or
	// the linker puts another function in its place.
	NoGo string
}
