package plots_test

import (
	"fmt"
	"time"

	"hpgo/plots"
)

func ExampleGantt() {
	type job struct {
		Worker     string
		State      string
		Start, End time.Duration
	}
	ms := time.Millisecond
	jobs := []job{
		{"w1", "read", 0, 20 * ms}, {"w1", "sort", 20 * ms, 60 * ms},
		{"w2", "read", 0, 40 * ms}, {"w2", "sort", 40 * ms, 80 * ms},
	}
	fmt.Println(plots.Gantt{Data: jobs, Row: "Worker", From: "Start", To: "End", Kind: "State"})
	// Output:
	// x: time 0 s to 80 ms
	// █ read  ▓ sort
	// w1  ██████████▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓            sort 50%, read 25%
	// w2  ████████████████████▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓  read 50%, sort 50%
	// mean of the rows                              sort 50%, read 38%
}

func ExampleGantt_spans() {
	fmt.Println(plots.Gantt{Title: "Plan", X: plots.Axis{Label: "week"}, Spans: []plots.Task{
		{Name: "design", From: 0, To: 3},
		{Name: "build", From: 2, To: 7},
		{Name: "test", From: 6, To: 8},
	}})
	// Output:
	// Plan
	// x: week 0 to 8
	// design  ███████████████                           38%
	// build             █████████████████████████       62%
	// test                                  ██████████  25%
	// mean of the rows                                  42%
}

func ExampleMemory() {
	const ms, mib = time.Millisecond, 1 << 20
	fmt.Println(plots.Memory{
		Samples: []plots.MemorySample{
			{T: 0, RSS: 10 * mib, Heap: 4 * mib, Goal: 8 * mib},
			{T: 10 * ms, RSS: 14 * mib, Heap: 7 * mib, Goal: 8 * mib},
			{T: 20 * ms, RSS: 14 * mib, Heap: 5 * mib, Goal: 10 * mib, Cycles: 1},
		},
		Regions: []plots.Task{{Name: "load", From: 2 * ms, To: 11 * ms}},
	})
	// Output:
	// x: time 0 s to 20 ms; y: memory 0 MiB to 14 MiB
	// span of x from 2 ms to 11 ms: load 9 ms
	// RSS           ▆██  10 MiB to 14 MiB (3 points)
	// heap          ▃▅▃  4 MiB to 7 MiB (3 points)
	// GC goal       ▅▅▆  8 MiB to 10 MiB (3 points)
	// 1 collection: a tick at 20 ms
	// peak at 10 ms, 14 MiB: peak 14 MiB
}

func ExampleRug() {
	fmt.Println(plots.Figure{Layers: plots.Layers{
		plots.Line{Name: "queue", Y: []int{3, 1, 4, 1, 5}},
		plots.Rug{Name: "restarts", X: []float64{0.5, 2.5, 3}},
	}})
	// Output:
	// x 0 to 4; y 1 to 5
	// queue     ▅▁▇▁█  1 to 5 (5 points)
	// restarts: 3 ticks from 0.5 to 3
}

func ExampleCores() {
	fmt.Println(plots.Cores{
		T:   []time.Duration{time.Second, 2 * time.Second, 3 * time.Second},
		Use: [][]float64{{97, 99, 65}, {2, 88, 40}},
	})
	// Output:
	// x: time 0 s to 3 s; y, 2 names
	// heat use of 2 by 3 values from 2% to 99%
	//   cpu0 ██▓
	//   cpu1  █▒
}
