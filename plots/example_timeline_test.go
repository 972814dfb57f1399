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
