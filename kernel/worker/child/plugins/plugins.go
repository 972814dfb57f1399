// Package plugins loads cells that were linked as Go plugins. It is apart from
// package child so that programs with a linked-in entry don't pull in package
// plugin, which makes the linker keep everything.
//
// It starts no goroutines; its state belongs to one Loader.
package plugins

/*
#include <stdio.h>

// C buffers its standard output when it is a pipe; by lines it keeps its place
// among Go's output.
static void hpgo_buffer_lines(void) { setvbuf(stdout, NULL, _IOLBF, BUFSIZ); }
static void hpgo_flush(void) { fflush(stdout); }
*/
import "C"

import (
	"fmt"
	"plugin"
	"sync"
)

// Loader opens plugins and keeps them. The zero value is not ready: use New.
type Loader struct {
	mu      sync.Mutex
	objects map[string]*object
}

// object is one plugin; open is nil until its initialisation has ended.
type object struct {
	open *plugin.Plugin
}

// New returns a loader for this process.
func New() *Loader {
	C.hpgo_buffer_lines()
	return &Loader{objects: make(map[string]*object)}
}

// Load opens the plugin at path, unless it is open, and returns the function
// that symbol names: a func(), or a variable that holds one.
func (l *Loader) Load(path, symbol string) (func(), error) {
	p, err := l.openOnce(path)
	if err != nil {
		return nil, err
	}
	s, err := p.Lookup(symbol)
	if err != nil {
		return nil, fmt.Errorf("look up the cell's entry: %w", err)
	}
	switch f := s.(type) {
	case func():
		return f, nil
	case *func():
		if *f != nil {
			return *f, nil
		}
		return nil, fmt.Errorf("entry %s of %s is nil", symbol, path)
	}
	return nil, fmt.Errorf("entry %s of %s is a %T, want func()", symbol, path, s)
}

func (l *Loader) openOnce(path string) (*plugin.Plugin, error) {
	l.mu.Lock()
	o := l.objects[path]
	if o == nil {
		l.objects[path] = &object{}
	}
	l.mu.Unlock()
	if o != nil {
		if o.open == nil {
			// Package plugin would wait for ever for the end of an
			// initialisation that panicked.
			return nil, fmt.Errorf("open %s: an earlier attempt to load it failed", path)
		}
		return o.open, nil
	}
	p, err := plugin.Open(path)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		// The failure may pass (a missing file); package plugin itself
		// remembers those that can't.
		delete(l.objects, path)
		return nil, fmt.Errorf("load the cell: %w", err)
	}
	l.objects[path].open = p
	return p, nil
}

// Loaded returns the number of plugins in the process.
func (l *Loader) Loaded() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, o := range l.objects {
		if o.open != nil {
			n++
		}
	}
	return n
}

// Files returns the paths that were given to Load.
func (l *Loader) Files() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	files := make([]string, 0, len(l.objects))
	for path := range l.objects {
		files = append(files, path)
	}
	return files
}

// Flush writes out what C code left in the buffer of its standard output.
func (l *Loader) Flush() { C.hpgo_flush() }
