package profiling

import (
	"slices"
	"strings"
	"testing"

	"hpgo/kernel/cell"
	"hpgo/magics/harness/sampler"
	"hpgo/magics/result"
	"hpgo/plots/recording/profiles"
)

// exampleRows are functions that differ in everything.
func exampleRows() []result.PrunRow {
	n := func(v int64) *int64 { return &v }
	return []result.PrunRow{
		{Name: "b", File: "cell 2", Line: 9, Self: 2, Total: 7, Calls: n(10), Primitive: n(1)},
		{Name: "a", File: "/go/src/math/abs.go", Line: 30, Self: 5, Total: 5, Inlined: "inline"},
		{Name: "c", File: "cell 1", Line: 4, Self: 0, Total: 9, Calls: n(3), Primitive: n(3)},
	}
}

func rowNames(rows []result.PrunRow) string {
	var s []string
	for _, r := range rows {
		s = append(s, r.Name)
	}
	return strings.Join(s, "")
}

func TestPrunOrder(t *testing.T) {
	for key, want := range map[string]string{"time": "abc", "tottime": "abc", "t": "abc", "cumulative": "cba", "cum": "cba", "calls": "bca", "n": "", "nc": "bca", "p": "cba",
		"name": "abc", "file": "acb", "fil": "acb", "module": "acb", "line": "cba", "nfl": "abc", "stdname": "acb", "": "", "x": "", "c": "", "alloc": "abc"} {
		o, err := readOrder(key)
		rows := exampleRows()
		if err == nil {
			o.sort(rows)
		}
		if got := rowNames(rows); (err != nil) != (want == "") || err == nil && got != want {
			t.Errorf("%q: %q, %v, want %q", key, got, err, want)
		}
	}
}

