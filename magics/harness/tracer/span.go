package tracer

import (
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
	Time       int64 `json:"time"` // ns since 1970
	Ends       bool  `json:"ends"`
	Whole      bool  `json:"whole,omitempty"` // it came to its end
	GOMAXPROCS int   `json:"gomaxprocs"`
}

// Spanned reports the beginning of code, and its end:
//
//	s := tracer.BeginSpan()
//	the code
//	s.End()
type Spanned struct {
	once   sync.Once
	forget func()
}

// BeginSpan reports that the code begins. A cell that ends before End, by a panic or
// an interrupt, reports the end.
func BeginSpan() *Spanned {
	s := &Spanned{}
	s.forget = display.AtCellEnd(func() { s.finish(false) })
	harness.Report(SpanKind, Span{Time: time.Now().UnixNano(), GOMAXPROCS: runtime.GOMAXPROCS(0)})
	return s
}

// End reports that it ended.
func (s *Spanned) End() {
	now := time.Now()
	s.forget()
	s.finishAt(now, true)
}

func (s *Spanned) finish(whole bool) { s.finishAt(time.Now(), whole) }

func (s *Spanned) finishAt(now time.Time, whole bool) {
	s.once.Do(func() {
		harness.Report(SpanKind, Span{Time: now.UnixNano(), Ends: true, Whole: whole, GOMAXPROCS: runtime.GOMAXPROCS(0)})
	})
}
