// Package schedule divides the numbers 0 to n-1 among goroutines: the schedules that
// OpenMP knows, so that the notebooks can compare them.
//
//	for lo, hi := range parts of [0, n) {
//		body(lo, hi) // each number once, on some goroutine
//	}
package schedule

import "sync/atomic"

// Schedule is a way to divide work.
type Schedule struct {
	Name string
	Doc  string
	// Run calls body for ranges [lo, hi) that cover [0, n), each number once, on
	// workers goroutines, and waits for them. chunk is the least numbers of a range
	// that is handed out at run time; below 1 it is 1, and below 1 worker there is one.
	Run func(n, workers, chunk int, body func(lo, hi int))
}

// All are the four schedules.
var All = []Schedule{
	{"static", "one block each", Static},
	{"cyclic", "chunks in turn, as cards are dealt", Cyclic},
	{"dynamic", "the next chunk to whoever is free", Dynamic},
	{"guided", "as dynamic, with chunks that shrink", Guided},
}

// Static gives each worker one block.
func Static(n, workers, _ int, body func(lo, hi int)) {
	start(n, workers, 1, func(worker, workers int) {
		if lo, hi := worker*n/workers, (worker+1)*n/workers; lo < hi {
			body(lo, hi)
		}
	})
}

// Cyclic gives worker w the chunks w, w+workers, w+2·workers, ...
func Cyclic(n, workers, chunk int, body func(lo, hi int)) {
	chunk = max(chunk, 1)
	start(n, workers, chunk, func(worker, workers int) {
		for lo := worker * chunk; lo < n; lo += workers * chunk {
			body(lo, min(lo+chunk, n))
		}
	})
}

// Dynamic gives the next chunk to whoever is free.
func Dynamic(n, workers, chunk int, body func(lo, hi int)) {
	chunk = max(chunk, 1)
	var next atomic.Int64
	start(n, workers, chunk, func(int, int) {
		for {
			lo := int(next.Add(int64(chunk))) - chunk
			if lo >= n {
				return
			}
			body(lo, min(lo+chunk, n))
		}
	})
}

// Guided gives whoever is free half of an even share of what is left, but at least a
// chunk: few handovers at the beginning, small pieces at the end.
func Guided(n, workers, chunk int, body func(lo, hi int)) {
	chunk = max(chunk, 1)
	var next atomic.Int64
	start(n, workers, chunk, func(_, workers int) {
		for {
			lo := int(next.Load())
			if lo >= n {
				return
			}
			hi := min(lo+max((n-lo)/(2*workers), chunk), n)
			if next.CompareAndSwap(int64(lo), int64(hi)) {
				body(lo, hi)
			}
		}
	})
}

// start runs work for as many workers as there are chunks for, and waits until all have
// returned.
func start(n, workers, chunk int, work func(worker, workers int)) {
	if n <= 0 {
		return
	}
	workers = max(1, min(workers, (n+chunk-1)/chunk))
	Crew(workers, func(worker int) { work(worker, workers) })
}
