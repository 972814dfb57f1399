package timing

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
	"hpgo/magics/measuring"
	"hpgo/magics/result"
	"hpgo/magics/settings"
)

// asEngine tells the test's own program to behave as an engine of a kind.
const asEngine = "HPGO_TEST_ENGINE"

// TestAsEngine is no test: contests start it as their programs.
func TestAsEngine(t *testing.T) {
	kind := os.Getenv(asEngine)
	if kind == "" {
		return
	}
	e := harness.NewEngine()
	xs := make([]int, 100)
	runs := 0
	e.Serve(func(b *testing.B) {
		if runs++; kind == "dies" && runs == 2 {
			fmt.Fprintln(os.Stderr, "panic: no more\n\ngoroutine 1 [running]:")
			os.Exit(2)
		}
		e.Begin()
		for b.Loop() {
			slices.Sort(xs)
		}
	}, func() {
		if kind == "wrong" {
			e.Snapshot([]int{1, 3})
			return
		}
		e.Snapshot([]int{1, 2})
	})
	os.Exit(0)
}

func engineOf(kind string) *contender {
	return &contender{name: kind, argv: []string{os.Args[0], "-test.run=^TestAsEngine$"}, env: []string{asEngine + "=" + kind}}
}

// TestContest: programs take turns; those that are wrong, die or aren't there say
// so, and nothing of them is left.
func TestContest(t *testing.T) {
	h := magictest.New(t)
	gone := engineOf("gone")
	gone.missing = "it can't be built: no compiler"
	nowhere := engineOf("nowhere")
	nowhere.argv = []string{"/nonexistent/program"}
	k := &contest{plan: harness.TimingPlan{Runs: 4, Loops: 50, Order: harness.OrderABBA, Target: 0.01}, checked: true, wait: measuring.NewProgress(h),
		list: []*contender{engineOf("base"), engineOf("equal"), engineOf("wrong"), engineOf("dies"), gone, nowhere}}
	if err := k.start(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	got, err := k.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, e := range k.list {
		if e.process != nil {
			pids = append(pids, e.process.cmd.Process.Pid)
		}
	}
	k.close()
	if want := []int{0, 1, 2, 3, 3, 1, 0, 0, 1, 3, 3, 1, 0}; !slices.Equal(got.order, want) {
		t.Errorf("order %v, want %v", got.order, want)
	}
	for i, want := range []string{"", "", "result[1] is 3, the base's 2", "it ended in round 2: exit status 2: panic: no more", "it can't be built: no compiler", "no such file"} {
		if e := k.list[i]; !strings.Contains(e.differs+e.missing, want) || want == "" && e.differs+e.missing != "" {
			t.Errorf("%s: %q %q, want %q", e.name, e.differs, e.missing, want)
		}
	}
	for _, pid := range pids {
		if syscall.Kill(pid, 0) == nil {
			t.Errorf("process %d is left", pid)
		}
	}
}

// TestContestInterrupted: the rounds so far are kept.
func TestContestInterrupted(t *testing.T) {
	h := magictest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	k := &contest{plan: harness.TimingPlan{Runs: 1_000_000, Loops: 50, Order: harness.OrderRandom, Seed: 1}, wait: measuring.NewProgress(h), list: []*contender{engineOf("base"), engineOf("equal")}}
	defer k.close()
	if err := k.start(ctx, h); err != nil {
		t.Fatal(err)
	}
	if _, err := k.list[0].process.ask(ctx, harness.EngineCommand{Do: "dance"}); err == nil || !strings.Contains(err.Error(), `can't "dance"`) {
		t.Errorf("a wrong command: %v", err)
	}
	k.plan.Points = make([]harness.TimingPoint, 3)
	for range 3 {
		if _, err := k.list[0].process.ask(ctx, harness.EngineCommand{Do: harness.EngineRun, N: 10}); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if _, err := k.run(ctx); err != context.Canceled {
		t.Errorf("after an interrupt: %v", err)
	}
}

func TestReadEngines(t *testing.T) {
	names := func(kinds []settings.Engine) string {
		var out []string
		for _, k := range kinds {
			out = append(out, k.Name)
		}
		return strings.Join(out, ",")
	}
	for list, want := range map[string]string{
		"-B,yaegi":            "gc,-B,yaegi",
		"gc,-N -l, PGO,v3,v3": "gc,-N -l,PGO,GOAMD64=v3",
		"-N,simd":             "gc,-N -l,simd",
	} {
		if got, err := readEngines(list, "v1"); err != nil || names(got) != want {
			t.Errorf("%q: %s %v", list, names(got), err)
		}
	}
	if got, err := readEngines("all", "v1"); err != nil || !strings.HasPrefix(names(got), "gc,-N -l,-B,PGO,") || strings.Contains(names(got), "=v1") {
		t.Errorf("all: %s %v", names(got), err)
	}
	for list, want := range map[string]string{"gc": "leaves nothing to compare", "tcc": `"tcc" is no engine; there are gc, -N -l,`} {
		if _, err := readEngines(list, "v1"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", list, err)
		}
	}
}

// TestEnginesSayWhy: what can't be built has its reason in its row; the base's
// failure is that of the magic.
func TestEnginesSayWhy(t *testing.T) {
	h := magictest.New(t)
	h.Text = "%compare --engines v2 f(x)"
	if _, err := h.Run(context.Background(), magic.NewTable(Rows()), h.Text); err == nil || err.Error() != "no program" {
		t.Errorf("%v", err)
	}
	c := &comparison{timing: timing{variants: []timedLoop{{Subject: measuring.Subject{Body: magic.Piece{Text: "f(x)", Expr: true}, BodyInfo: &cell.Body{}, SetupInfo: &cell.Body{}}}}}}
	got := programText(c.driven(&c.variants[0], false, true))
	for _, want := range []string{"hpgo__e.Snapshot(\nf(x))\n", "for hpgo__b.Loop() {"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if got := programText(c.driven(&c.variants[0], true, false)); strings.Contains(got, "Snapshot") || strings.Contains(got, "Loop") {
		t.Errorf("for an interpreter:\n%s", got)
	}
}

// TestEngineList: where the list ends and the statement begins.
func TestEngineList(t *testing.T) {
	for text, want := range map[string]string{
		"--engines work(xs)": "|work(xs)", "--engines gc,-N -l,-B work(xs)": "gc,-N -l,-B|work(xs)", "--engines=gc,-B work(xs)": "gc,-B|work(xs)",
		`--engines "gc,-N -l" f(x)`: "gc,-N -l|f(x)", "--engines PGO f(x)": "PGO|f(x)", "--engines gc(xs)": "|gc(xs)", "--engines all f": "all|f",
		"--engines gc,tcc f(x)": "gc,tcc|f(x)", "--engines tcc,gc f(x)": "tcc,gc|f(x)", "--engines a[i, j]": "|a[i, j]", "--engines yaegi": "yaegi|", "--engines": "|",
	} {
		m, _ := magic.NewTable(Rows()).Lookup("compare")
		a, err := magic.ParseArgs(m, text)
		if got := a.Text("engines", "none") + "|" + a.Rest; err != nil || got != want {
			t.Errorf("%q: got %q, %v, want %q", text, got, err, want)
		}
	}
}

// TestWaited: processes that had to wait for a processor are judged by their CPU time.
func TestWaited(t *testing.T) {
	c := &comparison{in: &measuring.Input{Input: &magic.Input{}}, processes: true, rules: result.Compare{Alpha: 0.05, MinEffect: 0.02, Confidence: 0.95, Interleaved: true}}
	got := newTimings(harness.TimingPlan{Points: []harness.TimingPoint{{}, {Variant: 1}, {}}})
	for p, wall := range []float64{1, 2, 1} {
		for i := range 10 {
			got.runs[p] = append(got.runs[p], harness.TimingRun{N: 1, Wall: wall, CPU: 0.99 + float64(i)/1000})
		}
	}
	seriesOf := func(got *timings) []series {
		all := make([]series, 2)
		fillSeries(all, got)
		return all
	}
	res, warnings := c.judgeClocks(got, seriesOf)
	if res.Clock != "cpu" || res.Variants[1].Verdict != "no difference" || !strings.Contains(strings.Join(warnings, ""), "programs waited for 25") {
		t.Errorf("%s clock, %s, %q", res.Clock, res.Variants[1].Verdict, warnings)
	}
	c.processes = false
	if res, _ := c.judgeClocks(got, seriesOf); res.Clock != "wall" || res.Variants[1].Verdict != "slower" {
		t.Errorf("in one process: %s clock, %s", res.Clock, res.Variants[1].Verdict)
	}
}
