package worker

import (
	"context"
	"errors"
)

// interrupt stops the call in progress because its context has ended.
//
// Go can't stop a goroutine from outside, so this kills the worker and the
// variables are lost. A trap in the worker that makes the cell's goroutine
// panic (the record of it is child's running) would be tried here first, by a
// request to the worker, with this as the last resort.
func (w *Worker) interrupt(ctx context.Context) {
	message := "the cell was interrupted"
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		message = "the cell took longer than it may"
	}
	w.end(&Died{Reason: Interrupted, Message: message, cause: ctx.Err()})
}
