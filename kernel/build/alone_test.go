package build

import (
	"context"
	"testing"
	"time"
)

// TestAlone: the second waits for the first, unless it is cancelled; a cache
// that can't be made keeps nobody waiting.
func TestAlone(t *testing.T) {
	t.Setenv("HPGO_CACHE", t.TempDir())
	release := Alone(t.Context())
	ctx, cancel := context.WithCancel(t.Context())
	entered := make(chan func())
	go func() { entered <- Alone(ctx) }()
	go func() { entered <- Alone(t.Context()) }()
	select {
	case <-entered:
		t.Fatal("two were alone")
	case <-time.After(3 * alonePoll):
	}
	cancel()
	(<-entered)()
	release()
	(<-entered)()
	t.Setenv("HPGO_CACHE", "/dev/null/none")
	Alone(t.Context())()
}
