package machine

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/harness/sampler"
	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
	"hpgo/magics/profiling"
	"hpgo/magics/result"
)

// sampledRun has a function of a cell that is inlined into the cell, one that isn't, one
// of the runtime's, and the harness, whose samples count for nothing.
func sampledRun() sampler.Run {
	entry := cell.PackagePath + "." + cell.EntryName
	s := sampler.Samples{Source: "perf cpu-clock", Rate: 4000, Count: 1010, User: 0.25, Elapsed: 0.3,
		Funcs: []sampler.Func{{Name: entry, File: "cell 1", Line: 1}, {Name: "main.f", File: "cell 2", Line: 1}, {Name: "main.g", File: "cell 2", Line: 10},
			{Name: "runtime.memmove", File: "/go/src/runtime/memmove_amd64.s", Line: 30}, {Name: "hpgo/magics/harness/sampler.(*Loop).more", File: "loop.go"}},
		Frames: []sampler.Frame{{Func: 0, Line: 3, Offset: 0x10}, {Func: 1, Line: 2, Inlined: true, Offset: 0x20}, {Func: 1, Line: 4, Inlined: true, Offset: 0x24},
			{Func: 2, Line: 11, Offset: 8}, {Func: 3, Line: 33, Offset: 4}, {Func: 4, Line: 9, Offset: 1}, {Func: 0, Line: 4, Offset: 0x40}},
		Stacks: []sampler.Stack{{Frames: []int{1, 0}, Count: 500, Seconds: 0.12}, {Frames: []int{2, 0}, Count: 200, Seconds: 0.05}, {Frames: []int{3, 6}, Count: 200, Seconds: 0.05},
			{Frames: []int{4, 3, 6}, Count: 100, Seconds: 0.03}, {Frames: []int{5, 0}, Count: 10}}}
	return sampler.Run{Samples: s, Sampled: sampler.Laps{Runs: 3, User: 0.25, Wall: 0.3}, Whole: 3, Seen: 3, Finished: true}
}

// tellRun has the session's next program report it.
func tellRun(h *magictest.Host, r sampler.Run) {
	h.DuringGo = func(h *magictest.Host) {
		data, err := json.Marshal(r)
		if err != nil {
			panic(err)
		}
		if hear := h.Programs[len(h.Programs)-1].Records; hear != nil {
			hear(harness.Record{Kind: sampler.RecordKind, Data: data})
		}
	}
}

func TestPlaces(t *testing.T) {
	all, total := places(sampledRun().Samples)
	if total != 1000 || len(all) != 4 {
		t.Fatalf("%d samples at %d places", total, len(all))
	}
	p := all[0]
	if p.fn != "main.f" || p.line != 2 || p.offset != 0x20 || !strings.HasSuffix(p.code, "."+cell.EntryName) || len(p.stack) != 2 || p.count != 500 {
		t.Errorf("%+v", p)
	}
	if p := all[3]; p.code != "runtime.memmove" || len(p.stack) != 1 {
		t.Errorf("what wasn't inlined has a stack of its own: %+v", p)
	}
}

func TestRecord(t *testing.T) {
	h := magictest.New(t)
	h.Past = []magic.PastInput{{Cell: 2, Text: "func f() {\n\twork()\n\t// nothing\n\trest()\n}\n\n\n\n\nfunc g() {\n\tcopy(a, b)\n}"}}
	tellRun(h, sampledRun())
	if _, err := perf(t, h, "%perf record f(); g()"); err != nil {
		t.Fatal(err)
	}
	golden(t, "record.txt", shownText(t, h))
	if svg := h.Shown[0].Bundle.Data["image/svg+xml"]; svg == nil {
		t.Error("there is no flame graph")
	}
}

func TestAnnotate(t *testing.T) {
	h := magictest.New(t)
	h.Past = []magic.PastInput{{Cell: 2, Text: "func f() {\n\twork()\n\t// nothing\n\trest()\n}\n\n\n\n\nfunc g() {\n\tcopy(a, b)\n}"}}
	lines := strings.Split(h.Past[0].Text, "\n")
	h.Known = []magic.Function{{Name: "f", File: "cell 2", First: 1, Lines: lines[:5]}, {Name: "g", File: "cell 2", First: 10, Lines: lines[9:]}}
	tellRun(h, sampledRun())
	if _, err := perf(t, h, "%perf annotate f(); g()"); err != nil {
		t.Fatal(err)
	}
	golden(t, "annotate.txt", shownText(t, h))
	h.Shown = nil
	if _, err := perf(t, h, "%perf annotate -f g f(); g()"); err != nil || strings.Contains(shownText(t, h), "func f()") || !strings.Contains(shownText(t, h), "elsewhere: f 70 %, runtime.memmove 10 %") {
		t.Errorf("%v\n%s", err, shownText(t, h))
	}
}

