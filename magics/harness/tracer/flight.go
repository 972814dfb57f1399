package tracer

import (
	"errors"
	"fmt"
	"os"
	"runtime/trace"
	"sync"
	"time"

	"hpgo/magics/harness"
)

// FlightKind is the kind of the record with a Flight.
const FlightKind = "trace.flight"

// Flight is the state of the flight recorder.
type Flight struct {
	On     bool   `json:"on"`
	Bytes  int64  `json:"bytes,omitempty"`  // that DumpFlight has written
	Failed string `json:"failed,omitempty"` // why not
}

// flight is the recorder of the process: the runtime allows for one.
var flight struct {
	sync.Mutex
	recorder *trace.FlightRecorder
}

// StartFlight begins to keep the last seconds of what goroutines do, in at most
// size bytes as far as the runtime can hold to that. It reports a Flight.
func StartFlight(age time.Duration, size uint64) {
	flight.Lock()
	defer flight.Unlock()
	var err error
	if flight.recorder == nil {
		r := trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: age, MaxBytes: size})
		if err = r.Start(); err == nil {
			flight.recorder = r
		}
	}
	report(0, err)
}

// StopFlight ends it.
func StopFlight() {
	flight.Lock()
	defer flight.Unlock()
	if flight.recorder != nil {
		flight.recorder.Stop()
		flight.recorder = nil
	}
	report(0, nil)
}

// DumpFlight writes what the recorder has kept to a file, and goes on.
func DumpFlight(path string) {
	flight.Lock()
	defer flight.Unlock()
	if flight.recorder == nil {
		report(0, errors.New("the flight recorder is off"))
		return
	}
	file, err := os.Create(path)
	if err != nil {
		report(0, err)
		return
	}
	n, err := flight.recorder.WriteTo(file)
	if err = errors.Join(err, file.Close()); err != nil {
		err = fmt.Errorf("write what the flight recorder kept: %w", err)
	}
	report(n, err)
}

// report tells the kernel how it stands; the caller holds the lock.
func report(written int64, err error) {
	f := Flight{On: flight.recorder != nil, Bytes: written}
	if err != nil {
		f.Failed = err.Error()
	}
	harness.Report(FlightKind, f)
}
