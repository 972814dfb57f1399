package magics

import "context"

// insistKey is the key of a context's value for WithInsist.
type insistKey struct{}

// WithInsist returns a context that also has a channel which is closed when the
// user interrupts the cell again: a magic that can't end gently then should end
// by force.
func WithInsist(ctx context.Context, again <-chan struct{}) context.Context {
	return context.WithValue(ctx, insistKey{}, again)
}

// insisted returns that channel; nil without one.
func insisted(ctx context.Context) <-chan struct{} {
	again, _ := ctx.Value(insistKey{}).(<-chan struct{})
	return again
}
