package harness

import (
	"bytes"
	"sync"
	"unsafe"
)

// RecordRestored is the kind of the record that Restore sends: the variable's name.
const RecordRestored = "restored"

// saved holds values of the session's variables while measured code may change
// them: pointers to copies, or what SaveCalled keeps. There is one set for the process, as there is one
// session.
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
	saved.values[name] = &value
}

// Restore gives a variable the value that Save or SaveCalled kept last, which it
// forgets, and reports the name if the variable held another. Without a copy nothing
// is done.
func Restore[T any](name string, variable *T) {
	saved.Lock()
	defer saved.Unlock()
	was := saved.values[name]
	delete(saved.values, name)
	if k, called := was.(*keptValue); called {
		if kind := k.restore(); kind != "" {
			Report(kind, name)
		}
		return
	}
	value, ok := was.(*T)
	if !ok || bytes.Equal(memory(variable), memory(value)) {
		return
	}
	*variable = *value
	Report(RecordRestored, name)
}

// memory is what a variable itself consists of, without what it refers to.
func memory[T any](p *T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(p)), unsafe.Sizeof(*p))
}
