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
// runs of several programs can take turns. Its methods are called as this shows:
//
//	e := harness.NewEngine()
//	for e.Next() {
//		if e.Checks() {
//			setup
//			e.Snapshot(result)
//			continue
//		}
//		b := e.B()
//		setup
//		e.Begin()
//		for b.Loop() {
//			body
//		}
//		e.Done()
//	}
//
// Code that an interpreter runs has no B.Loop: it calls Ready in place of B and
// counts N itself.
type Engine struct {
	in      *bufio.Scanner
	out     *json.Encoder
	command EngineCommand
	b       *testing.B
	before  readings
	after   readings
	began   time.Time
	profile *os.File
}

// NewEngine takes the files that the kernel has opened.
func NewEngine() *Engine {
	in := bufio.NewScanner(os.NewFile(engineCommands, "commands"))
	e := &Engine{in: in, out: json.NewEncoder(os.NewFile(engineAnswers, "answers"))}
	e.before.classes, e.after.classes = classSamples(), classSamples()
	return e
}

// Next waits for the next run or check. It reports false when the kernel has
// closed its end, or is gone.
func (e *Engine) Next() bool {
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

// Checks reports whether a result is wanted and no time.
func (e *Engine) Checks() bool { return e.command.Do == EngineCheck }

// Snapshot tells the result.
func (e *Engine) Snapshot(values ...any) {
	s := TakeSnapshot(values...)
	e.answer(EngineAnswer{Snapshot: &s})
}

// B begins a run, as Timing's does, and returns what counts its operations.
func (e *Engine) B() *testing.B {
	e.b = newB(e.command.N)
	return e.b
}

// Ready begins a run whose operations the program counts itself.
func (e *Engine) Ready() {
	e.b = nil
	runtime.GC()
}

// N is the number of operations of the run.
func (e *Engine) N() int { return e.command.N }

// Begin stands right before the loop.
func (e *Engine) Begin() {
	e.before.read()
	e.before.cpu = cpuTime()
	e.began = time.Now()
}

// Done stands right behind the loop.
func (e *Engine) Done() {
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
