package harness

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"testing"
	"time"
)

// Files of an engine's process beside the usual three.
const (
	engineCommands = 3 // an EngineCommand a line
	engineAnswers  = 4 // an EngineAnswer a line
)

// What a kernel asks of an engine.
const (
	EngineRun     = "run"     // N operations
	EngineCheck   = "check"   // one, whose result is wanted
	EngineProfile = "profile" // begin a CPU profile, to File
	EngineStop    = "stop"    // end it
)

// EngineCommand is one thing that the kernel asks of an engine.
type EngineCommand struct {
	Do   string `json:"do"`
	N    int    `json:"n,omitempty"`
	File string `json:"file,omitempty"`
}

// EngineAnswer tells what came of a command.
type EngineAnswer struct {
	Run      *TimingRun `json:"run,omitempty"`
	Snapshot *Snapshot  `json:"snapshot,omitempty"`
	Error    string     `json:"error,omitempty"`
}

// Engine lets an ordinary program be driven from outside, run by run, so that the
// runs of several programs can take turns. The program says what a run is:
//
//	e := harness.NewEngine()
//	e.Serve(func(b *testing.B) {
//		setup
//		e.Begin()
//		for b.Loop() {
//			body
//		}
//	}, func() {
//		setup
//		e.Snapshot(result)
//	})
//
// The loop ends its function, as Timing's does. Code that an interpreter runs has
// no B.Loop: it gives ServeCounted a function that counts operations itself.
type Engine struct {
	in      *bufio.Scanner
	out     *json.Encoder
	command EngineCommand
	b       *testing.B
	before  readings
	after   readings
	began   time.Time
	profile *os.File
	result  *Snapshot
}

// NewEngine takes the files that the kernel has opened.
func NewEngine() *Engine {
	in := bufio.NewScanner(os.NewFile(engineCommands, "commands"))
	e := &Engine{in: in, out: json.NewEncoder(os.NewFile(engineAnswers, "answers"))}
	e.before.classes, e.after.classes = classSamples(), classSamples()
	return e
}

// Serve carries out what the kernel asks for, until that closes its end or is gone.
// check gives the result to Snapshot; nil: there is none.
func (e *Engine) Serve(run func(*testing.B), check func()) {
	for e.next() {
		if e.command.Do == EngineCheck {
			e.check(check)
			continue
		}
		e.b = newB(e.command.N)
		run(e.b)
		e.done()
	}
}

// ServeCounted is Serve for runs that count their operations, of which n are due.
func (e *Engine) ServeCounted(run func(n int), check func()) {
	for e.next() {
		if e.command.Do == EngineCheck {
			e.check(check)
			continue
		}
		e.b = nil
		runtime.GC()
		run(e.command.N)
		e.done()
	}
}

// check answers with a result, or with none.
func (e *Engine) check(check func()) {
	e.result = nil
	if check != nil {
		check()
	}
	e.answer(EngineAnswer{Snapshot: e.result})
}

// next waits for the next run or check.
func (e *Engine) next() bool {
	for e.in.Scan() {
		e.command = EngineCommand{}
		if err := json.Unmarshal(e.in.Bytes(), &e.command); err != nil {
			e.answer(EngineAnswer{Error: err.Error()})
			continue
		}
		switch e.command.Do {
		case EngineRun, EngineCheck:
			return true
		case EngineProfile:
			e.answer(said(e.startProfile(e.command.File)))
		case EngineStop:
			e.answer(said(e.stopProfile()))
		default:
			e.answer(EngineAnswer{Error: fmt.Sprintf("an engine can't %q", e.command.Do)})
		}
	}
	return false
}

func said(err error) EngineAnswer {
	if err != nil {
		return EngineAnswer{Error: err.Error()}
	}
	return EngineAnswer{}
}

func (e *Engine) answer(a EngineAnswer) {
	if e.out.Encode(a) != nil {
		os.Exit(1) // nobody is left to listen
	}
}

func (e *Engine) startProfile(file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	e.profile = f
	return pprof.StartCPUProfile(f)
}

func (e *Engine) stopProfile() error {
	pprof.StopCPUProfile()
	if e.profile == nil {
		return nil
	}
	return e.profile.Close()
}

// Snapshot tells the result.
func (e *Engine) Snapshot(values ...any) {
	s := TakeSnapshot(values...)
	e.result = &s
}

// Begin stands right before the loop.
func (e *Engine) Begin() {
	e.before.read()
	e.before.cpu = cpuTime()
	e.began = time.Now()
}

// done tells what a run came to.
func (e *Engine) done() {
	wall := time.Since(e.began)
	cpu := cpuTime()
	e.after.read()
	if e.b != nil {
		wall = e.b.Elapsed()
	}
	r := TimingRun{N: e.command.N, Wall: wall.Seconds(), CPU: -1}
	if cpu >= 0 && e.before.cpu >= 0 {
		r.CPU = (cpu - e.before.cpu).Seconds()
	}
	r.Allocs, r.Bytes = e.after.mem.Mallocs-e.before.mem.Mallocs, e.after.mem.TotalAlloc-e.before.mem.TotalAlloc
	r.GCs = e.after.mem.NumGC - e.before.mem.NumGC
	e.answer(EngineAnswer{Run: &r})
}
