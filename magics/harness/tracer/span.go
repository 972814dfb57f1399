package tracer

import (
	"os"
	"runtime"
	"sync"
	"time"

	"hpgo/kernel/display"
	"hpgo/magics/harness"
)

// SpanKind is the kind of the record with a Span.
const SpanKind = "trace.span"

// Span says when measured code begins or ends, for a kernel that watches the process
// from outside.
type Span struct {
	PID        int     `json:"pid"`
	Ends       bool    `json:"ends"`
	Elapsed    float64 `json:"elapsed,omitempty"` // s from the beginning to the end
	CPU        float64 `json:"cpu,omitempty"`     // s of CPU time of the process meanwhile
	GOMAXPROCS int     `json:"gomaxprocs"`
}

// Spanned reports the beginning of code, and its end:
//
//	s := tracer.BeginSpan()
//	the code
//	s.End()
type Spanned struct {
	began  time.Time
	cpu    time.Duration
	once   sync.Once
	forget func()
}

// BeginSpan reports that the code begins. A cell that ends before End, by a panic or
// an interrupt, reports the end.
func BeginSpan() *Spanned {
	s := &Spanned{}
	s.forget = display.AtCellEnd(s.finish)
	harness.Report(SpanKind, Span{PID: os.Getpid(), GOMAXPROCS: runtime.GOMAXPROCS(0)})
	s.began, s.cpu = time.Now(), processTime()
	return s
}

// End reports that it ended.
func (s *Spanned) End() {
	now, cpu := time.Now(), processTime()-s.cpu
	s.forget()
	s.finishAt(now, cpu)
}

func (s *Spanned) finish() { s.finishAt(time.Now(), processTime()-s.cpu) }

func (s *Spanned) finishAt(now time.Time, cpu time.Duration) {
	s.once.Do(func() {
		harness.Report(SpanKind, Span{PID: os.Getpid(), Ends: true, Elapsed: now.Sub(s.began).Seconds(), CPU: cpu.Seconds(), GOMAXPROCS: runtime.GOMAXPROCS(0)})
	})
}
