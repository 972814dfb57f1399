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

// flightOf are the bytes of a recorder's files.
func flightOf(asked *frame.Flight) (all []byte) {
	for _, name := range frame.FlightFiles(asked.File) {
		raw, _ := os.ReadFile(name)
		all = append(all, raw...)
	}
	return all
}

func TestFlight(t *testing.T) {
	for _, inMemory := range []bool{false, true} {
		asked := &frame.Flight{Age: time.Minute, Size: 1 << 20, Slow: time.Second, File: filepath.Join(t.TempDir(), "flight"), InMemory: inMemory}
		f := flight{flush: func() {}}
		for why, done := range map[frame.FlightReason]*frame.Done{
			"": {RunTime: time.Second}, frame.FlightSlow: {RunTime: time.Second + 1}, frame.FlightPanic: {Panic: &guard.Panic{}}, frame.FlightInterrupt: {Interrupted: &frame.Stopped{}}, frame.FlightElsewhere: {},
		} {
			f.ready(asked, 3)
			f.land(asked, why == frame.FlightElsewhere, done)
			if why == "" {
				if done.Flight != nil {
					t.Errorf("an ordinary end: %+v", done.Flight)
				}
				continue
			}
			if raw := flightOf(asked); done.Flight == nil || *done.Flight != (frame.Flown{Why: why}) || !bytes.HasPrefix(raw, []byte("go 1.")) || !bytes.Contains(raw, []byte("begin cell 3")) {
				t.Errorf("%s, in memory %t: %+v, %d bytes", why, inMemory, done.Flight, len(raw))
			}
		}
		f.ready(nil, 4)
		if trace.IsEnabled() {
			t.Error("it goes on")
		}
		f.land(nil, false, &frame.Done{Panic: &guard.Panic{}}) // not asked
	}
}

// TestFlightKeepsTheEnd: two files, of which each begins with a generation.
func TestFlightKeepsTheEnd(t *testing.T) {
	asked := &frame.Flight{Age: time.Hour, Size: 200, File: filepath.Join(t.TempDir(), "flight")}
	f := newFlightFiles(asked)
	header := append([]byte("go 1.26 trace"), 0, 0, 0)
	for range 2 { // the second removes what the first has left
		f = newFlightFiles(asked)
		for _, p := range [][]byte{header, make([]byte, 99), {9}, make([]byte, 98), make([]byte, 98), {9}, {1, 2}} {
			if _, err := f.Write(p); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.close(); err != nil {
		t.Fatal(err)
	}
	names := frame.FlightFiles(asked.File)
	if len(names) != 2 {
		t.Fatal(names)
	}
	newer, err := os.ReadFile(names[1])
	if want := string(header) + "\x01\x02"; err != nil || string(newer) != want || len(flightOf(asked)) != 16+98+98+1+len(want) {
		t.Errorf("%q, %v", newer, err)
	}
	f.remove()
	if names := frame.FlightFiles(asked.File); names != nil {
		t.Error(names)
	}
}

// TestFlightFillsNoDisk: what can't be written is said.
func TestFlightFillsNoDisk(t *testing.T) {
	asked := &frame.Flight{Age: time.Hour, Size: 200, File: filepath.Join(t.TempDir(), "missing", "flight")}
	var f flight
	f.ready(asked, 1)
	done := &frame.Done{Panic: &guard.Panic{}}
	f.land(asked, false, done)
	if done.Flight == nil || !strings.Contains(done.Flight.Failed, "no such file") {
		t.Errorf("%+v", done.Flight)
	}
	f.ready(nil, 2)
}

func TestFlightIsRefused(t *testing.T) {
	own := trace.NewFlightRecorder(trace.FlightRecorderConfig{}) // of the program
	if err := own.Start(); err != nil {
		t.Fatal(err)
	}
	defer own.Stop()
	asked := &frame.Flight{File: filepath.Join(t.TempDir(), "flight"), InMemory: true}
	var f flight
	f.ready(asked, 1)
	done := &frame.Done{Panic: &guard.Panic{}}
	f.land(asked, false, done)
	if done.Flight == nil || !strings.Contains(done.Flight.Failed, "already enabled") {
		t.Errorf("%+v", done.Flight)
	}
}
