package build

import (
	"errors"
	"go/types"
	"sync"
	"time"
)

// shelf holds the packages that were read from source, until the module changes
// or they are too many.
type shelf struct {
	mu       sync.Mutex
	packages map[string]*types.Package // by import path
	sketches map[string]*types.Package // what Sketch made
}

// shelfSize is the number of packages above which a shelf is emptied, but not
// again within shelfTime: a text that needs more would have them read again and
// again. They take 0.1 MB each; net/http needs 180.
const (
	shelfSize = 300
	shelfTime = time.Minute
)

var errShelfFull = errors.New("too many packages were read from source")

func newShelf() *shelf {
	return &shelf{packages: map[string]*types.Package{}, sketches: map[string]*types.Package{}}
}

func (s *shelf) get(importPath string) *types.Package {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.packages[importPath]
}

func (s *shelf) put(importPath string, p *types.Package) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.packages[importPath] = p
	delete(s.sketches, importPath)
}

// sketch returns the sketch of a package, which make makes if there is none.
func (s *shelf) sketch(importPath string, make func() (*types.Package, error)) (*types.Package, error) {
	s.mu.Lock()
	p := s.sketches[importPath]
	s.mu.Unlock()
	if p != nil {
		return p, nil
	}
	p, err := make()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sketches[importPath] = p
	return p, nil
}

// full reports whether the shelf should be emptied.
func (s *shelf) full() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.packages)+len(s.sketches) > shelfSize
}

// emptied returns the shelf for another package, a new one if it is full and
// was not emptied just before.
func (l *Library) emptied() *shelf {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refresh()
	if l.shelf.full() && time.Since(l.emptiedAt) > shelfTime {
		l.shelf, l.emptiedAt = newShelf(), time.Now()
		l.emptyings++
	}
	return l.shelf
}
