package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"hpgo/kernel/assist"
	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/kernel/gonb"
	"hpgo/kernel/live"
	"hpgo/kernel/widget"
	"hpgo/kernel/worker"
)

// Options configure a session.
type Options struct {
	Dir  string   // working directory of the cells; empty: the process's
	Args []string // os.Args[1:] of the cells, unless a cell sets its own
	// MemoryLimit in bytes for the worker; 0: worker.DefaultMemoryLimit.
	MemoryLimit int64
	// GCFlags are extra flags of the compile tool for all cells, such as -N -l.
	GCFlags []string
	// KernelID is what a Jupyter server calls the kernel; empty without a server.
	// Pages that don't know ipywidgets connect to it.
	KernelID string
	// Log receives what the session does; nil: nothing.
	Log *slog.Logger
	// Progress is told what takes long ("compiling the standard library ...");
	// an empty text means that it is over. It may be nil.
	Progress func(text string)
	// Background receives what goroutines write between two cells, at any time;
	// nil: the cell that was last shows it, or, without a page, the next one.
	Background Sink
	// Comms receives comm messages for the front end, at any time, one after the
	// other for each comm; nil: there is no page.
	Comms func(display.Comm)
	// Callback is called when a callback of a widget begins, what it returns when
	// that has ended; it may be nil.
	Callback func() (done func())
}

// Session is one notebook's life: its declarations, its worker, its history.
// Execute runs one cell at a time; the other methods may be called meanwhile.
//
// Goroutines: the session starts one, in Start, which builds the worker and the
// standard set in the background; it ends when that is done, by Close or when
// ctx is cancelled, and the first cell waits for it. Callbacks of widgets run on
// one of their own (see callbacks). While the standard set is compiled one tells
// each few seconds of it (see announce). The worker's goroutines are its own.
type Session struct {
	opt      Options
	tc       *build.Toolchain // as %flags wants it
	mod      *build.Module
	importer *build.Importer
	index    build.StdIndex
	// assistant answers what is asked while the user types.
	assistant *assist.Assistant
	engine    live.Engine
	newLive   engineMaker
	comms     comms
	widgets   *widget.Table
	calls     callbacks
	last      atomic.Pointer[origin] // of widgets and late output: the newest one that ran
	toolchain *build.Toolchain       // as it is installed
	forced    bool                   // the live engine, whatever the self-check says

	stop    context.CancelFunc // ends the background work; nil before Start
	warm    chan struct{}      // closed when the background work of Start ended
	warming sync.Mutex         // held by who looks at warmErr after that
	warmErr error

	run sync.Mutex // held while a cell runs

	mu         sync.Mutex     // guards what follows
	library    *build.Library // of the module; nil before Start
	count      int
	uncounted  int
	scope      *cell.Scope
	sources    map[int]*cell.Source // by execution count
	replay     []string             // cells that succeeded, in order
	worker     *worker.Worker
	gonbui     *gonbuiDesk // of the worker, or of the one before
	rev        int         // of the module that the worker was built for
	loaded     map[string]*live.Object
	env        map[string]string // set by %env, for the worker and its successors
	dir        string
	args       []string // os.Args[1:] of the next Go cell
	lastTiming Timing
	magic      magicState
	flags      flagState
	freshWhy   string // why cells run in fresh processes; "" when they don't
	freshSaid  bool
	current    origin            // of widgets that are made now
	origins    map[string]origin // by the widget's id
	ends       map[int]func()    // by number, from AtEnd
	endCount   int
	closed     bool           // no worker starts any more
	kept       map[string]any // by magics

	log       []goText // Go that has run
	twin      twin
	wasmDir   string     // holds the program for the page
	programs  int        // counts their directories
	written   []string   // files of the last program beside go.mod
	page      *gonb.Page // what gonb's programs know of the browser
	attention attention
}

// New returns a session that has done nothing yet.
func New(opt Options) *Session {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Progress == nil {
		opt.Progress = func(string) {}
	}
	if opt.Callback == nil {
		opt.Callback = func() func() { return func() {} }
	}
	s := &Session{opt: opt, newLive: newPlugin, assistant: assist.New(), warm: make(chan struct{}), scope: cell.NewScope(), sources: map[int]*cell.Source{},
		loaded: map[string]*live.Object{}, env: map[string]string{}, dir: opt.Dir, args: opt.Args}
	s.comms = comms{toPage: opt.Comms, open: map[string]openComm{}}
	s.widgets, s.origins = s.newWidgets(), map[string]origin{}
	s.page = gonb.NewPage(s.comms.toGonb(), func() string { return gonb.Script(opt.KernelID) })
	s.comms.targets = map[string]commEnd{gonb.Target: s.page.Comm, widget.ControlTarget: s.widgetControl}
	return s
}

// Start finds the toolchain and begins to build what the first cell needs. An
// error means that no cell can ever run, and names what to install.
func (s *Session) Start(ctx context.Context) error {
	tc, err := build.FindToolchain(ctx)
	if err != nil {
		return err
	}
	if s.dir == "" {
		if s.dir, err = os.Getwd(); err != nil {
			return fmt.Errorf("find the working directory: %w", err)
		}
	}
	s.index = build.NewStdIndex(tc.GOROOT)
	if err := s.chooseEngine(tc); err != nil {
		return err
	}
	ctx, s.stop = context.WithCancel(ctx)
	go func() {
		defer close(s.warm)
		s.warmErr = s.warmUp(ctx)
	}()
	return nil
}

