package display

import (
	"context"
	"sync/atomic"
)

// cellContext is the context of the running cell; nil before the first.
var cellContext atomic.Pointer[context.Context]

// Context returns the context of the running cell. An interrupt cancels it, so
// that a request or a program ends at once that would otherwise be waited for:
//
//	req, err := http.NewRequestWithContext(display.Context(), "GET", url, nil)
//	out, err := exec.CommandContext(display.Context(), "make").Output()
//
// The end of the cell doesn't cancel it: goroutines that live on may keep it. In
// an ordinary program it is context.Background().
func Context() context.Context {
	if ctx := cellContext.Load(); ctx != nil {
		return *ctx
	}
	return context.Background()
}

// NewContext makes a new context for the cell that begins, and returns what
// cancels it. The worker calls it.
func NewContext() (interrupt func()) {
	ctx, cancel := context.WithCancel(context.Background())
	cellContext.Store(&ctx)
	return cancel
}
