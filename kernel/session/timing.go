package session

import (
	"context"
	"errors"
	"time"

	"hpgo/kernel/live"
	"hpgo/kernel/worker"
)

// Timing tells where the time of a cell's Go went.
type Timing struct {
	Compile, Link time.Duration // in the kernel
	Load, Run     time.Duration // in the worker
}

// LastTiming returns the timing of the last Go cell that was loaded.
func (s *Session) LastTiming() Timing {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lastTiming
}

// noteTiming remembers a call's timing.
func (s *Session) noteTiming(o *live.Object, reply worker.Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastTiming = Timing{Compile: o.Compile, Link: o.Link, Load: reply.LoadTime, Run: reply.RunTime}
}

// Usage returns what the worker takes.
func (s *Session) Usage(ctx context.Context) (worker.Usage, error) {
	s.mu.Lock()
	w := s.worker
	s.mu.Unlock()
	if w == nil {
		return worker.Usage{}, errors.New("no worker is running")
	}
	return w.Usage(ctx)
}
