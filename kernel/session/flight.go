package session

import (
	"os"
	"path/filepath"
	"time"

	"hpgo/kernel/display"
	"hpgo/kernel/worker"
	"hpgo/magics"
)

// What the flight recorder keeps: the last seconds, as runtime/trace has it by itself.
const (
	flightAge  = 10 * time.Second
	flightSize = 10 << 20
)

// flight is what the flight recorder is to do during a cell; nil: there is none.
// %trace --flight sets it, and each call carries it, so that it outlives the worker.
// Code that is measured runs without: recording takes time.
func (s *Session) flight() *worker.Flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	slow := s.magic.settings[magics.FlightSetting]
	if len(slow) == 0 {
		return nil
	}
	limit, err := time.ParseDuration(slow[0])
	if err != nil {
		return nil // the magic writes it as a duration
	}
	return &worker.Flight{Age: flightAge, Size: flightSize, Slow: limit, File: filepath.Join(s.mod.Dir, "flight.out")}
}

// showFlight shows what the flight recorder wrote about a cell that ended badly or
// late.
func (s *Session) showFlight(asked *worker.Flight, flown *worker.Flown, sink *callSink) {
	if flown == nil {
		return
	}
	defer os.Remove(asked.File)
	b, err := magics.Flight(asked.File, string(flown.Why), flown.Failed)
	if err != nil {
		sink.Stream("stderr", "flight recorder: "+err.Error()+"\n")
		return
	}
	sink.Display(display.Event{Op: display.OpDisplay, Bundle: b})
}
