package tracer

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime/trace"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"hpgo/kernel/display"
	"hpgo/magics/harness"
	"hpgo/magics/prof"
)

// RecordKind is the kind of the record with a Recording.
const RecordKind = "trace"

// The marks of measured code: logs of runtime/trace with this category. Behind
// MarkBegin stands Params.Name.
const (
	MarkCategory = "hpgo"
	MarkBegin    = "begin"
	MarkEnd      = "end"
)

// Params are the parameters of NewTrace, as JSON.
type Params struct {
	File  string  `json:"file"`            // to write the trace to
	Name  string  `json:"name,omitempty"`  // what the goroutine of Start is called in the trace
	Calls float64 `json:"calls,omitempty"` // s that a call of prof.Call must take to be noted; 0: none are
	Limit int64   `json:"limit,omitempty"` // bytes after which the recording ends; 0: none
}

// Recording is what a Trace reports of itself.
type Recording struct {
	Bytes   int64      `json:"bytes"`             // of the file
	Elapsed float64    `json:"elapsed"`           // s between Start and End
	CPU     float64    `json:"cpu"`               // s of CPU time between them, of the whole process
	Whole   bool       `json:"whole"`             // the measured code came to its end
	Cut     float64    `json:"cut,omitempty"`     // s after which the limit ended the recording
	Refused string     `json:"refused,omitempty"` // why there is none
	Calls   prof.Calls `json:"calls,omitzero"`
}

// Trace records the execution of measured code:
//
//	t := tracer.NewTrace(params)
//	t.Start()
//	measured code
//	t.End()
//
// It reports a Recording. A cell that ends before End, by a panic or an interrupt,
// calls it.
type Trace struct {
	params Params
	out    *limited
	calls  func() prof.Calls // ends the notes of calls; nil: there are none
	opened time.Time
	began  time.Time // of the measured code
	cpu    time.Duration
	done   chan struct{} // closed by End
	over   sync.WaitGroup
	stop   func() // ends the recording, once
	once   sync.Once
	forget func()
	result Recording
}

// NewTrace makes a recorder with the parameters of a Params.
func NewTrace(params string) *Trace {
	t := &Trace{done: make(chan struct{}), stop: sync.OnceFunc(trace.Stop)}
	if err := json.Unmarshal([]byte(params), &t.params); err != nil {
		panic(fmt.Sprintf("parameters %s: %v", params, err)) // of ours
	}
	return t
}

// Start begins to record. Code is run without a record where the runtime refuses
// one, because the program records a trace of its own.
func (t *Trace) Start() {
	t.forget = display.AtCellEnd(func() { t.finish(false) })
	t.opened = time.Now()
	file, err := os.Create(t.params.File)
	if err == nil {
		t.out = &limited{file: file, limit: t.params.Limit, full: make(chan struct{})}
		err = trace.Start(t.out)
	}
	if err != nil {
		t.result.Refused = err.Error()
		t.stop = func() {}
	} else if t.params.Limit > 0 {
		t.over.Add(1)
		go t.guard() // by its name the trace tells it from the measured code's
	}
	for range markTries {
		t.began, t.cpu = time.Now(), processTime()
		if t.params.Calls > 0 {
			t.calls = prof.WatchCalls(time.Duration(t.params.Calls * float64(time.Second)))
		}
		trace.Log(context.Background(), MarkCategory, MarkBegin+" "+t.params.Name)
		if time.Since(t.began) < markTime {
			break
		}
	}
}

// The mark and the clock of calls must begin together. Where the goroutine was held up
// in between it is done again: the last mark counts.
const (
	markTries = 5
	markTime  = 100 * time.Microsecond
)

// End ends the recording and reports.
func (t *Trace) End() {
	t.forget()
	t.finish(true)
}

func (t *Trace) finish(whole bool) {
	t.once.Do(func() {
		if whole {
			trace.Log(context.Background(), MarkCategory, MarkEnd)
		}
		r, now := &t.result, time.Now()
		r.Elapsed, r.CPU, r.Whole = now.Sub(t.began).Seconds(), (processTime() - t.cpu).Seconds(), whole
		if t.calls != nil {
			r.Calls = t.calls()
		}
		close(t.done)
		t.over.Wait()
		t.stop()
		if t.out != nil {
			r.Bytes = t.out.written.Load()
			if err := t.out.close(); err != nil && r.Refused == "" {
				r.Refused = err.Error()
			}
		}
		harness.Report(RecordKind, *r)
	})
}

// guard ends the recording when its file is full.
func (t *Trace) guard() {
	defer t.over.Done()
	select {
	case <-t.out.full:
		t.result.Cut = time.Since(t.opened).Seconds()
		t.stop()
	case <-t.done:
	}
}

// limited is a file that says when it is full. What comes until the recording has
// ended is written all the same, so that the trace is whole.
type limited struct {
	file    *os.File
	limit   int64
	written atomic.Int64
	said    bool
	full    chan struct{}
	fail    error
}

// Write implements io.Writer. runtime/trace calls it from one goroutine.
func (l *limited) Write(p []byte) (int, error) {
	n, err := l.file.Write(p)
	if err != nil && l.fail == nil {
		l.fail = err // runtime/trace looks at no error
	}
	if l.written.Add(int64(n)) >= l.limit && l.limit > 0 && !l.said {
		l.said = true
		close(l.full)
	}
	return n, err
}

func (l *limited) close() error {
	err := l.file.Close()
	if l.fail != nil {
		return l.fail
	}
	return err
}

// processTime is the CPU time of the process so far; 0 where the system doesn't tell.
func processTime() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
