package worker

import (
	"context"
	"errors"
	"time"

	"hpgo/kernel/worker/frame"
)

// ErrInterrupt is the cause (see context.WithCancelCause) by which somebody ends
// a call's context who can ask again: the worker is then left alone when the
// cell can't be stopped, until Insist is called.
var ErrInterrupt = errors.New("interrupted by the user")

// A cell whose context ended for another reason, a timeout for instance, has
// lastGrace to stop. Then the worker is ended. A context that was cancelled
// without any reason is one of a kernel that ends, which doesn't wait long.
const (
	lastGrace = 3 * time.Second
	endGrace  = 300 * time.Millisecond
)

// interrupt stops the call in progress because its context has ended, and
// returns its outcome.
//
// The worker is asked to stop the cell, which keeps the variables. A worker that
// has no trap (see child/trap) is ended.
func (w *Worker) interrupt(ctx context.Context, now *call) result {
	if !w.Traps() || !w.Interrupt() {
		w.insist(ctx)
		return <-now.result
	}
	grace := lastGrace
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, ErrInterrupt):
		return <-now.result
	case cause == context.Canceled:
		grace = endGrace
	}
	patience := time.NewTimer(grace)
	defer patience.Stop()
	select {
	case r := <-now.result:
		return r
	case <-patience.C:
		w.insist(ctx)
		return <-now.result
	}
}

// Traps reports whether an interrupt can stop a cell without ending the worker.
func (w *Worker) Traps() bool { return w.traps && w.opts.Package != "" }

// Interrupt asks the worker once more to stop the call in progress; between two
// calls it does nothing. False: the worker has ended.
func (w *Worker) Interrupt() bool {
	i := frame.Interrupt{Package: w.opts.Package}
	if w.opts.Libraries != nil {
		i.Libraries = w.opts.Libraries()
	}
	return w.post(func(p *pump) {
		// A worker that doesn't read any more has ended, which is noticed.
		_ = p.send(frame.KindInterrupt, i)
	})
}

// Insist ends the worker if a call is in progress: it could not be stopped.
func (w *Worker) Insist() {
	if !w.busy.Load() {
		return // what takes its time is in the kernel, and the variables are safe
	}
	w.end(&Died{Reason: Interrupted, Message: "the cell could not be stopped, so the second interrupt ended the worker", cause: context.Canceled})
}

// insist ends the worker when nobody can be asked.
func (w *Worker) insist(ctx context.Context) {
	message := "the cell was interrupted"
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		message = "the cell took longer than it may"
	}
	w.end(&Died{Reason: Interrupted, Message: message, cause: ctx.Err()})
}
