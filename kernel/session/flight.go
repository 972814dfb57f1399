package session

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/kernel/worker"
	"hpgo/magics"
)

// beside is what a worker looks at while a cell runs.
type beside struct {
	flight *worker.Flight // what a flight recorder is to do; nil: there is none
	watch  string         // file for goroutines that are left behind; empty: nobody asks
}

// What the flight recorder keeps: the last seconds, as runtime/trace has it by itself.
const (
	flightAge  = 10 * time.Second
	flightSize = 10 << 20
)

// flight is what the flight recorder is to do during a cell; nil: there is none.
// %trace --flight sets it, and each call carries it, so that it outlives the worker.
// Code that is measured runs without: recording takes time.
func (s *Session) flight(c *cell.Cell) *worker.Flight {
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
	return &worker.Flight{Age: flightAge, Size: flightSize, Slow: limit, File: filepath.Join(s.mod.Dir, "flight"), InMemory: s.tracesItself(c)}
}

var startsTrace = regexp.MustCompile(`\btrace\.Start\(`)

// tracesItself reports whether the session's code looks as if it began execution traces
// of its own. s.mu is held.
func (s *Session) tracesItself(c *cell.Cell) bool {
	return startsTrace.MatchString(c.Text) || slices.ContainsFunc(s.log, func(l goText) bool { return startsTrace.MatchString(l.text) })
}

// watched is the file for goroutines that a cell leaves behind; empty: nobody asks
// (%goroutines --watch).
func (s *Session) watched() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.magic.settings[magics.WatchSetting]) == 0 {
		return ""
	}
	return filepath.Join(s.mod.Dir, "left")
}

// showLeft warns of goroutines that a cell left behind and that may wait for ever.
func (s *Session) showLeft(file string, reply worker.Reply, sink *callSink) {
	if file == "" || reply.Left == 0 {
		return
	}
	defer os.Remove(file)
	text, err := os.ReadFile(file)
	if err != nil {
		return // a hint is missing
	}
	if warning := magics.Left(string(text)); warning != "" {
		sink.Stream("stderr", warning+"\n")
	}
}

// showFlight shows what the flight recorder kept of a cell that ended badly or late, or
// with its worker. began and ended are the time of day.
func (s *Session) showFlight(asked *worker.Flight, flown *worker.Flown, fail error, began time.Time, sink *callSink) {
	died := worker.IsDied(fail)
	if asked == nil || flown == nil && died == nil {
		return
	}
	landing := magics.Landing{Began: began, Ended: time.Now(), Files: worker.FlightFiles(asked), Header: worker.FlightHeader}
	switch {
	case flown != nil:
		landing.Why, landing.Failed = string(flown.Why), flown.Failed
	default:
		landing.Died = died.Message
		if asked.InMemory {
			landing.Failed = "what it kept is gone with the worker: the session's code uses trace.Start, so the recorder stays in memory, out of its way"
		}
	}
	defer func() {
		for _, name := range landing.Files {
			_ = os.Remove(name) // the next recorder would, too
		}
	}()
	b, err := magics.Flight(landing)
	if err != nil {
		sink.Stream("stderr", "flight recorder: "+err.Error()+"\n")
		return
	}
	sink.Display(display.Event{Op: display.OpDisplay, Bundle: b})
}
