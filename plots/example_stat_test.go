package plots_test

import (
	"fmt"
	"math"
	"time"

	"hpgo/plots"
)

// latencies are some durations for the examples, most of them short.
func latencies(n int, median time.Duration) []time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		rank := (float64(i*37%n) + 0.5) / float64(n) // every rank once, in a shuffled order
		out[i] = time.Duration(float64(median) * math.Pow(rank/(1-rank), 0.25))
	}
	return out
}

func ExampleScatter_fit() {
	fmt.Println(plots.Figure{Layers: plots.Layers{plots.Scatter{
		Name: "requests", Fit: true,
		X: []float64{1, 2, 3, 4, 5, 6},
		Y: []time.Duration{4200 * time.Microsecond, 5300 * time.Microsecond, 6700 * time.Microsecond, 7800 * time.Microsecond, 9300 * time.Microsecond, 10100 * time.Microsecond},
	}}})
	// Output:
	// x 1 to 6; y 4.19 ms to 10.3 ms
	// requests  ▁▂▄▅▇█  4.2 ms to 10.1 ms (6 points)
	// y = 1.22 ms · x + 2.97 ms, R² 0.996, 4.19 ms to 10.3 ms, with the 95 % band of the mean
}

func ExampleHist() {
	fmt.Println(plots.Figure{
		X:      plots.Axis{Label: "latency"},
		Layers: plots.Layers{plots.Hist{Name: "requests", Values: latencies(1000, 2*time.Millisecond), Percentiles: []float64{50, 90, 99}}},
	})
	// Output:
	// x: latency 299 µs to 13.4 ms; y: count 0 to 118
	// requests  ▁▂▅▇██▆▄▃▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  299 µs to 13.4 ms, p50 2 ms, p90 3.46 ms, p99 6.23 ms (1,000 values)
}

func ExampleHist_logarithmic() {
	fmt.Println(plots.Figure{
		X: plots.Axis{Label: "latency", Log: true},
		Layers: plots.Layers{
			plots.Hist{Name: "before", Values: latencies(1000, 2*time.Millisecond)},
			plots.Hist{Name: "after", Values: latencies(1000, time.Millisecond)},
		},
	})
	// Output:
	// x: latency 150 µs to 13.4 ms, log; y: count 0 to 107
	// before  ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▂▂▃▄▅▆▇███▇▆▄▃▂▂▁▁▁▁▁▁▁▁▁  299 µs to 13.4 ms, median 2 ms (1,000 values)
	// after   ▁▁▁▁▁▁▁▁▁▁▂▃▄▆▇███▇▆▅▄▃▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  150 µs to 6.69 ms, median 1 ms (1,000 values)
}

func ExampleDensity() {
	fmt.Println(plots.Figure{Layers: plots.Layers{plots.Density{Values: latencies(500, time.Millisecond), Percentiles: []float64{50}}}})
	// Output:
	// x 0 s to 5.94 ms; y: density per ms 0 to 1.01
	// density  ▁▁▂▅▇██▇▆▄▃▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  178 µs to 5.62 ms, p50 1 ms (500 values)
}

func ExampleBox() {
	fmt.Println(plots.Figure{Layers: plots.Layers{plots.Box{Values: map[string][]time.Duration{
		"map":      latencies(50, 40*time.Microsecond),
		"slice":    latencies(50, 20*time.Microsecond),
		"sync.Map": latencies(50, 70*time.Microsecond),
	}}}})
	// Output:
	// x, 3 names; y 6.34 µs to 221 µs
	//   map       ├──▒▒█▒▒─────┤ ·     ·                   median 40 µs (50 values)
	//   slice    ├▒█▒──┤·  ·                               median 20 µs (50 values)
	//   sync.Map   ├─────▒▒▒█▒▒▒▒──────────┤  ·         ·  median 70 µs (50 values)
}

