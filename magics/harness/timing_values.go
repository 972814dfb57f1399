package harness

// sink is where values would go. It is never open, which the compiler doesn't know.
var sink struct {
	open  bool
	value any
}

// Escape makes the compiler put what a value refers to on the heap, as it does
// with what a program keeps. It costs the test of a variable.
func Escape[T any](v T) {
	if sink.open {
		sink.value = v
	}
}

// Hide returns a value that the compiler can't know.
//
//go:noinline
func Hide[T any](v T) T { return v }
