package display

import "sync"

// endings are what the running cell wants done at its end.
type endings struct {
	mu   sync.Mutex
	next int
	todo map[int]func()
}

var cellEnd endings

// AtCellEnd has f called once when the running cell has ended, however it did:
// also by a panic, an interrupt, by os.Exit in the live session, or when it was left
// behind while it waited. It
// is for what a cell must not leave changed, where a deferred call can't stand.
// f runs before the next cell begins and should be short. What calls forget first
// has nothing called. In an ordinary program nothing ever calls f.
func AtCellEnd(f func()) (forget func()) {
	cellEnd.mu.Lock()
	defer cellEnd.mu.Unlock()
	if cellEnd.todo == nil {
		cellEnd.todo = map[int]func(){}
	}
	n := cellEnd.next
	cellEnd.next++
	cellEnd.todo[n] = f
	return func() {
		cellEnd.mu.Lock()
		defer cellEnd.mu.Unlock()
		delete(cellEnd.todo, n)
	}
}

// run calls what is to be done, the latest first.
func (e *endings) run() {
	e.mu.Lock()
	todo, last := e.todo, e.next-1
	e.todo = nil
	e.mu.Unlock()
	for n := last; n >= 0 && len(todo) > 0; n-- {
		if f := todo[n]; f != nil {
			f()
			delete(todo, n)
		}
	}
}
