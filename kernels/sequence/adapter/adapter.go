// Package adapter makes sequences of sequences: what Python's itertools has and
// package slices of the standard library has not.
//
//	for v := range adapter.Take(adapter.Filter(adapter.Count(1, 2), prime), 5) {
//		fmt.Println(v)
//	}
//
// Everything is lazy: an adapter asks for an item when it is asked for one, and a
// loop that breaks ends the whole chain, so that producers see it at once. No adapter
// starts a goroutine; Zip runs one of its two sequences as a coroutine (iter.Pull),
// which ends with the loop. Those that reuse memory for what they yield say so.
//
// A sequence that goes on after yield has returned false would give an adapter items
// that nobody wants, or never end: it panics, as it does in a loop.
package adapter

import "iter"

// Number is what Count counts with.
type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

// Count yields from, from+step, from+2·step, ... and never ends by itself; integers
// wrap around as they do in Go. (itertools.count)
func Count[N Number](from, step N) iter.Seq[N] {
	return func(yield func(N) bool) {
		for v := from; yield(v); v += step {
		}
	}
}

// Take yields the first n items; none where n isn't positive. It doesn't ask for the
// one behind the last. (itertools.islice)
func Take[V any](seq iter.Seq[V], n int) iter.Seq[V] {
	return func(yield func(V) bool) {
		if n <= 0 {
			return
		}
		left := n
		seq(func(v V) bool {
			if left--; left < 0 {
				goesOn("Take")
			}
			return yield(v) && left > 0
		})
	}
}

// TakeWhile yields items until one isn't wanted any more; that one has been asked for,
// and is lost where the sequence can be run only once. (itertools.takewhile)
func TakeWhile[V any](seq iter.Seq[V], wanted func(V) bool) iter.Seq[V] {
	return func(yield func(V) bool) {
		more := true
		seq(func(v V) bool {
			if !more {
				goesOn("TakeWhile")
			}
			more = wanted(v) && yield(v)
			return more
		})
	}
}

// Chain yields the items of one sequence after those of another. (itertools.chain)
func Chain[V any](seqs ...iter.Seq[V]) iter.Seq[V] {
	return func(yield func(V) bool) {
		more := true
		for _, seq := range seqs {
			seq(func(v V) bool {
				more = yield(v)
				return more
			})
			if !more {
				return
			}
		}
	}
}

// Cycle yields the items again and again, from a copy that it makes in the first
// round: the sequence is run once. One without items has an end. (itertools.cycle)
func Cycle[V any](seq iter.Seq[V]) iter.Seq[V] {
	return func(yield func(V) bool) {
		var kept []V
		more := true
		seq(func(v V) bool {
			kept = append(kept, v)
			more = yield(v)
			return more
		})
		for more && len(kept) > 0 {
			for _, v := range kept {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// Map yields f of each item. (map)
func Map[V, W any](seq iter.Seq[V], f func(V) W) iter.Seq[W] {
	return func(yield func(W) bool) {
		seq(func(v V) bool { return yield(f(v)) })
	}
}

// Filter yields the items that are wanted. (filter)
func Filter[V any](seq iter.Seq[V], wanted func(V) bool) iter.Seq[V] {
	return func(yield func(V) bool) {
		seq(func(v V) bool { return !wanted(v) || yield(v) })
	}
}

// FilterOut yields the items that aren't unwanted. (itertools.filterfalse)
func FilterOut[V any](seq iter.Seq[V], unwanted func(V) bool) iter.Seq[V] {
	return func(yield func(V) bool) {
		seq(func(v V) bool { return unwanted(v) || yield(v) })
	}
}

// Zip yields pairs of the items of two sequences until one of them ends. The first is
// asked before the second: where that ends, an item of the first is lost. Two loops
// can't take turns, so the second sequence is a coroutine, which costs more for an
// item than all other adapters together. (zip)
func Zip[V, W any](first iter.Seq[V], second iter.Seq[W]) iter.Seq2[V, W] {
	return func(yield func(V, W) bool) {
		next, stop := iter.Pull(second)
		defer stop()
		more := true
		first(func(v V) bool {
			if !more {
				goesOn("Zip")
			}
			w, ok := next()
			more = ok && yield(v, w)
			return more
		})
	}
}

// Len runs a sequence to its end and tells how many items there were.
func Len[V any](seq iter.Seq[V]) int {
	n := 0
	seq(func(V) bool {
		n++
		return true
	})
	return n
}

// GroupBy yields runs of consecutive items with the same key, as soon as the run has
// ended: AAAABBAA gives three groups. The slice is good until the next group, which is
// put into the same memory: keep a copy (slices.Clone). A key that isn't equal to
// itself (NaN) makes a group of each item. (itertools.groupby)
func GroupBy[K comparable, V any](seq iter.Seq[V], key func(V) K) iter.Seq2[K, []V] {
	return func(yield func(K, []V) bool) {
		var group []V
		var current K
		more := true
		seq(func(v V) bool {
			if !more {
				goesOn("GroupBy")
			}
			k := key(v)
			if len(group) > 0 && k != current {
				if more = yield(current, group); !more {
					return false
				}
				group = group[:0]
			}
			current, group = k, append(group, v)
			return true
		})
		if more && len(group) > 0 {
			yield(current, group)
		}
	}
}

// goesOn panics about a sequence that an adapter has told to end.
func goesOn(adapter string) {
	panic("adapter: the sequence given to " + adapter + " goes on after yield returned false: it needs `if !yield(v) { return }`")
}
