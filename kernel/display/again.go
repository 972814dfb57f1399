package display

import "sync/atomic"

// again says that the running cell's code is to be called again.
var again atomic.Bool

// CallAgain has the code of the running cell called again when it returns. Code
// that magics generate uses it: a loop behind which a function ends is compiled as
// in a function of its own, and one that something follows is not.
func CallAgain() { again.Store(true) }

// CalledAgain reports whether CallAgain was called since the last time. The worker
// asks it when a cell's code has returned.
func CalledAgain() bool { return again.Swap(false) }
