package child

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/trace"
	"sync"
	"time"

	"hpgo/kernel/worker/frame"
)

// flight keeps the last seconds of what goroutines did, while calls ask for it. It
// streams an execution trace into files that outlive the process (flightFiles). Where
// the program has use for the one stream that the runtime has, the runtime's own
// flight recorder keeps the trace in memory.
type flight struct {
	flush func() // has the runtime write what it holds; nil: it does so every second

	mu       sync.Mutex
	files    *flightFiles          // nil: nothing is streamed
	recorder *trace.FlightRecorder // nil: nothing is kept in memory
	refused  error                 // why there is neither
	rest     chan struct{}         // closed when the call ends; nil: between calls
}

// ready begins to record as a call asks, or ends it. A recorder that goes on keeps
// what was before the call.
func (f *flight) ready(asked *frame.Flight, cell int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.files != nil && (asked == nil || asked.InMemory || !trace.IsEnabled()) { // the program may have ended it
		trace.Stop()
		f.files.remove()
		f.files = nil
	}
	if f.recorder != nil && (asked == nil || !asked.InMemory) {
		f.recorder.Stop()
		f.recorder = nil
	}
	if asked == nil {
		return
	}
	f.refused = f.begin(asked)
	if f.refused != nil {
		return
	}
	trace.Log(context.Background(), markCategory, fmt.Sprintf("begin cell %d", cell))
	if f.flush != nil && f.files != nil {
		f.rest = make(chan struct{})
		go f.keepUp(f.rest)
	}
}

// begin begins to record, if nothing does yet.
func (f *flight) begin(asked *frame.Flight) error {
	switch {
	case asked.InMemory && f.recorder == nil:
		r := trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: asked.Age, MaxBytes: asked.Size})
		if err := r.Start(); err != nil {
			return err
		}
		f.recorder = r
	case !asked.InMemory && f.files == nil:
		files := newFlightFiles(asked)
		if err := trace.Start(files); err != nil {
			return err
		}
		f.files = files
	}
	return nil
}

// The logs by which the kernel's reader of traces knows where a cell begins, and ends
// with the process (MarkCategory of plots/recording).
const (
	markCategory = "hpgo"
	markEnd      = "end"
)

// How often a call's trace is written. Of what is held back when the process is killed
// nothing is left, so it is often at first; and each time costs some 0.4 ms, with
// thousands of goroutines more, so it is a part of the time at most.
const (
	firstFlush = 2 * time.Millisecond
	mostFlush  = 100 * time.Millisecond
	flushShare = 50
)

// keepUp has what the runtime holds written again and again.
func (f *flight) keepUp(rest <-chan struct{}) {
	wait := firstFlush
	for {
		select {
		case <-rest:
			return
		case <-time.After(wait):
		}
		start := time.Now()
		f.flush()
		wait = max(min(2*wait, mostFlush), flushShare*time.Since(start))
	}
}

// land has the files complete if the end of the call is one that was asked for.
func (f *flight) land(asked *frame.Flight, elsewhere bool, done *frame.Done) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.rest != nil {
		close(f.rest)
		f.rest = nil
	}
	if asked == nil {
		return
	}
	why := frame.FlightReason("")
	switch {
	case done.Panic != nil:
		why = frame.FlightPanic
	case done.Interrupted != nil:
		why = frame.FlightInterrupt
	case elsewhere:
		why = frame.FlightElsewhere
	case asked.Slow > 0 && done.RunTime > asked.Slow:
		why = frame.FlightSlow
	default:
		return
	}
	out := &frame.Flown{Why: why}
	if err := f.write(asked); err != nil {
		out.Failed = err.Error()
	}
	done.Flight = out
}

// write completes the files. What is streamed then begins anew with the next call, as
// the kernel reads them meanwhile; the runtime's recorder goes on.
func (f *flight) write(asked *frame.Flight) error {
	if f.files != nil {
		trace.Stop()
		err := f.files.close()
		f.files = nil
		return err
	}
	if f.recorder == nil {
		return f.refused
	}
	file, err := os.Create(frame.FlightFile(asked.File, 0))
	if err != nil {
		return err
	}
	_, err = f.recorder.WriteTo(file)
	return errors.Join(err, file.Close())
}

// leave completes the files when the process is about to end.
func (f *flight) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.files != nil {
		trace.Stop()
		_ = f.files.close() // the kernel finds what there is
		f.files = nil
	}
}
