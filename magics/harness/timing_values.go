package harness

// escaping is never true, which the compiler doesn't know.
var escaping bool

// escaped is where values would go.
var escaped any

// Escape makes the compiler put what a value refers to on the heap, as it does
// with what a program keeps. It costs the test of a variable.
func Escape[T any](v T) {
	if escaping {
		escaped = v
	}
}

// Hide returns a value that the compiler can't know.
//
//go:noinline
func Hide[T any](v T) T { return v }