func ExampleBox_fields() {
	type run struct {
		Algorithm string
		Took      time.Duration
	}
	runs := []run{{"sort", 3e6}, {"radix", 1e6}, {"sort", 4e6}, {"radix", 2e6}, {"sort", 5e6}}
	fmt.Println(plots.Figure{Layers: plots.Layers{plots.Box{Data: runs, Values: "Took", Group: "Algorithm", Horizontal: true}}})
	// Output:
	// x: Took 1 ms to 5 ms; y: Algorithm, 2 names
	//   sort                      ├────▒▒▒▒▒█▒▒▒▒▒───┤  median 4 ms (3 values)
	//   radix ├─▒▒▒█▒▒──┤                               median 1.5 ms (2 values)
}

func ExampleStrip() {
	runs := []float64{1.52, 1.38, 1.29, 1.21, 1.12, 1.08, 1.07, 1.05, 1.06, 1.05}
	fmt.Println(plots.Figure{
		Y:      plots.Axis{Label: "time", Unit: "s"},
		Layers: plots.Layers{plots.Box{Name: "warm-up", Values: runs}, plots.Strip{Name: "warm-up", Values: runs}},
	})
	// Output:
	// x, 1 name; y: time 1.05 s to 1.52 s
	//   warm-up ├▒▒▒█▒▒▒▒▒▒▒▒▒▒▒▒▒▒────────────────────┤  median 1.1 s (10 values)
	//   warm-up █▆▅▃▂▁▁▁▁▁                                median 1.1 s (10 values)
}

func ExampleViolin() {
	fmt.Println(plots.Figure{
		Y: plots.Axis{Label: "latency", Log: true},
		Layers: plots.Layers{plots.Violin{Labels: []string{"before", "after"},
			Values: [][]time.Duration{latencies(400, 3*time.Millisecond), latencies(400, 2*time.Millisecond)}}},
	})
	// Output:
	// x, 2 names; y: latency 376 µs to 15.9 ms, log
	//   before     ▁▁▁▁▁▁▁▁▂▂▃▃▄▅▆▇█████▇▆▄▄▃▂▂▁▁▁▁▁▁▁▁  median 3 ms (400 values)
	//   after  ▁▁▁▁▁▁▁▁▂▂▃▃▄▆▇█████▇▆▅▄▃▃▂▂▁▁▁▁▁▁▁▁      median 2 ms (400 values)
}

func ExampleGrowth() {
	fmt.Println(plots.Figure{Layers: plots.Layers{plots.Growth{
		Name: "sort",
		N:    []int{1000, 2000, 4000, 8000, 16000, 32000},
		T:    []time.Duration{61 * time.Microsecond, 133 * time.Microsecond, 290 * time.Microsecond, 622 * time.Microsecond, 1350 * time.Microsecond, 2890 * time.Microsecond},
	}}})
	// Output:
	// x: n 1k to 32k, log; y: time 61 µs to 2.91 ms, log
	// sort  ▁▂▄▅▇█  61 µs to 2.89 ms (6 points)
	// n^1.113 ± 0.007, 61.4 µs to 2.91 ms, with the 95 % band of the mean
	// best: O(n log n), 60.3 µs to 2.9 ms
	// next: O(n), 74.7 µs to 2.39 ms
}

func ExampleFitGrowth() {
	growth, err := plots.FitGrowth(
		[]int{1000, 2000, 4000, 8000, 16000, 32000},
		[]time.Duration{61 * time.Microsecond, 133 * time.Microsecond, 290 * time.Microsecond, 622 * time.Microsecond, 1350 * time.Microsecond, 2890 * time.Microsecond})
	if err != nil {
		panic(err)
	}
	fmt.Println(growth)
	fmt.Printf("%.2f between %.2f and %.2f: %s, sure: %v\n", growth.Exponent, growth.Interval[0], growth.Interval[1], growth.Best, growth.Sure)
	// Output:
	// n^1.113 ± 0.007; O(n log n), within 1 % at every size, then O(n)
	// 1.11 between 1.11 and 1.12: O(n log n), sure: true
}
