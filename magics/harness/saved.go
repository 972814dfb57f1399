package harness

import "sync"

// saved holds values of the session's variables while measured code may change
// them. There is one set for the process, as there is one session.
var saved struct {
	sync.Mutex
	values map[string]any
}

// Save keeps a shallow copy of a variable's value.
func Save[T any](name string, value T) {
	saved.Lock()
	defer saved.Unlock()
	if saved.values == nil {
		saved.values = map[string]any{}
	}
	saved.values[name] = value
}

// Saved returns the copy that Save made last, and forgets it. like tells its type;
// it is returned where there is no copy.
func Saved[T any](name string, like T) T {
	saved.Lock()
	defer saved.Unlock()
	value, ok := saved.values[name].(T)
	delete(saved.values, name)
	if !ok {
		return like // also for an interface variable that is nil
	}
	return value
}
