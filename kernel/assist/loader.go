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

// patience is how long an answer waits for packages that must be read from
// source: until whole for all of them, until sketch for sketches. What isn't
// there then is missing in this answer, and there for a later one.
type patience struct{ whole, sketch time.Duration }

var usualPatience = patience{40 * time.Millisecond, 180 * time.Millisecond}

// loader reads packages from source while the user types on.
type loader struct {
	reads    desk // of whole packages
	sketches desk
}

func newLoader() *loader {
	ctx, cancel := context.WithCancel(context.Background())
	return &loader{
		reads:    desk{ctx: ctx, cancel: cancel, work: (*build.Library).Import, tidies: true},
		sketches: desk{ctx: ctx, cancel: cancel, work: (*build.Library).Sketch},
	}
}

// close ends both goroutines and waits for them.
func (l *loader) close() {
	l.reads.close()
	l.sketches.close()
}

// desk does one kind of work on packages, one after the other. Its goroutine is
// started by want, where none runs; it ends when nothing more is wanted or close
// cancels it.
type desk struct {
	ctx    context.Context
	cancel context.CancelFunc
	work   func(*build.Library, context.Context, string) (*types.Package, error)
	tidies bool // gives memory back at the end
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

// want has work done on a package; the channel is closed when that was tried.
func (d *desk) want(lib *build.Library, path string) <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, w := range d.queue {
		if w.lib == lib && w.path == path {
			return w.done
		}
	}
	w := &load{lib, path, make(chan struct{})}
	if d.ctx.Err() != nil {
		close(w.done)
		return w.done
	}
	d.queue = append(d.queue, w)
	if !d.running {
		d.running = true
		d.ended.Go(d.run)
	}
	return w.done
}

// run works on what is in the queue, the first of which stays there meanwhile.
func (d *desk) run() {
	for {
		d.mu.Lock()
		if len(d.queue) == 0 || d.ctx.Err() != nil {
			for _, w := range d.queue {
				close(w.done)
			}
			d.running, d.queue = false, nil
			d.mu.Unlock()
			if d.tidies { // reading source leaves much garbage, and the kernel waits for a user now
				debug.FreeOSMemory()
			}
			return
		}
		w := d.queue[0]
		d.mu.Unlock()
		_, _ = d.work(w.lib, d.ctx, w.path) // a package that can't be read stays unknown
		d.mu.Lock()
		d.queue = d.queue[1:]
		d.mu.Unlock()
		close(w.done)
	}
}

func (d *desk) close() {
	d.mu.Lock()
	d.cancel()
	d.mu.Unlock()
	d.ended.Wait()
}

// importer finds packages for one answer. It implements types.Importer.
type importer struct {
	ctx    context.Context
	lib    *build.Library
	loader *loader
	found  map[string]*types.Package // so that a package is the same for all of the answer
	whole  time.Time                 // until when packages are waited for
	sketch time.Time                 // until when sketches are
	rough  bool                      // there were packages that weren't whole
}

// newImporter returns an importer for an answer that begins now.
func (a *Assistant) newImporter(ctx context.Context, lib *build.Library) *importer {
	now := time.Now()
	return &importer{ctx: ctx, lib: lib, loader: a.loader, found: map[string]*types.Package{},
		whole: now.Add(a.patience.whole), sketch: now.Add(a.patience.sketch)}
}

var errNotRead = errors.New("the package isn't read yet")

// Import returns a package, whole or as a sketch.
func (im *importer) Import(path string) (*types.Package, error) {
	if p := im.found[path]; p != nil {
		return p, nil
	}
	p := im.find(path)
	if p == nil {
		return nil, errNotRead
	}
	im.found[path] = p
	return p, nil
}

func (im *importer) find(path string) *types.Package {
	if p := im.lib.Known(path); p != nil {
		return p
	}
	if _, ok := im.lib.Dir(path); !ok {
		return nil
	}
	read := im.loader.reads.want(im.lib, path)
	im.await(im.whole, read, nil)
	if p := im.lib.Known(path); p != nil {
		return p
	}
	im.rough = true
	if p := im.lib.Sketched(path); p != nil {
		return p
	}
	sketched := im.loader.sketches.want(im.lib, path)
	im.await(im.sketch, read, sketched)
	if p := im.lib.Known(path); p != nil {
		return p
	}
	im.await(im.sketch, sketched, nil) // the whole can't be read
	return im.lib.Sketched(path)
}

// await waits until one of two channels is closed, or it is too late.
func (im *importer) await(until time.Time, a, b <-chan struct{}) {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-a:
	case <-b:
	case <-timer.C:
	case <-im.ctx.Done():
	}
}
