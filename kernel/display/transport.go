package display

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// wire is the way out for events. There is one per process: in a worker it
// leads to the kernel, in an ordinary program to standard output.
type wire struct {
	mu     sync.Mutex
	send   func(Event) error // nil: text/plain goes to out
	out    io.Writer         // nil: os.Stdout at the time of the call
	err    error             // the last failure of send
	nextID int
	prefix string

	holding sync.Mutex
	lives   []*Live      // those that may hold a frame back
	ended   atomic.Int64 // the number of cells that have ended
}

var process wire

// SetTransport directs all events to send, which is called for one event at a
// time, in order; nil returns to printing text on standard output. The worker
// calls it before user code runs.
func SetTransport(send func(Event) error) {
	process.mu.Lock()
	defer process.mu.Unlock()
	process.send, process.err = send, nil
}

// Connected reports whether a transport is set, that is, whether the program
// runs in a notebook.
func Connected() bool { return process.connected() }

func (w *wire) connected() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.send != nil
}

// Err returns the last error of the transport, nil when all events were
// handed over. Show and its kin return nothing, so that they can stand last in
// a cell.
func Err() error {
	process.mu.Lock()
	defer process.mu.Unlock()
	return process.err
}

// emit hands one event to the transport, or prints its text without one.
func (w *wire) emit(e Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.send != nil {
		if err := w.send(e); err != nil {
			w.err = fmt.Errorf("display %s: %w", e.Op, err)
		}
		return
	}
	text, ok := e.Bundle.Data[mimeText].(string)
	if !ok || e.Op == OpClear {
		return
	}
	out := w.out
	if out == nil {
		out = os.Stdout
	}
	if _, err := io.WriteString(out, text+"\n"); err != nil {
		w.err = fmt.Errorf("display %s: %w", e.Op, err)
	}
}

// newID makes a display identifier that is unique among processes: a notebook
// outlives its workers and keeps the identifiers of its saved outputs.
func (w *wire) newID() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.prefix == "" {
		w.prefix = strconv.FormatInt(time.Now().UnixNano(), 36) + "-" + strconv.Itoa(os.Getpid())
	}
	w.nextID++
	return "hpgo-" + w.prefix + "-" + strconv.Itoa(w.nextID)
}
