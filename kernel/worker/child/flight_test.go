package child

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime/trace"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/worker/frame"
	"hpgo/kernel/worker/guard"
)

func TestFlight(t *testing.T) {
	asked := &frame.Flight{Age: time.Minute, Size: 1 << 20, Slow: time.Second, File: filepath.Join(t.TempDir(), "flight.out")}
	var f flight
	f.ready(asked, 3)
	defer f.ready(nil, 0)
	for why, done := range map[frame.FlightReason]*frame.Done{
		"": {RunTime: time.Second}, frame.FlightSlow: {RunTime: time.Second + 1}, frame.FlightPanic: {Panic: &guard.Panic{}}, frame.FlightInterrupt: {Interrupted: &frame.Stopped{}},
	} {
		os.Remove(asked.File)
		f.land(asked, done)
		raw, err := os.ReadFile(asked.File)
		if why == "" {
			if done.Flight != nil || err == nil {
				t.Errorf("an ordinary end: %+v", done.Flight)
			}
			continue
		}
		if done.Flight == nil || *done.Flight != (frame.Flown{Why: why}) || !bytes.HasPrefix(raw, []byte("go 1.")) || !bytes.Contains(raw, []byte("begin cell 3")) {
			t.Errorf("%s: %+v, %d bytes, %v", why, done.Flight, len(raw), err)
		}
	}
	f.ready(nil, 4)
	if trace.IsEnabled() {
		t.Error("it goes on")
	}
	f.land(nil, &frame.Done{Panic: &guard.Panic{}}) // not asked
}

func TestFlightIsRefused(t *testing.T) {
	own := trace.NewFlightRecorder(trace.FlightRecorderConfig{}) // of the program
	if err := own.Start(); err != nil {
		t.Fatal(err)
	}
	defer own.Stop()
	asked := &frame.Flight{File: filepath.Join(t.TempDir(), "flight.out")}
	var f flight
	f.ready(asked, 1)
	done := &frame.Done{Panic: &guard.Panic{}}
	f.land(asked, done)
	if done.Flight == nil || !strings.Contains(done.Flight.Failed, "already enabled") {
		t.Errorf("%+v", done.Flight)
	}
}
