package adapter

import (
	"fmt"
	"iter"
)

// Windows yields the last size items of a sequence, from when there are so many, with
// every item that comes. A size below 1 panics. There are four ways, which yield the
// same windows; they differ in what a step costs and in what becomes of windows that
// the caller keeps:
//
//	Windows         a new slice each step: size items copied and allocated; may be kept
//	WindowsShifted  items moved down in one slice: size items moved; the next step destroys it
//	WindowsAppended append(w[1:], v): O(1) on average; may be kept, and keeps its neighbours alive
//	WindowsRing     a ring buffer that is written twice: O(1); the next steps destroy it
func Windows[V any](seq iter.Seq[V], size int) iter.Seq[[]V] {
	check(size)
	return func(yield func([]V) bool) {
		var window []V
		seq(func(v V) bool {
			if len(window) < size {
				window = append(window, v)
				return len(window) < size || yield(window)
			}
			next := make([]V, size)
			copy(next, window[1:])
			next[size-1] = v
			window = next
			return yield(window)
		})
	}
}

// WindowsShifted is Windows in one slice: see there.
func WindowsShifted[V any](seq iter.Seq[V], size int) iter.Seq[[]V] {
	check(size)
	return func(yield func([]V) bool) {
		var window []V
		seq(func(v V) bool {
			if len(window) < size {
				window = append(window, v)
				return len(window) < size || yield(window)
			}
			copy(window, window[1:])
			window[size-1] = v
			return yield(window)
		})
	}
}

// WindowsAppended is Windows in memory that windows share: see there. Nobody may write
// to a window.
func WindowsAppended[V any](seq iter.Seq[V], size int) iter.Seq[[]V] {
	check(size)
	return func(yield func([]V) bool) {
		var window []V
		seq(func(v V) bool {
			if len(window) == size {
				window = window[1:]
			}
			window = append(window, v)
			return len(window) < size || yield(window[:size:size])
		})
	}
}

// WindowsRing is Windows in a ring buffer: see there. Each item is written twice, size
// places apart, so that a window lies in one piece wherever it begins.
func WindowsRing[V any](seq iter.Seq[V], size int) iter.Seq[[]V] {
	check(size)
	return func(yield func([]V) bool) {
		var ring []V
		at := 0
		seq(func(v V) bool {
			if len(ring) < size { // the first window; it may not come to be, so it gets memory as it grows
				if ring = append(ring, v); len(ring) < size {
					return true
				}
				ring = append(ring, ring...)
				return yield(ring[:size:size])
			}
			ring[at], ring[at+size] = v, v
			if at++; at == size {
				at = 0
			}
			return yield(ring[at : at+size : at+size])
		})
	}
}

func check(size int) {
	if size < 1 {
		panic(fmt.Sprintf("adapter: a window of %d items: it has at least 1", size))
	}
}
