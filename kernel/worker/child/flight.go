package child

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/trace"
	"sync"

	"hpgo/kernel/worker/frame"
)

// flight keeps the last seconds of what goroutines did, while calls ask for it: the
// flight recorder of runtime/trace. The runtime has one for the process.
type flight struct {
	mu       sync.Mutex
	recorder *trace.FlightRecorder // nil: off
	refused  error                 // why it is off all the same
}

// ready begins to record as a call asks, or ends it. A recorder that goes on keeps
// what was before the call. The program may have one of its own; then there is none
// for the call.
func (f *flight) ready(asked *frame.Flight, cell int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case asked == nil && f.recorder != nil:
		f.recorder.Stop()
		f.recorder = nil
	case asked != nil && f.recorder == nil:
		r := trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: asked.Age, MaxBytes: asked.Size})
		if f.refused = r.Start(); f.refused == nil {
			f.recorder = r
		}
	}
	if f.recorder != nil {
		trace.Log(context.Background(), markCategory, fmt.Sprintf("begin cell %d", cell))
	}
}

// markCategory is that of the logs by which the kernel's reader of traces knows where
// a cell begins (MarkCategory of plots/recording).
const markCategory = "hpgo"

// land writes what was kept if the end of the call is one that was asked for.
func (f *flight) land(asked *frame.Flight, done *frame.Done) {
	if asked == nil {
		return
	}
	why := frame.FlightReason("")
	switch {
	case done.Panic != nil:
		why = frame.FlightPanic
	case done.Interrupted != nil:
		why = frame.FlightInterrupt
	case asked.Slow > 0 && done.RunTime > asked.Slow:
		why = frame.FlightSlow
	default:
		return
	}
	out := &frame.Flown{Why: why}
	if err := f.write(asked.File); err != nil {
		out.Failed = err.Error()
	}
	done.Flight = out
}

// write writes what was kept. The recorder goes on.
func (f *flight) write(path string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.recorder == nil {
		return f.refused
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = f.recorder.WriteTo(file)
	return errors.Join(err, file.Close())
}
