package plots_test

import (
	"fmt"

	"hpgo/plots"
)

func ExampleFlame() {
	fmt.Println(plots.Flame{Stacks: map[string]int{
		"main;load;json.Unmarshal": 310,
		"main;sort.Slice;less":     520,
		"main;sort.Slice;swap":     140,
		"main":                     30,
	}, Value: "samples"})
	// Output:
	// samples 1k in 6 frames, 3 levels; by self:
	//   less           ██████████████████████████████ 520 (52%)
	//   json.Unmarshal █████████████████▉             310 (31%)
	//   swap           ████████▏                      140 (14%)
	//   main           █▊                             30 (3%)
	//   … 2 more
	// hottest path: main 100% > sort.Slice 66% > less 52%
}

func ExampleFlame_difference() {
	fmt.Println(plots.Flame{
		Stacks: "main;parse 20\nmain;sort 30\nmain;write 50",
		Base:   "main;parse 20\nmain;sort 120\nmain;write 50\nmain;log 10",
	})
	// Output:
	// total 100 in 4 frames, 2 levels; greatest changes of self:
	//   sort  ██████████████████████████████ -30 points, from 60% to 30%
	//   write █████████████████████████      +25 points, from 25% to 50%
	//   parse ██████████                     +10 points, from 10% to 20%
	//   log   █████                          -5 points, from 5% to 0%
	//   … 1 more
	// hottest path: main 100% > write 50%
	// note: widths show the newer profile; colours compare shares: the base, 200 in all, is scaled to 100
	// note: only in the base: log 10 (5%)
}

func ExampleStack() {
	file := func(size float64, path ...string) plots.Stack {
		s := plots.Stack{Value: size}
		for _, name := range path {
			s.Frames = append(s.Frames, plots.StackFrame{Name: name, Group: "directories"})
		}
		s.Frames[len(path)-1].Group = "files"
		return s
	}
	fmt.Println(plots.Flame{Form: plots.Sunburst, Unit: "B", Value: "disk", Stacks: []plots.Stack{
		file(5.2e6, "data", "2026", "runs.csv"), file(2.1e6, "data", "2026", "machines.csv"), file(9e5, "data", "README"),
	}})
	// Output:
	// disk 8.2 MB in 5 frames, 3 levels; by self:
	//   runs.csv     ██████████████████████████████ 5.2 MB (63.4%)
	//   machines.csv ████████████▏                  2.1 MB (25.6%)
	//   README       █████▎                         900 kB (11%)
	//   … 2 more
	// hottest path: data 100% > 2026 89% > runs.csv 63.4%
}
