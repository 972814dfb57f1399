package tracer

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"time"

	"hpgo/kernel/display"
	"hpgo/magics/harness"
)

// GoroutinesKind is the kind of the record with a Dump.
const GoroutinesKind = "trace.goroutines"

// DumpParams are the parameters of NewGoroutines, as JSON.
type DumpParams struct {
	Before string `json:"before"` // file for the goroutines before the code
	After  string `json:"after"`  // file for those after it
}

// Dump is what Goroutines reports: the files hold all goroutines as tracebacks have
// them.
type Dump struct {
	Before  bool    `json:"before"`            // that file is written
	After   bool    `json:"after"`             // and that one
	Proven  bool    `json:"proven"`            // the collector looked which can never go on: they are marked (leaked)
	Whole   bool    `json:"whole"`             // the code came to its end
	Elapsed float64 `json:"elapsed,omitempty"` // s between Start and End
	Failed  string  `json:"failed,omitempty"`
}

// Goroutines lists the goroutines before and after code:
//
//	g := tracer.NewGoroutines(params)
//	g.Start()
//	the code
//	g.End()
//
// A cell that ends before End, by a panic or an interrupt, calls it.
type Goroutines struct {
	params DumpParams
	began  time.Time
	once   sync.Once
	forget func()
	result Dump
}

// NewGoroutines makes one with the parameters of a DumpParams.
func NewGoroutines(params string) *Goroutines {
	g := &Goroutines{}
	if err := json.Unmarshal([]byte(params), &g.params); err != nil {
		panic(fmt.Sprintf("parameters %s: %v", params, err)) // of ours
	}
	return g
}

// Start lists those that there are.
func (g *Goroutines) Start() {
	g.forget = display.AtCellEnd(func() { g.finish(false) })
	err := writeGoroutines(g.params.Before, "goroutine")
	g.note(err)
	g.result.Before = err == nil
	g.began = time.Now()
}

// End lists those that are left, and reports.
func (g *Goroutines) End() {
	g.forget()
	g.finish(true)
}

func (g *Goroutines) finish(whole bool) {
	g.once.Do(func() {
		r := &g.result
		r.Whole, r.Elapsed = whole, time.Since(g.began).Seconds()
		settle()
		profile := "goroutine"
		if pprof.Lookup(leaks) != nil {
			profile, r.Proven = leaks, true
		}
		err := writeGoroutines(g.params.After, profile)
		g.note(err)
		r.After = err == nil
		harness.Report(GoroutinesKind, *r)
	})
}

func (g *Goroutines) note(err error) {
	if err != nil && g.result.Failed == "" {
		g.result.Failed = err.Error()
	}
}

// leaks is the profile of goroutines that can never go on, with which their
// tracebacks say so; there is one in programs that were built with
// GOEXPERIMENT=goroutineleakprofile.
const leaks = "goroutineleak"

// settle waits for goroutines that are about to end.
func settle() {
	const patience, step = 200 * time.Millisecond, 5 * time.Millisecond
	for last, end := -1, time.Now().Add(patience); time.Now().Before(end); time.Sleep(step) {
		n := runtime.NumGoroutine()
		if last >= 0 && n >= last {
			return
		}
		last = n
	}
}

// tracebacks asks a profile of goroutines for one traceback each.
const tracebacks = 2

// writeGoroutines writes all goroutines into a file, up to 64 MB of them.
func writeGoroutines(file, profile string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := errors.Join(pprof.Lookup(profile).WriteTo(f, tracebacks), f.Close()); err != nil {
		return fmt.Errorf("write the goroutines: %w", err)
	}
	return nil
}
