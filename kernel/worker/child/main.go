package child

import (
	"context"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"runtime"
	"runtime/trace"
	"sync"
	"syscall"
	"time"

	"hpgo/kernel/display"
	"hpgo/kernel/worker/frame"
	"hpgo/kernel/worker/guard"
)

// Loader brings a cell's object into the process.
type Loader interface {
	// Load returns the entry function that symbol names in the object; an
	// object that is loaded already is used again. Initialisation of packages
	// happens here and may panic. The loader keeps what must stay referenced.
	Load(object, symbol string) (func(), error)
	// Loaded returns the number of objects in the process.
	Loaded() int
	// Flush writes out what C code of the cells left in its buffers.
	Flush()
}

// worker is the state of this side. There is one per process.
type worker struct {
	conn   *conn
	loader Loader
	static bool
	flags  flagHistory

	// GOMEMLIMIT and GOMAXPROCS where nobody asks for others; only the goroutine of
	// requests uses them.
	limit int64
	procs int

	questions questions
	flight    flight
	left      leftovers
	hunting   sync.Mutex // held by a hunt until its hits are noted; mu is taken inside

	mu      sync.Mutex
	running *running        // nil between calls
	hit     map[uint64]bool // goroutines that an interrupt made panic
	trap    Trap            // nil: interrupts do nothing here
}

// running is the record of one call. The worker's mu guards what is below it.
type running struct {
	cell   int
	since  time.Time
	self   Goroutine     // the one that runs the cell; zero while it is being loaded
	done   chan struct{} // closed when that goroutine has ended
	ending chan struct{} // closed when the cell has ended
	cancel func()        // of display.Context
	flight *frame.Flight // that the call asks for
	watch  string        // and the file for goroutines that it leaves behind

	over      bool // the call is answered, or about to be
	elsewhere bool // a goroutine panicked meanwhile, and ended alone
	chased    bool // an interrupt is on its way
	again     bool // and was asked for again
	code      Code // in which it may hit
	hits      int  // how often it hit the cell
	others    int  // how many other goroutines it hit

	// release ends the wait for a goroutine that doesn't run, and reports whether
	// it came; hunting guards it.
	release func() (hit bool)
}

// Inner is what a worker's program reaches of Go's runtime that has no exported name;
// what is nil it doesn't.
type Inner struct {
	FlushTrace func()       // has what the runtime holds of an execution trace written
	AtExit     func(func()) // has a function called when os.Exit ends the process
}

// Main serves a live worker until the kernel goes away. It does not return.
// Without a trap, noTrap says why there is none.
func Main(l Loader, t Trap, noTrap error, inner Inner) {
	if os.Getenv(frame.EnvWorker) == "" {
		fmt.Fprintln(os.Stderr, "this program is a worker of the hpgo kernel, which starts it; try: hpgo help")
		os.Exit(2)
	}
	w := connect(l, t, noTrap)
	w.flight.flush = inner.FlushTrace
	if inner.AtExit != nil {
		inner.AtExit(w.depart)
	}
	w.serve()
}

// MainStatic runs entry on the calling goroutine, once, as the kernel's one
// call, and ends the process. Without a kernel it just runs entry.
func MainStatic(entry func()) {
	if os.Getenv(frame.EnvWorker) == "" {
		callWhile(entry)
		return
	}
	w := connect(linked{entry}, nil, nil)
	w.static = true
	calls := make(chan func())
	go w.serveOne(calls)
	(<-calls)()
}

// linked is the loader of a one-shot process.
type linked struct{ entry func() }

func (l linked) Load(string, string) (func(), error) { return l.entry, nil }
func (linked) Loaded() int                           { return 1 }
func (linked) Flush()                                {}

// connect takes over the inherited descriptors and directs display, log and
// guard to them.
func connect(l Loader, t Trap, noTrap error) *worker {
	os.Unsetenv(frame.EnvWorker) // programs started by user code are no workers
	c, err := open()
	if err != nil {
		fmt.Fprintf(os.Stderr, "hpgo worker: connect to the kernel: %v\n", err)
		os.Exit(2)
	}
	w := &worker{loader: l, conn: c, trap: t, hit: map[uint64]bool{}, limit: math.MaxInt64, procs: usualProcs()}
	_, static := l.(linked)
	hello := frame.Hello{Version: frame.Version, PID: os.Getpid(), Go: runtime.Version(), Static: static, Traps: t != nil}
	if noTrap != nil {
		hello.NoTrap = noTrap.Error()
	}
	w.conn.send(frame.KindHello, hello)
	display.SetTransport(w.conn.display)
	display.SetAsk(w.ask)
	if !static { // the page would outlive a one-shot process
		display.SetComms(w.conn.comm, w.conn.want)
	}
	log.SetOutput(logText{c})
	guard.Handle(w.reported)
	return w
}

