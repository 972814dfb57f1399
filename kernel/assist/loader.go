package assist

import (
	"context"
	"errors"
	"go/types"
	"runtime/debug"
	"sync"
	"time"

	"hpgo/kernel/build"
)

// How long an answer waits for packages that must be read from source: until
// the first for the whole of them, until the second it makes sketches. What
// isn't there then is missing in this answer, and there for a later one.
type patience struct{ whole, sketches time.Duration }

var usualPatience = patience{40 * time.Millisecond, 150 * time.Millisecond}

// loader reads packages from source while the user types on. Its goroutine is
// started by want, where none runs; it reads what is wanted, and ends when that
// is all there or close cancels it.
type loader struct {
	ctx    context.Context
	cancel context.CancelFunc
	ended  sync.WaitGroup

	mu      sync.Mutex
	running bool
	queue   []*load
}

// load is a package that is wanted.
type load struct {
	lib  *build.Library
	path string
	done chan struct{} // closed when it was read, or can't be
}

func newLoader() *loader {
	l := &loader{}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	return l
}

// want has a package read; the channel is closed when that was tried.
func (l *loader) want(lib *build.Library, path string) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range l.queue {
		if w.lib == lib && w.path == path {
			return w.done
		}
	}
	w := &load{lib, path, make(chan struct{})}
	l.queue = append(l.queue, w)
	if !l.running && l.ctx.Err() == nil {
		l.running = true
		l.ended.Go(l.run)
	}
	return w.done
}

// run reads what is in the queue, the first of which stays there meanwhile.
func (l *loader) run() {
	for {
		l.mu.Lock()
		if len(l.queue) == 0 || l.ctx.Err() != nil {
			for _, w := range l.queue {
				close(w.done)
			}
			l.running, l.queue = false, nil
			l.mu.Unlock()
			debug.FreeOSMemory() // reading source leaves much garbage, and the kernel waits for a user now
			return
		}
		w := l.queue[0]
		l.mu.Unlock()
		_, _ = w.lib.Import(l.ctx, w.path) // a package that can't be read stays unknown
		l.mu.Lock()
		l.queue = l.queue[1:]
		l.mu.Unlock()
		close(w.done)
	}
}

// close ends the goroutine and waits for it.
func (l *loader) close() {
	l.mu.Lock()
	l.cancel()
	l.mu.Unlock()
	l.ended.Wait()
}

// importer finds packages for one answer. It implements types.Importer.
type importer struct {
	ctx    context.Context
	lib    *build.Library
	loader *loader
	found  map[string]*types.Package // so that a package is the same for all of the answer
	wait   <-chan time.Time          // fires when no more package is waited for
	late   bool                      // it has fired
	sketch time.Time                 // when no more sketch is made
	rough  bool                      // there were packages that weren't whole
}

// newImporter returns an importer for an answer that begins now.
func (a *Assistant) newImporter(ctx context.Context, lib *build.Library) *importer {
	return &importer{ctx: ctx, lib: lib, loader: a.loader, found: map[string]*types.Package{},
		wait: time.After(a.patience.whole), sketch: time.Now().Add(a.patience.sketches)}
}

var errNotRead = errors.New("the package isn't read yet")

// Import returns a package, whole or as a sketch.
func (im *importer) Import(path string) (*types.Package, error) {
	if p := im.found[path]; p != nil {
		return p, nil
	}
	p, err := im.find(path)
	if err == nil {
		im.found[path] = p
	}
	return p, err
}

func (im *importer) find(path string) (*types.Package, error) {
	if p := im.lib.Known(path); p != nil {
		return p, nil
	}
	if _, ok := im.lib.Dir(path); !ok {
		return nil, errNotRead
	}
	done := im.loader.want(im.lib, path)
	if !im.late {
		select {
		case <-done:
		case <-im.wait:
			im.late = true
		case <-im.ctx.Done():
			return nil, im.ctx.Err()
		}
		if p := im.lib.Known(path); p != nil {
			return p, nil
		}
	}
	im.rough = true
	if p := im.lib.Sketched(path); p != nil {
		return p, nil
	}
	if time.Now().After(im.sketch) {
		return nil, errNotRead
	}
	return im.lib.Sketch(im.ctx, path)
}