func TestPrunLimits(t *testing.T) {
	for text, want := range map[string]string{"1": "b", "5": "bac", "0.5": "ba", "1.0": "bac", "math": "", "abs.go": "a", "cell": "bc", "(c)": "c", "0": "error", "-1": "error", "2.5": "error", " ": "error", "NaN": "error"} {
		l, err := ReadLimit(text)
		got := "error"
		if err == nil {
			got = rowNames(l.apply(exampleRows()))
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	rows, said := restrict(exampleRows(), []Limit{{text: "cell"}, {text: "1", rows: 1}})
	if rowNames(rows) != "b" || !slices.Equal(said, []string{"2 of 3 functions: -l 'cell'", "1 of 2 functions: -l 1"}) {
		t.Errorf("%q %q", rowNames(rows), said)
	}
}

// The text is cProfile's.
func TestPrunText(t *testing.T) {
	all, primitive := int64(13), int64(4)
	r := result.Prun{Kind: "cpu", Unit: "s", Calls: &all, Primitive: &primitive, Elapsed: 0.0123456, Order: "internal time", Rows: exampleRows()}
	want := `         13 function calls (4 primitive calls) in 0.0123 seconds

   Ordered by: internal time

   ncalls  tottime  percall  cumtime  percall        % filename:lineno(function)
     10/1      2 s   200 ms      7 s      7 s      0.0 cell 2:9(b)
               5 s               5 s               0.0 abs.go:30(a) (inline)
        3     0 ns     0 ns      9 s      3 s      0.0 cell 1:4(c)
`
	if got := prunText(r, r.Rows, nil); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Recursion counts once in the total; calls come from the counters.
func TestPrunResult(t *testing.T) {
	s := sampler.Samples{Source: "perf cpu-clock", Rate: 4000, Count: 10, User: 1,
		Funcs:  []sampler.Func{{Name: cell.PackagePath + ".f", File: "cell 1", Line: 2}, {Name: cell.PackagePath + "." + cell.EntryName, File: "cell 3", Line: 77}, {Name: "math.Sqrt", File: "sqrt.go", Line: 9}},
		Frames: []sampler.Frame{{Func: 0, Line: 3}, {Func: 1, Line: 5}, {Func: 2, Line: 10, Inlined: true}},
		Stacks: []sampler.Stack{{Frames: []int{0, 0, 0, 1}, Count: 6, Seconds: 0.6}, {Frames: []int{2, 0, 1}, Count: 4, Seconds: 0.4}}}
	r := prunResult(SampledProfile("cpu", s), 1, 1e-9)
	addErrors(&r)
	addCalls(&r, []cell.Counter{{Func: "f", Kind: cell.CountCalls, Cell: 1, Plus: []int{0}}, {Func: "f", Kind: cell.CountPrimitive, Cell: 1, Plus: []int{1}},
		{Func: "g", Kind: cell.CountCalls, Cell: 2, Line: 8, Plus: []int{1}}, {Func: "h", Kind: cell.CountCalls, Cell: 2, Plus: []int{2}}}, []uint64{30, 2, 0})
	o, _ := readOrder("time")
	o.sort(r.Rows)
	var got []string
	r.Unit = "s"
	want := []string{"cell 1:2(f) 30/2 600 ms 1 s", "sqrt.go:9(math.Sqrt) (inline)  400 ms 400 ms", "cell 3:5(cell 3)  0 ns 1 s", "cell 2:8(g) 2 0 ns 0 ns"}
	for _, row := range r.Rows {
		got = append(got, strings.Join([]string{row.Place(), row.Ncalls(), r.Amount(row.Self), r.Amount(row.Total)}, " "))
	}
	if !slices.Equal(got, want) || *r.Calls != 32 || *r.Primitive != 4 {
		t.Errorf("%v of %v calls\n got %q\nwant %q", *r.Primitive, *r.Calls, got, want)
	}
	if e := r.Rows[0].Err; e < 0.15 || e > 0.16 { // sqrt(0.6*0.4/10)
		t.Errorf("standard error %v", e)
	}
}

// Counters name generic functions without their types, profiles with dots for them:
// they are one row.
func TestPrunCallsOfGenerics(t *testing.T) {
	r := result.Prun{Rows: []result.PrunRow{{Name: "Sum[...]", File: "cell 1", Line: 2}, {Name: "(*List[...]).Push", File: "cell 1", Line: 5}, {Name: "slices.Sort[...]", File: "/go/src/slices/sort.go", Line: 16}}}
	addCalls(&r, []cell.Counter{{Func: "Sum", Kind: cell.CountCalls, Cell: 1, Line: 2, Plus: []int{0}}, {Func: "List.Push", Kind: cell.CountCalls, Cell: 1, Line: 5, Plus: []int{1}},
		{Func: "Sort", Kind: cell.CountCalls, File: "/elsewhere/slices/sort.go", Line: 16, Plus: []int{2}}}, []uint64{3, 4, 5})
	var got []string
	for _, row := range r.Rows {
		got = append(got, row.Name+" "+row.Ncalls())
	}
	if want := []string{"Sum[...] 3", "(*List[...]).Push 4", "slices.Sort[...] 5"}; !slices.Equal(got, want) || *r.Calls != 12 {
		t.Errorf("%d calls: %q, want %q", *r.Calls, got, want)
	}
}

// Calls of a function literal count also where the compiler inlined all of it, so
// that no sample has it.
func TestPrunCallsOfLiterals(t *testing.T) {
	r := result.Prun{Rows: []result.PrunRow{{Name: "cell 2", File: "cell 2", Line: 1}, {Name: "f.func1", File: "cell 1", Line: 3}}}
	lit := func(in string, number, line, slot int) cell.Counter {
		return cell.Counter{Func: in, Lit: true, Kind: cell.CountCalls, Cell: number, Line: line, Plus: []int{slot}}
	}
	addCalls(&r, []cell.Counter{lit("f", 1, 3, 0), lit("g", 1, 8, 1), lit("", 2, 1, 2), lit("h", 1, 20, 3), lit("g", 1, 8, 0)}, []uint64{3, 4, 5, 0})
	var got []string
	for _, row := range r.Rows {
		got = append(got, row.Place()+" "+row.Ncalls())
	}
	if want := []string{"cell 2:1(cell 2) ", "cell 1:3(f.func1) 3", "cell 1:8(g.func) 7", "cell 2:1(cell 2.func) 5"}; !slices.Equal(got, want) || *r.Calls != 15 || *r.Primitive != 15 {
		t.Errorf("%d calls, %d primitive: %q, want %q", *r.Calls, *r.Primitive, got, want)
	}
}

// TestPrunSources: where the figures come from, in words that fit their number.
func TestPrunSources(t *testing.T) {
	for _, c := range []struct {
		r    result.Prun
		want string
	}{
		{result.Prun{Samples: 2140, Rate: 3989, Runs: 7, Source: "perf cpu-clock", Elapsed: 0.17, Sampling: result.Sampling{Plain: 1}},
			"CPU time of one run: 2,140 samples at 3.99 kHz (perf cpu-clock) over 7 runs, scaled to 1 plain run; wall 170 ms · ncalls: not counted"},
		{result.Prun{Samples: 1, Rate: 999.7, Source: "SIGPROF", Elapsed: 1}, "CPU time: 1 sample at 1 kHz (SIGPROF) in a run that didn't come to its end; wall 1 s · ncalls: not counted"},
		{result.Prun{Runs: 1, Source: "SIGPROF", Elapsed: 2e-6}, "CPU time: no samples (SIGPROF) over 1 run; wall 2 μs"},
	} {
		if got := (&prun{kind: "cpu"}).sources(c.r); got[0] != c.want {
			t.Errorf("got  %s\nwant %s", got[0], c.want)
		}
	}
}

// TestPrunLeftBehind: one goroutine is no plural.
func TestPrunLeftBehind(t *testing.T) {
	for figure, want := range map[float64]string{0: "0 goroutines left behind", 1: "1 goroutine left behind", 3: "3 goroutines left behind"} {
		if got := (&prun{kind: "leak"}).sources(result.Prun{Total: figure})[0]; !strings.HasPrefix(got, want+", from ") {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := kindLabel("wall", 1); got != "time of goroutines" {
		t.Errorf("got %q", got)
	}
}

// TestPrunWaits: a profile of CPU time says when that is hardly any of the time.
func TestPrunWaits(t *testing.T) {
	for _, c := range []struct {
		r    result.Prun
		want bool
	}{
		{result.Prun{Kind: "cpu", Runs: 7, Total: 219e-6, Elapsed: 0.402}, true},
		{result.Prun{Kind: "cpu", Runs: 7, Total: 0.1, Elapsed: 0.402}, false},
		{result.Prun{Kind: "wall", Runs: 7, Total: 219e-6, Elapsed: 0.402}, false},
		{result.Prun{Kind: "cpu", Runs: 7, Total: 1e-9, Elapsed: 1e-7}, false},
	} {
		if got := mostlyWaits(c.r); got != c.want {
			t.Errorf("%+v: %v", c.r, got)
		}
	}
}

// TestProfileNames: functions have the names in a profile by which the compiler knows
// them, wrappers of methods included, or it would find no call through an interface.
func TestProfileNames(t *testing.T) {
	for _, c := range []struct{ linker, file, want, shown string }{
		{cell.PackagePath + ".f", "cell 3", "main.f", "f"},
		{cell.PackagePath + ".T.m", "cell 3", "main.T.m", "T.m"},
		{cell.PackagePath + ".(*T).m", wrapperFile, "main.(*T).m", "(*T).m"},
		{"math.Hypot", "hypot.go", "math.Hypot", "math.Hypot"},
		{"", "", notGo, notGo},
	} {
		name := profileName(c.linker, c.file)
		if name != c.want {
			t.Errorf("%s in %s is %s, want %s", c.linker, c.file, name, c.want)
		}
		if shown := profiles.Name(name, c.file); shown != c.shown {
			t.Errorf("%s in %s is shown as %s, want %s", c.linker, c.file, shown, c.shown)
		}
	}
}
