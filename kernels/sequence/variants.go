package sequence

import (
	"iter"

	"hpgo/kernels/sequence/adapter"
)

// total adds up what an iterator function gives. It is small, so that the compiler
// puts it where it is called, with the function that it is called with.
func total(seq iter.Seq[int], stop int) int {
	sum := 0
	for v := range seq {
		if v >= stop {
			break
		}
		sum += v
	}
	return sum
}

// overInt is the loop with a range over a number.
func overInt(in Items) Result {
	sum := 0
	for v := range in.N {
		if v >= in.Stop {
			return Result{sum, v + 1}
		}
		sum += v
	}
	return Result{sum, in.N}
}

// sized puts all items into a slice first, which is made as long as it has to be.
func sized(in Items) Result {
	items := make([]int, in.N)
	for v := range items {
		items[v] = v
	}
	return ofSlice(items, in.Stop)
}

// appended puts all items into a slice first, which grows.
func appended(in Items) Result {
	var items []int
	for v := range in.N {
		items = append(items, v)
	}
	return ofSlice(items, in.Stop)
}

func ofSlice(items []int, stop int) Result {
	sum := 0
	for _, v := range items {
		if v >= stop {
			break
		}
		sum += v
	}
	return Result{sum, len(items)}
}

// push is an iterator function; made tells afterwards how far it came.
func push(n int, made *int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for v := range n {
			if !yield(v) {
				*made = v + 1
				return
			}
		}
		*made = n
	}
}

func pushed(in Items) Result {
	made := 0
	return Result{Sum: total(push(in.N, &made), in.Stop)}.with(&made)
}

// with reads the number of items when the run is over.
func (r Result) with(made *int) Result {
	r.Made = *made
	return r
}

//go:noinline
func pushApart(n int, made *int) iter.Seq[int] { return push(n, made) }

// pushedApart has an iterator function that the compiler doesn't see into: each item
// is a call of the loop's body.
func pushedApart(in Items) Result {
	made := 0
	return Result{Sum: total(pushApart(in.N, &made), in.Stop)}.with(&made)
}

// each calls back with every item until it is told to end.
//
//go:noinline
func each(n int, visit func(int) bool) (made int) {
	for v := range n {
		if !visit(v) {
			return v + 1
		}
	}
	return n
}

func callback(in Items) Result {
	sum := 0
	made := each(in.N, func(v int) bool {
		if v >= in.Stop {
			return false
		}
		sum += v
		return true
	})
	return Result{sum, made}
}

// generator returns a function that gives the next item, and false behind the last.
//
//go:noinline
func generator(n int, made *int) func() (int, bool) {
	v := -1
	return func() (int, bool) {
		if v++; v >= n {
			return 0, false
		}
		*made = v + 1
		return v, true
	}
}

func closure(in Items) Result {
	sum, made := 0, 0
	next := generator(in.N, &made)
	for v, ok := next(); ok && v < in.Stop; v, ok = next() {
		sum += v
	}
	return Result{sum, made}
}

// counter is an iterator as bufio.Scanner is one.
type counter struct{ n, next int }

// Next goes to the next item; false: there is none.
func (c *counter) Next() bool {
	if c.next >= c.n {
		return false
	}
	c.next++
	return true
}

// Value is the item.
func (c *counter) Value() int { return c.next - 1 }

func structure(in Items) Result {
	sum := 0
	c := counter{n: in.N}
	for c.Next() && c.Value() < in.Stop {
		sum += c.Value()
	}
	return Result{sum, c.next}
}

// scanner is what counter is known by where its type isn't.
type scanner interface {
	Next() bool
	Value() int
}

//go:noinline
func behindInterface(s scanner, stop int) int {
	sum := 0
	for s.Next() {
		v := s.Value()
		if v >= stop {
			break
		}
		sum += v
	}
	return sum
}

func interfaced(in Items) Result {
	c := &counter{n: in.N}
	return Result{Sum: behindInterface(c, in.Stop)}.with(&c.next)
}

// pulled turns an iterator function into one that gives the next item: a coroutine,
// to which the runtime switches without its scheduler.
func pulled(in Items) Result {
	sum, made := 0, 0
	next, stop := iter.Pull(push(in.N, &made))
	for v, ok := next(); ok && v < in.Stop; v, ok = next() {
		sum += v
	}
	stop()
	return Result{Sum: sum}.with(&made)
}

// zipped takes items and zeros in turn.
func zipped(in Items) Result {
	sum, made := 0, 0
	for v, zero := range adapter.Zip(push(in.N, &made), adapter.Count(0, 0)) {
		if v >= in.Stop {
			break
		}
		sum += v + zero
	}
	return Result{Sum: sum}.with(&made)
}
