//go:build !amd64

package valgrind

// Supported says that programs for this kind of CPU can be simulated.
const Supported = false

func request(code, arg uintptr) uintptr { return 0 }