// serve handles requests; it ends the process when there can be no more.
func (w *worker) serve() {
	w.requests(func(c frame.Call) {
		r := w.begin(c)
		if r == nil {
			w.conn.send(frame.KindDone, frame.Done{Cell: c.Cell, LoadError: "the worker is busy with another cell"})
			return
		}
		go w.run(r, c)
	})
}

// serveOne is serve for a one-shot process: it hands over the one call.
func (w *worker) serveOne(calls chan<- func()) {
	w.requests(func(c frame.Call) {
		if r := w.begin(c); r != nil {
			calls <- func() { w.run(r, c) }
		}
	})
}

// requests reads frames and answers all but calls, which start begins.
func (w *worker) requests(start func(frame.Call)) {
	var dec frame.Decoder
	buf := make([]byte, 64<<10)
	for {
		n, err := w.conn.in.Read(buf)
		dec.Feed(buf[:n])
		for {
			f, ok, err := dec.Next()
			if err != nil {
				w.giveUp(err)
			}
			if !ok {
				break
			}
			if err := w.request(f, start); err != nil {
				w.giveUp(err)
			}
		}
		if err == io.EOF {
			endGroup(0)
		} else if err != nil {
			w.giveUp(err)
		}
	}
}

// request handles one frame from the kernel.
func (w *worker) request(f frame.Frame, start func(frame.Call)) error {
	switch f.Kind {
	case frame.KindConfig:
		var c frame.Config
		if err := frame.Unmarshal(f.Payload, &c); err != nil {
			return err
		}
		w.applyLimits(c)
	case frame.KindInterrupt:
		var i frame.Interrupt
		if err := frame.Unmarshal(f.Payload, &i); err != nil {
			return err
		}
		w.interrupt(i)
	case frame.KindAsk:
		w.conn.send(frame.KindStatus, frame.Status{Goroutines: runtime.NumGoroutine(), Loaded: w.loader.Loaded(), Pace: w.pace()})
	case frame.KindTune:
		var t frame.Tune
		if err := frame.Unmarshal(f.Payload, &t); err != nil {
			return err
		}
		w.tune(t)
	case frame.KindCall:
		var c frame.Call
		if err := frame.Unmarshal(f.Payload, &c); err != nil {
			return err
		}
		start(c)
	case frame.KindAnswer:
		var a frame.Answer
		if err := frame.Unmarshal(f.Payload, &a); err != nil {
			return err
		}
		w.questions.answered(a)
	case frame.KindCommIn:
		var c display.Comm
		if err := frame.Unmarshal(f.Payload, &c); err != nil {
			return err
		}
		display.Receive(c)
	default:
		return fmt.Errorf("request of unknown kind %d", f.Kind)
	}
	return nil
}

// depart does what the running cell asked for at its end, when os.Exit ends the
// process: so measurements report, and the flight recorder's files are complete. A
// cell may hold what that needs; then it is left out.
func (w *worker) depart() {
	if trace.IsEnabled() {
		trace.Log(context.Background(), markCategory, markEnd) // what follows isn't the cell's
	}
	left := make(chan struct{})
	go func() {
		defer close(left)
		defer func() { _ = recover() }() // the process ends as it was told to
		display.EndCell()
		w.flight.leave()
	}()
	select {
	case <-left:
	case <-time.After(departPatience):
	}
}

// departPatience is more than the end of a recording needs.
const departPatience = 2 * time.Second

// giveUp ends a process that can't understand its kernel.
func (w *worker) giveUp(err error) {
	fmt.Fprintf(os.Stderr, "hpgo worker: request from the kernel: %v\n", err)
	endGroup(2)
}

// endGroup ends this process and all that user code started in its group.
func endGroup(code int) {
	if syscall.Getpgrp() == os.Getpid() && code == 0 {
		syscall.Kill(0, syscall.SIGKILL)
	}
	os.Exit(code)
}
