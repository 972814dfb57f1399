package bench

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"hpgo/internal/skip"
	"hpgo/kernel/build"
	"hpgo/kernels"
	"hpgo/kernels/protocol"
)

func sampleTable() *KernelTable {
	return &KernelTable{
		Facts: kernels.Facts{Name: "sample", Doc: "what it is", Unit: "step", Targets: []kernels.Target{
			{By: "Python", Row: "Num", Most: 0.5},
			{By: "C", Row: "gcc", Most: 1},
			{By: "Go", Row: "copy", Most: 1.2},
			{By: "Go", Row: "plain", Most: 0.1},
		}},
		Size: 10, Ops: 1000, Bytes: 8000, Versions: map[string]string{"Go": "go1.26", "Python": "Python 3.12"},
		Rows: []KernelRow{
			{By: "Go", Name: "plain", Rounds: []float64{4e-3, 5e-3, 4e-3}},
			{By: "Go", Name: "fast", Rounds: []float64{1e-3, 3e-3, 1e-3}},
			{By: "Go", Name: "copy", Yardstick: true, Rounds: []float64{1e-4, 1e-4, 1e-4}},
			{By: "Go", Name: "float32", Close: true, Rounds: []float64{5e-4, 1e-4, 5e-4}},
			{By: "Python", Name: "NumPy", Rounds: []float64{9e-3, 9e-3, 9e-3}},
			{By: "Python", Name: "Numba", Rounds: []float64{1e-3, 6e-3, 1e-3}},
			{By: "C", Name: "gcc", Missing: "no compiler"},
		},
	}
}

// TestJudge: the fastest row that is no yardstick is held against the fastest of
// those that a target names, round by round.
func TestJudge(t *testing.T) {
	table := sampleTable()
	for i := range table.Rows {
		table.Rows[i].Seconds = median(table.Rows[i].Rounds)
	}
	table.judge()
	want := []struct {
		ours, theirs string
		ratio        float64
		text         string
	}{
		{"Go: fast", "Python: Numba", 1, "= 1, MISSED"},
		{"", "", 0, "unknown (no compiler)"},
		{"Go: fast", "Go: copy", 10, "= 10, MISSED"},
		{"Go: fast", "Go: plain", 0.25, "= 0.25, MISSED"},
	}
	for i, v := range table.Verdicts {
		w := want[i]
		if v.Ours != w.ours || v.Theirs != w.theirs || math.Abs(v.Ratio-w.ratio) > 1e-9 || !strings.Contains(v.String(), w.text) {
			t.Errorf("target %d: %+v, %s", i, v, v)
		}
	}
	var b strings.Builder
	if err := table.writeText(&b); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"sample, size 10: what it is", "Go: fast", "9×", "0.08 GB/s", "C: gcc         no compiler", "a second", "MISSED"} {
		if !strings.Contains(b.String(), part) {
			t.Errorf("the text has no %q:\n%s", part, b.String())
		}
	}
	for _, ext := range PlotFormats {
		if p, err := picture(table.figure(true), ext); err != nil || len(p) == 0 {
			t.Errorf("%s: %d bytes, %v", ext, len(p), err)
		}
	}
}

func TestDiffers(t *testing.T) {
	want := protocol.Answer{Sums: []kernels.Sum{{Name: "sum", Value: 10, Tolerance: 1e-9}}, Digest: "abc"}
	for _, c := range []struct {
		got  protocol.Answer
		want string
	}{
		{protocol.Answer{Sums: []kernels.Sum{{Value: 10 + 1e-10}}}, ""},
		{protocol.Answer{Sums: []kernels.Sum{{Value: 11}}}, "sum is 11, not 10"},
		{protocol.Answer{Sums: []kernels.Sum{{Value: math.NaN()}}}, "sum is NaN, not 10"},
		{protocol.Answer{}, "0 figures, not 1"},
		{protocol.Answer{Digest: "abc"}, ""},
		{protocol.Answer{Digest: "abd"}, "the result isn't the reference's"},
	} {
		if got := differs(want, c.got); got != c.want {
			t.Errorf("%+v: %q, want %q", c.got, got, c.want)
		}
	}
}

// TestContenders: every row in Go, Python and C gives the reference's figures at the
// smallest scale; a subject, size or row that isn't there is an error, and a process
// that is gone says so.
func TestContenders(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	source, err := build.SourceDir()
	if err != nil {
		t.Fatal(err)
	}
	w := workshop{source, t.TempDir(), func(string) {}}
	ours, err := w.goContender(t.Context(), "plain", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	subjects, err := chosen(ours, nil)
	if err != nil || len(subjects) < 4 {
		t.Fatalf("%d subjects, %v", len(subjects), err)
	}
	absent := map[string]bool{}
	for _, s := range subjects {
		t.Run(s.Name, func(t *testing.T) { w.sameFigures(t, ours, s, absent) })
	}
	if len(absent) > 0 {
		t.Run("peers", func(t *testing.T) {
			skip.Because(t, fmt.Sprintf("not on this machine: %s", strings.Join(slices.Sorted(maps.Keys(absent)), ", ")))
		})
	}
	if _, err := chosen(ours, []string{"nothing"}); err == nil || !strings.Contains(err.Error(), "julia") {
		t.Errorf("a subject that isn't there: %v", err)
	}
	if a, err := ours.ask("check 99"); err != nil || a.Error == "" {
		t.Errorf("a row that isn't there: %+v, %v", a, err)
	}
	if _, err := ours.open("julia", -1); err == nil {
		t.Error("a size that can't be is opened")
	}
	ours.cmd.Process.Kill()
	if _, err := ours.ask("check 0"); err == nil || !strings.Contains(err.Error(), "Go has ended: signal: killed") {
		t.Errorf("a killed process: %v", err)
	}
}

// sameFigures checks a subject's rows; absent gets what the machine lacks for some.
func (w workshop) sameFigures(t *testing.T, ours *contender, s kernels.Facts, absent map[string]bool) {
	table := &KernelTable{Facts: s, Size: s.Sizes.Smoke, Versions: map[string]string{}}
	if _, err := ours.open(s.Name, table.Size); err != nil {
		t.Fatal(err)
	}
	peers, notes := w.startPeers(t.Context(), table)
	for _, p := range peers {
		defer p.close()
	}
	for _, n := range notes {
		if !strings.Contains(n, "no Python") {
			t.Error(n)
		}
		absent["python3"] = true
	}
	if _, err := table.check(t.Context(), append([]*contender{ours}, peers...), func(string) {}); err != nil {
		t.Fatal(err)
	}
	for _, r := range table.Rows {
		switch {
		case strings.HasPrefix(r.Missing, "wrong"):
			t.Errorf("%s: %s", r.label(), r.Missing)
		case strings.HasPrefix(r.Missing, "python3 has no "):
			absent["Python's "+strings.Fields(r.Missing)[3]] = true
		case r.Missing != "" && r.By != "Go" && !strings.Contains(r.Missing, "too long"):
			t.Errorf("%s: %s", r.label(), r.Missing)
		}
	}
}
