package valgrind

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
	"unsafe"

	"hpgo/kernel/display"
	"hpgo/magics/harness"
)

// Client requests: the numbers of valgrind's own, and those of callgrind, which has
// the letters C and T.
const (
	runningOnValgrind    = 0x1001
	ofCallgrind          = 'C'<<24 | 'T'<<16
	dumpStatsAt          = ofCallgrind + 3
	startInstrumentation = ofCallgrind + 4
	stopInstrumentation  = ofCallgrind + 5
)

// Running reports whether valgrind runs the program.
func Running() bool { return request(runningOnValgrind, 0) != 0 }

// RecordRun is the kind of the records that carry a Run.
const RecordRun = "simulated run"

// Run is one run of the measured code, whose counts callgrind has written.
type Run struct {
	Number  int     `json:"number"`           // from 1
	Elapsed float64 `json:"elapsed"`          // s by the clock, of the simulation
	Broken  bool    `json:"broken,omitempty"` // the code was left by a panic or an interrupt
}

// Options say how often the code runs.
type Options struct {
	Runs   int     `json:"runs"`
	Budget float64 `json:"budget,omitempty"` // s after which no further run begins; 0: there is none
}

// Loop runs measured code while it is simulated:
//
//	l := valgrind.NewLoop(`{"runs":3}`)
//	for l.Next() {
//		measured code
//	}
//	l.End()
//
// callgrind writes the counts of each run to a file when it has ended; a Run is
// reported then. A cell that ends during a run, by a panic or an
// interrupt, has what was counted so far written.
type Loop struct {
	o      Options
	began  time.Time
	forget func()

	mu      sync.Mutex // between the code and the end of the cell
	made    int
	running bool
	ended   bool
	started time.Time
	timer   *os.File // of rest; nil: none
}

// NewLoop reads Options as JSON. It panics if the text is no such thing, which the
// kernel that wrote it rules out.
func NewLoop(options string) *Loop {
	l := &Loop{}
	if err := json.Unmarshal([]byte(options), &l.o); err != nil {
		panic(fmt.Sprintf("valgrind.NewLoop: %v", err))
	}
	return l
}

// Next ends the run before, if there was one, and reports whether the code shall run
// once more; its run has then begun. Garbage of before isn't the code's.
func (l *Loop) Next() bool {
	if l.forget == nil {
		l.forget = display.AtCellEnd(l.finish)
		runtime.GC()
		l.began = time.Now()
	}
	if l.endRun(false); l.enough() {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return false
	}
	if Running() {
		l.timer = rest()
	}
	l.running, l.started = true, time.Now()
	request(startInstrumentation, 0)
	return true
}

func (l *Loop) enough() bool {
	switch {
	case l.made >= l.o.Runs || display.Context().Err() != nil:
		return true
	case l.o.Budget > 0 && l.made > 0:
		return time.Since(l.began).Seconds() >= l.o.Budget
	}
	return false
}

// endRun ends the run that goes on.
func (l *Loop) endRun(broken bool) {
	request(stopInstrumentation, 0)
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.running {
		return
	}
	l.running = false
	l.made++
	elapsed := time.Since(l.started)
	name := append([]byte(DumpName(l.made)), 0)
	request(dumpStatsAt, uintptr(unsafe.Pointer(&name[0])))
	runtime.KeepAlive(name)
	if l.timer != nil {
		l.timer.Close()
		l.timer = nil
	}
	harness.Report(RecordRun, Run{Number: l.made, Elapsed: elapsed.Seconds(), Broken: broken})
}

// DumpName is how callgrind's files call the counts of a run: it stands in their line
// "desc: Trigger: Client Request: ".
func DumpName(run int) string { return fmt.Sprintf("hpgo run %d", run) }

// End ends the runs.
func (l *Loop) End() { l.finish() }

func (l *Loop) finish() {
	l.endRun(true)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	if l.forget != nil {
		l.forget()
	}
}