// The cell's own lines are not those of the functions that it declares, nor of inlined ones.
func TestLineIn(t *testing.T) {
	lines := func(n int) []string { return make([]string, n) }
	a := &annotation{targets: []magic.Function{{Name: "f", File: "cell 1", First: 2, Lines: lines(3)}, {Name: theCell, File: "cell 1", First: 1, Lines: lines(9)}}}
	for i, tt := range []struct {
		stack []position
		fn    int
		line  int
	}{
		{[]position{{"cell 1", 3}, {"cell 1", 8}}, 0, 3}, {[]position{{"cell 1", 8}}, 1, 8}, {[]position{{"math.go", 3}, {"cell 1", 4}}, 0, 4}, {[]position{{"cell 2", 3}}, -1, 0},
	} {
		for k, f := range a.targets {
			if line, ok := a.lineIn(f, tt.stack); ok != (k == tt.fn) || ok && line != tt.line {
				t.Errorf("%d, %s: %d %v", i, f.Name, line, ok)
			}
		}
	}
}

// A closure's samples are those of the function that it stands in, not elsewhere.
func TestOutside(t *testing.T) {
	f := magic.Function{Name: "f", File: "cell 1", First: 1, Lines: make([]string, 9)}
	a := &annotation{targets: []magic.Function{f}, total: 100, places: []*place{
		{fn: "main.f.func1", file: "cell 1", stack: []position{{"cell 1", 4}}, count: 60},
		{fn: "runtime.memmove", file: "/go/src/runtime/memmove_amd64.s", stack: []position{{"/go/src/runtime/memmove_amd64.s", 4}}, count: 40}}}
	shown := []result.PerfAnnotated{{Name: "f", File: "cell 1", Samples: 60}}
	if got, want := a.outside(shown), "40 % of the samples are elsewhere: runtime.memmove 40 % (-f shows a function of a package)"; got != want {
		t.Error(got)
	}
	a.total = 1000
	a.places = nil
	for _, name := range []string{"p.a", "p.b", "p.c"} {
		a.places = append(a.places, &place{fn: name, stack: []position{{"p.go", 4}}, count: 9})
	}
	if got, want := a.outside(nil), "2.7 % of the samples are elsewhere: in many functions (-f shows a function of a package)"; got != want {
		t.Error(got)
	}
}

func TestSamplingFaults(t *testing.T) {
	for _, word := range []string{"record", "annotate"} {
		h := magictest.New(t)
		r := sampledRun()
		r.Finished = false
		tellRun(h, r)
		h.GoErr = magictest.ErrGo
		if _, err := perf(t, h, "%perf "+word+" f()"); !errors.Is(err, magictest.ErrGo) || !strings.Contains(shownText(t, h), "(partial: stopped in run 4)") {
			t.Errorf("%s: %v", word, err)
		}
		h = magictest.New(t)
		if _, err := perf(t, h, "%perf "+word+" f()"); err == nil || !strings.Contains(err.Error(), "nothing was sampled") {
			t.Errorf("%s: %v", word, err)
		}
		h = magictest.New(t)
		if _, err := perf(t, h, "%%perf "+word+"\n--- a\nf()\n--- b\ng()"); err == nil || !strings.Contains(err.Error(), "not blocks") {
			t.Errorf("%s: %v", word, err)
		}
	}
	h := magictest.New(t)
	if _, err := perf(t, h, "%perf annotate -f nowhere f()"); err == nil || !strings.Contains(err.Error(), "flag -f of %perf annotate: the session has no function nowhere") {
		t.Error(err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := perf(t, h, "%perf annotate --sim f()"); err == nil || !strings.Contains(err.Error(), "the package is called valgrind") || len(h.Programs) > 0 {
		t.Error(err)
	}
}

func TestAnnotatedInstructions(t *testing.T) {
	x := result.PerfAnnotated{Name: "f", File: "cell 2", First: 1, Samples: 10, Share: 0.1, Lines: []result.PerfAnnotatedLine{{Line: 1, Text: "\tx++", Samples: 10, Share: 0.1,
		Instructions: []result.PerfInstruction{{Func: "f", Offset: 0x3f, Text: "INCQ AX", Samples: 10, Share: 0.1}, {Func: "f", Offset: 0x42, Text: "RET"}}}}}
	want := "   10.00 |    1      x++\n   10.00 :             3f:  INCQ AX"
	if text := annotatedText(x); !strings.HasSuffix(text, want) {
		t.Errorf("%s\nwant at the end\n%s", text, want)
	}
}

// Tables have so many rows as -l says, or those whose place holds a text.
func TestLimited(t *testing.T) {
	spots := make([]result.PerfSpot, 30)
	for i := range spots {
		spots[i] = result.PerfSpot{Func: fmt.Sprint("f", i), File: "/go/src/math/abs.go", Line: i}
	}
	for text, want := range map[string]int{"": shownSpots, "3": 3, "100": 30, "0.5": 15, "f2": 11, "math/abs.go:7": 1, "nosuch": 0} {
		var limits []profiling.Limit
		if text != "" {
			l, err := profiling.ReadLimit(text)
			if err != nil {
				t.Fatal(err)
			}
			limits = append(limits, l)
		}
		if got := limited(spots, limits); len(got) != want {
			t.Errorf("-l %s: %d rows, want %d", text, len(got), want)
		}
	}
}
