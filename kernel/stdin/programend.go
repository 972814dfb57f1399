package stdin

import (
	"os"
	"sync"
)

// programEnd is the end of an input that the program gets.
type programEnd struct {
	handing sync.Mutex
	theirs  *os.File // nil once Started
}

// Theirs implements Input.
func (e *programEnd) Theirs() *os.File { return e.theirs }

// Started implements Input.
func (e *programEnd) Started() {
	e.handing.Lock()
	defer e.handing.Unlock()
	if e.theirs != nil {
		e.theirs.Close()
		e.theirs = nil
	}
}
