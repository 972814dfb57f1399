//go:build !linux || !amd64

package methods

// redirect does nothing: interface calls keep the code that the type was loaded with.
func redirect(_, _ uintptr) {}

// restore and read go with it.
func restore(uintptr, uint64) {}

func read(uintptr) uint64 { return 0 }
