package build

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

const (
	// aloneWait is how long a kernel waits for another's first build; one that
	// takes longer was stopped.
	aloneWait = 5 * time.Minute
	// alonePoll is how often it looks.
	alonePoll = 50 * time.Millisecond
)

// Alone waits until no other process does its first build, so that kernels that
// start together after an update don't all do the same, and keeps others waiting
// until release is called. Without such a lock work is only done twice.
func Alone(ctx context.Context) (release func()) {
	if err := os.MkdirAll(CacheDir(), 0o700); err != nil {
		return func() {}
	}
	f, err := os.OpenFile(filepath.Join(CacheDir(), "first-build.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return func() {}
	}
	for end := time.Now().Add(aloneWait); !lockFile(f) && ctx.Err() == nil && time.Now().Before(end); {
		time.Sleep(alonePoll)
	}
	return func() { f.Close() } // gives the lock back
}
