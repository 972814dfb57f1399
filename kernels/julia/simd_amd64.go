//go:build goexperiment.simd && amd64

package julia

import (
	"unsafe"

	"hpgo/kernels"
)

// The rows with vectors run four vectors at a time, as their chains of dependent
// operations overlap, in two widths that only differ in that.
//
// They keep u = 2·re and v = 2·im. A step is then six operations, where re and im
// take seven:
//
//	u' = (u²-v²)/2 + 2·re(c)    v' = u·v + 2·im(c)
//
// Doubling and halving are exact, also the halving inside a fused multiply-add, so
// counts are those of the plain loop. Numbers below 2^-1022 are rounded otherwise. A
// step magnifies that at most fourfold, so that it takes over 500 to reach a count: where
// there may be more, blocks with very small numbers are computed one by one.
//
// Whether a point has escaped is looked at every window of steps. With |c|² < bound
// none comes back meanwhile: at |z| >= 2 the next modulus is at least 4-|c|, which is
// above 2 by more than rounding. If one has, the window is run once more for the exact
// step. Blocks with other constants are computed one by one.
const (
	window     = 4
	bound      = 3.6
	exactSteps = 500
	tiny       = 0x1p-500
)

func vectorRows() []kernels.Variant[Points, []int32] { return vectorTable(by4, by8) }

// aligned returns an address in room, which has 64 bytes more than it needs: vectors
// that cross a line of the cache are loaded in two goes.
func aligned[T any](room *T) unsafe.Pointer {
	return unsafe.Add(unsafe.Pointer(room), -uintptr(unsafe.Pointer(room))&63)
}

// last is how often a window is tested when it is run again for its exact steps, and
// what those count that leave with the first: fewer when maxIter cuts it short.
func last(n, maxIter int) (tests, first int) {
	return min(maxIter-n, window) - 1, min(n+1, maxIter)
}
