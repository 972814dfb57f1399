package plots_test

import (
	"fmt"
	"time"

	"hpgo/plots"
)

const sumCode = `func sum(v []float64) float64 {
	total := 0.0
	for _, x := range v {
		total += x
	}
	return total
}
`

func ExampleSource() {
	times := map[int]time.Duration{14: 31 * time.Millisecond, 15: 93 * time.Millisecond}
	fmt.Println(plots.Source{Title: "sum", Code: sumCode, First: 12, Values: times})
	// Output:
	// sum
	// 7 lines, 12 to 18, Time 124 ms in all; the highest Time: line 15 93 ms (75%), line 14 31 ms (25%)
	//   Line    Time  % Time    Code
	// ==============================
	//     12                    func sum(v []float64) float64 {
	//     13                        total := 0.0
	//     14   31 ms   25.0%  ▒     for _, x := range v {
	//     15   93 ms   75.0%  █         total += x
	//     16                        }
	//     17                        return total
	//     18                    }
	//    sum  124 ms  100.0%
}

func ExampleSource_columns() {
	type line struct {
		Number, Hits int
		Time         time.Duration
		Allocated    int
	}
	lines := []line{{2, 1, 0, 0}, {3, 1001, 31 * time.Millisecond, 0}, {4, 1000, 93 * time.Millisecond, 0}, {6, 1, 0, 8}}
	fmt.Println(plots.Source{Code: sumCode, Data: lines, Lines: "Number", Heat: "Time", Columns: []plots.Column{
		{Label: "Hits", Values: "Hits"},
		{Label: "Time", Values: "Time"},
		{Label: "Bytes", Values: "Allocated", Unit: "B"},
	}})
	// Output:
	// 7 lines, 1 to 7; the highest Time: line 4 93 ms, line 3 31 ms
	//   Line   Hits   Time  Bytes    Code
	// ===================================
	//      1                         func sum(v []float64) float64 {
	//      2      1      0      0        total := 0.0
	//      3  1,001  31 ms      0  ▒     for _, x := range v {
	//      4  1,000  93 ms      0  █         total += x
	//      5                             }
	//      6      1      0    8 B        return total
	//      7                         }
}