// warmUp compiles the standard set, checks the engine and starts the worker.
func (s *Session) warmUp(ctx context.Context) error {
	if !s.mod.Ready() {
		defer s.announce("first use: compiling the standard library for live cells (once, about a minute on a quiet machine)")()
		defer build.Alone(ctx)()
		s.mod.Refresh()
		build.TrimCache()
	}
	if err := s.prepareEngine(ctx); err != nil {
		return err
	}
	if err := s.ensureWorker(ctx); err != nil {
		return err
	}
	// The garbage of the start isn't needed while the kernel waits for a user.
	debug.FreeOSMemory()
	return nil
}

// announceEvery is how often the time is told that something lasts.
const announceEvery = 5 * time.Second

// announce tells Progress what takes long, and every few seconds how long it has
// taken, until the function that it returns has been called.
func (s *Session) announce(text string) (done func()) {
	began := time.Now()
	end, ended := make(chan struct{}), make(chan struct{})
	s.opt.Progress(text)
	go func() {
		defer close(ended)
		tick := time.NewTicker(announceEvery)
		defer tick.Stop()
		for {
			select {
			case <-end:
				return
			case <-tick.C:
				s.opt.Progress(fmt.Sprintf("%s: %v so far", text, time.Since(began).Round(time.Second)))
			}
		}
	}()
	return func() {
		close(end)
		<-ended
		s.opt.Progress("")
	}
}

// ensureWorker starts a worker when none is alive.
func (s *Session) ensureWorker(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.worker != nil && s.worker.Alive() {
		return nil
	}
	if s.closed {
		return errClosed
	}
	exe, err := s.engine.Worker(ctx)
	if err != nil || !s.keepsValues() {
		return err
	}
	desk, err := s.newGonbuiDesk()
	if err != nil {
		return err
	}
	opt := s.workerOptions(exe)
	opt.Env = desk.environment(opt.Env)
	w, err := worker.Start(ctx, opt)
	if err != nil {
		return errors.Join(fmt.Errorf("start the worker: %w", err), desk.close())
	}
	desk.started(w)
	if err := s.gonbui.close(); err != nil {
		s.opt.Log.Error("close the pipes of the last worker", "err", err)
	}
	s.gonbui = desk
	s.worker, s.rev = w, s.mod.Rev()
	s.loaded = map[string]*live.Object{}
	return nil
}

// workerEnv is the environment of a new worker: the kernel's with what %env set.
func (s *Session) workerEnv() []string {
	env := os.Environ()
	for _, k := range slices.Sorted(maps.Keys(s.env)) {
		env = append(env, k+"="+s.env[k])
	}
	return env
}

// errClosed is what a cell gets that still runs when its session is closed.
var errClosed = errors.New("the session was closed")

// Close ends the worker and removes the session's files.
func (s *Session) Close() error {
	if s.stop != nil {
		s.stop()
		<-s.warm // it makes files and a worker
	}
	s.assistant.Close()
	s.comms.close()
	s.calls.close()
	s.mu.Lock()
	s.closed = true
	w := s.worker
	s.worker = nil
	ends := s.ends
	s.ends = nil
	s.mu.Unlock()
	for _, n := range slices.Sorted(maps.Keys(ends)) {
		ends[n]()
	}
	var errs []error
	if w != nil {
		errs = append(errs, w.Close())
	}
	errs = append(errs, s.gonbui.close())
	if s.engine != nil {
		errs = append(errs, s.engine.Close())
	}
	if s.mod != nil {
		errs = append(errs, s.mod.Close())
	}
	return errors.Join(errs...)
}

// Count returns the execution count of the last cell.
func (s *Session) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// Execute runs one cell and reports everything through sink, in order. It
// returns when the cell has ended and its output was delivered.
func (s *Session) Execute(ctx context.Context, code string, sink Sink) Result {
	s.run.Lock()
	defer s.run.Unlock()
	s.mu.Lock()
	s.count++
	n := s.count
	s.mu.Unlock()
	return s.executeAs(ctx, n, code, sink)
}

// firstUncounted is the number of the first uncounted cell: a notebook doesn't
// get that long.
const firstUncounted = 1_000_000

// ExecuteUncounted is Execute for code that a front end runs on its own account:
// the execution count, which numbers the cells in messages, doesn't move.
func (s *Session) ExecuteUncounted(ctx context.Context, code string, sink Sink) Result {
	s.run.Lock()
	defer s.run.Unlock()
	return s.executeAs(ctx, s.nextUncounted(), code, sink)
}

// nextUncounted returns the number of an uncounted cell that begins.
func (s *Session) nextUncounted() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := firstUncounted + s.uncounted
	s.uncounted++
	return n
}

// executeAs runs a cell under a number.
func (s *Session) executeAs(ctx context.Context, n int, code string, sink Sink) Result {
	start := time.Now()
	res := Result{Count: n}
	if asker, ok := sink.(Asker); ok {
		prompts := &promptSink{face: asker, hold: holdLine}
		defer prompts.Flush()
		sink = prompts
	}
	ctx, end := s.attend(ctx)
	defer end()
	if strings.TrimSpace(code) != "" {
		defer s.setCurrent(origin{n, sink})()
		cs := &callSink{sink: sink, session: s}
		res.Value, res.Err = s.execute(ctx, n, code, cs)
		res.Page = joinPages(cs.pages)
		if res.Err == nil {
			s.mu.Lock()
			s.replay = append(s.replay, code)
			s.mu.Unlock()
		}
	}
	res.Elapsed = time.Since(start)
	return res
}

// workDir returns the directory that cells run in.
func (s *Session) workDir() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dir
}
