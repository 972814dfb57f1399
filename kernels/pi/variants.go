package pi

import (
	"fmt"
	"sync/atomic"

	"hpgo/kernels"
	"hpgo/kernels/processes"
	"hpgo/kernels/schedule"
)

// arrays goes over all darts for every step, with arrays in between.
func arrays(d Darts) int { return throwInArrays(d, int(d)) }

// blocks is arrays for a few darts at a time.
func blocks(d Darts) int { return throwInArrays(d, 1024) }

func throwInArrays(d Darts, block int) int {
	xs, ys := make([]float64, min(block, int(d))), make([]float64, min(block, int(d)))
	hits := 0
	for lo := 0; lo < int(d); lo += block {
		xs, ys := xs[:min(block, int(d)-lo)], ys[:min(block, int(d)-lo)]
		for i := range xs {
			xs[i] = float64(dart(uint64(lo+i))>>38) / side
		}
		for i := range ys {
			ys[i] = float64(dart(uint64(lo+i))>>12&(side-1)) / side
		}
		for i, x := range xs {
			xs[i] = x*x + ys[i]*ys[i]
		}
		for _, square := range xs {
			if square < 1 {
				hits++
			}
		}
	}
	return hits
}

// counter counts the hits of darts lo to hi.
type counter func(lo, hi int) int

// count has whole numbers: a hit is a sum of squares less than that of the radius, so
// that the difference is negative.
func count(lo, hi int) int {
	hits := uint64(0)
	for i := lo; i < hi; i++ {
		z := dart(uint64(i))
		x, y := z>>38, z>>12&(side-1)
		hits += (x*x + y*y - side*side) >> 63
	}
	return int(hits)
}

// on divides the darts among a number of goroutines; 0: one for each CPU.
func on(workers int, count counter) func(Darts) int {
	return func(d Darts) int {
		workers := workers
		if workers == 0 {
			workers = kernels.Workers()
		}
		var hits atomic.Int64
		schedule.Static(int(d), workers, 0, func(lo, hi int) { hits.Add(int64(count(lo, hi))) })
		return int(hits.Load())
	}
}

// oneCounter has all goroutines wait for each other at every dart.
func oneCounter(d Darts) int {
	var next, hits atomic.Int64
	schedule.Static(kernels.Workers(), kernels.Workers(), 0, func(int, int) {
		for i := next.Add(1) - 1; i < int64(d); i = next.Add(1) - 1 {
			if count(int(i), int(i)+1) == 1 {
				hits.Add(1)
			}
		}
	})
	return int(hits.Load())
}

// own is what byProcesses needs.
var own = processes.Own

// Task counts the hits of the darts from a job's first number to its second.
var Task = processes.Task{Name: "pi", Do: func(job []uint64) uint64 { return uint64(count(int(job[0]), int(job[1]))) }}

// byProcesses starts a process for each CPU. It panics where the system starts none.
func byProcesses(d Darts) int {
	if own.Missing() != "" {
		return on(0, count)(d)
	}
	workers := kernels.Workers()
	var jobs [][]uint64
	for w := range workers {
		jobs = append(jobs, []uint64{uint64(w * int(d) / workers), uint64((w + 1) * int(d) / workers)})
	}
	answers, err := processes.Run(Task, workers, jobs)
	if err != nil {
		panic(fmt.Errorf("pi by processes: %w", err))
	}
	hits := 0
	for _, a := range answers {
		hits += int(a)
	}
	return hits
}
