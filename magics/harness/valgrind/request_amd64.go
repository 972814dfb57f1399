package valgrind

// Supported says that programs for this kind of CPU can be simulated.
const Supported = true

func request(code, arg uintptr) uintptr
