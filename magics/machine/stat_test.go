package machine

import (
	"encoding/json"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hpgo/magics/harness"
	"hpgo/magics/harness/counters"
	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
	"hpgo/magics/result"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// golden compares a text with a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := magictest.FileText(t, path); got != want {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

// told is what counters tell of a few runs on a machine that counts all.
type told struct {
	events counters.Events
	runs   []counters.Run
	end    bool
}

// onHardware counts some events, two of which take turns.
func onHardware(runs int) told {
	t := told{end: true}
	counts := []float64{4.2e6, 8.4e6, 12000, 3000, 2e6, 5e4, 1.5e6, 12}
	for i, name := range []string{"cycles", "instructions", "cache-references", "cache-misses", "branches", "branch-misses", "task-clock", "faults"} {
		e := counters.Event{Name: name, Source: counters.HW, From: perfEvents}
		switch name {
		case "task-clock":
			e.Source, e.Unit = counters.SW, "ns"
		case "faults":
			e.Source = counters.SW
		}
		t.events.Events = append(t.events.Events, e)
		t.events.Empty.Values = append(t.events.Empty.Values, counters.Value{Count: counts[i] / 1000})
	}
	for k := range runs {
		r := counters.Run{Elapsed: 2e-3, User: 1.4e-3, Sys: 1e-4}
		for i, n := range counts {
			v := counters.Value{Count: n * (1 + 0.01*float64(k)), Enabled: 1.5e-3, Running: 1.5e-3}
			if i == 2 || i == 3 {
				v.Running = 0.6e-3
			}
			r.Values = append(r.Values, v)
		}
		t.runs = append(t.runs, r)
	}
	return t
}

// withoutHardware counts software events only.
func withoutHardware(runs int) told {
	t := onHardware(runs)
	for i := range t.events.Events {
		if e := &t.events.Events[i]; e.Source == counters.HW {
			e.From, e.Refused = "", "this machine has no such counter"
			for k := range t.runs {
				t.runs[k].Values[i] = counters.Value{None: true}
			}
		}
	}
	return t
}

// tell has the session's next programs report it.
func (d told) tell(h *magictest.Host) {
	h.DuringGo = func(h *magictest.Host) {
		report := func(kind string, v any) {
			data, err := json.Marshal(v)
			if err != nil {
				panic(err)
			}
			if hear := h.Programs[len(h.Programs)-1].Records; hear != nil {
				hear(harness.Record{Kind: kind, Data: data})
			}
		}
		report(counters.RecordEvents, d.events)
		for _, r := range d.runs {
			report(counters.RecordRun, r)
		}
		if d.end {
			report(counters.RecordEnd, counters.End{Finished: true})
		}
	}
}

// perf runs a line of %perf.
func perf(t *testing.T, h *magictest.Host, line string) (magic.Result, error) {
	t.Helper()
	h.Text = line
	return h.Run(t.Context(), magic.NewTable(Rows()), line)
}

// noise are warnings about the machine that runs the test.
var noise = regexp.MustCompile(`(?m)\nwarning: (other programs|the machine|this process|the CPU|the clock|the other).*$`)

func shownText(t *testing.T, h *magictest.Host) string {
	t.Helper()
	if len(h.Shown) != 1 {
		t.Fatalf("%d outputs, %s", len(h.Shown), h.Out.String())
	}
	return noise.ReplaceAllString(h.Shown[0].Bundle.Data["text/plain"].(string), "") + "\n"
}

func TestStatHardware(t *testing.T) {
	h := magictest.New(t)
	onHardware(3).tell(h)
	if _, err := perf(t, h, "%perf stat -r 3 -n 100 f(xs)"); err != nil {
		t.Fatal(err)
	}
	golden(t, "hardware.txt", shownText(t, h))
	if len(h.Programs) != 1 || h.Programs[0].Under != nil {
		t.Errorf("%d programs ran", len(h.Programs))
	}
	var code strings.Builder
	for _, p := range h.Programs[0].Pieces {
		code.WriteString(p.Text + "\n")
	}
	golden(t, "program.txt", code.String())
}

// Without counters the text says so, and names what would simulate them.
func TestStatSoftware(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	h := magictest.New(t)
	withoutHardware(1).tell(h)
	if _, err := perf(t, h, "%perf stat -r 1 f(xs)"); err != nil {
		t.Fatal(err)
	}
	golden(t, "software.txt", shownText(t, h))
	h = magictest.New(t)
	withoutHardware(1).tell(h)
	if _, err := perf(t, h, "%perf stat --sim f(xs)"); err == nil || !strings.Contains(err.Error(), "the package is called valgrind") {
		t.Errorf("--sim: %v", err)
	}
	if !strings.Contains(shownText(t, h), "(partial: ") {
		t.Errorf("--sim: %s", shownText(t, h))
	}
}

// What would take minutes isn't simulated without being asked for.
func TestStatTooLong(t *testing.T) {
	s := &stat{counts: []*counting{{runs: []counters.Run{{User: 2.5, Sys: 0.5}}}}}
	if err := s.tooLong(); err == nil || !strings.Contains(err.Error(), "about 3min") {
		t.Error(err)
	}
	s.counts[0].runs[0] = counters.Run{Elapsed: 30, User: 0.5} // it waits
	if err := s.tooLong(); err != nil {
		t.Error(err)
	}
}

func TestStatForms(t *testing.T) {
	for flags, name := range map[string]string{"-x ,": "separated.txt", "-j": "lines.json"} {
		h := magictest.New(t)
		onHardware(3).tell(h)
		if _, err := perf(t, h, "%perf stat --no-sim "+flags+" f(xs)"); err != nil {
			t.Fatal(err)
		}
		if len(h.Shown) != 0 {
			t.Errorf("%s: %d outputs", flags, len(h.Shown))
		}
		golden(t, name, h.Out.String())
		h = magictest.New(t)
		onHardware(3).tell(h)
		if _, err := perf(t, h, "%perf stat "+flags+" -D raw.txt f(xs)"); err != nil || len(h.Shown) != 1 {
			t.Fatalf("%s -D: %d outputs, %v", flags, len(h.Shown), err)
		}
		if got := "[stdout]" + magictest.FileText(t, filepath.Join(h.WorkDir, "raw.txt")); got != magictest.FileText(t, filepath.Join("testdata", name)) {
			t.Errorf("%s -D wrote\n%s", flags, got)
		}
	}
}

func TestStatPartial(t *testing.T) {
	h := magictest.New(t)
	d := onHardware(2)
	d.end = false
	d.runs = append(d.runs, d.runs[0])
	d.runs[2].Broken = true
	d.tell(h)
	h.GoErr = magictest.ErrGo
	_, err := perf(t, h, "x := %perf stat -r 5 f(xs)")
	if !errors.Is(err, magictest.ErrGo) || !strings.Contains(shownText(t, h), "(partial: 2 of 5 runs)") {
		t.Errorf("%v\n%s", err, shownText(t, h))
	}
	for _, c := range h.Calls {
		if strings.HasPrefix(c, "define") {
			t.Error("a variable has the result of a part")
		}
	}
	h = magictest.New(t)
	h.GoErr = magictest.ErrGo
	if _, err := perf(t, h, "%perf stat f(xs)"); !errors.Is(err, magictest.ErrGo) || len(h.Shown) != 0 {
		t.Errorf("nothing was counted: %v, %d outputs", err, len(h.Shown))
	}
}

func TestStatVariants(t *testing.T) {
	h := magictest.New(t)
	onHardware(2).tell(h)
	if _, err := perf(t, h, "%%perf stat -r 2 n := 3\n--- one\nf(n)\n--- two\ng(n)\ng(n)"); err != nil {
		t.Fatal(err)
	}
	data := h.Shown[0].Bundle.Data
	if len(h.Programs) != 2 || data["image/svg+xml"] == nil || strings.Count(shownText(t, h), "Performance counter stats") != 2 {
		t.Errorf("%d programs, %s", len(h.Programs), shownText(t, h))
	}
}

func TestStatUsage(t *testing.T) {
	for line, want := range map[string]string{
		"%perf":                   "%perf needs one of the words stat, record, annotate, list",
		"%perf stta f()":          `no "stta", did you mean stat?`,
		"%perf stat":              "%perf stat needs a statement to measure",
		"%perf stat -r 0 f()":     `flag -r of %perf stat: "0" is less than 1`,
		"%perf stat -n x f()":     `flag -n of %perf stat: "x" is not a whole number`,
		"%perf stat -e cycle f()": `no event "cycle", did you mean cycles?`,
		"%perf stat -e l1-dcache-load-misses f()": "did you mean L1-dcache-load-misses?",
		"%perf stat -e cycles:pp f()":             "suffix",
		"%perf stat --sim --no-sim f()":           "take one of them",
		"%perf stat -x , -j f()":                  "take one of them",
		`%perf stat -x "" f()`:                    "flag -x of %perf stat needs a text",
		"%perf record -F 20001 f()":               "flag -F of %perf record: 20001 is more than 20,000",
		"%perf annotate -F 1e9 f()":               "flag -F of %perf annotate: 1e9 is more than 20,000",
		"%perf stat --per-op 0 f()":               "--per-op",
		"%perf stat --budget soon f()":            "--budget",
		"%%perf stat\n--- a\nf()\n--- a\ng()":     `two blocks have the name "a"`,
		"%%perf stat\n--- a\n--- b\ng()":          `block "a" has no Go`,
		"%%perf stat\n---\ng()":                   "has no name",
		"%perf list nonsense":                     `no event has "nonsense"`,
	} {
		h := magictest.New(t)
		onHardware(1).tell(h)
		_, err := perf(t, h, line)
		var usage *magic.UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || len(h.Programs) > 0 {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
}

func TestList(t *testing.T) {
	h := magictest.New(t)
	if _, err := perf(t, h, "%perf list tlb"); err != nil {
		t.Fatal(err)
	}
	if text := h.Shown[0].Bundle.Data["text/plain"].(string); !strings.Contains(text, "dTLB-load-misses") || strings.Contains(text, "cycles") {
		t.Error(text)
	}
}

// A counter that stands still is not believed, one that was never given a turn is no 0.
func TestNotCounted(t *testing.T) {
	d := onHardware(2)
	for k := range d.runs {
		d.runs[k].Values[0] = counters.Value{Enabled: 2e-3, Running: 2e-3}
		d.runs[k].Values[1] = counters.Value{Enabled: 2e-3, None: true}
	}
	c := &counting{events: &d.events, runs: d.runs}
	v := c.variant("f()", operations{loops: 1})
	for i, why := range []string{"stands still", "taken by other events"} {
		if e := v.Events[i]; e.Value != nil || e.Missing != notCounted || !strings.Contains(e.Why, why) {
			t.Errorf("%+v", e)
		}
	}
	p := result.Perf{Variants: []result.PerfVariant{v}}
	if _, _, ok := p.Count("cycles"); ok {
		t.Error("cycles have a count")
	}
	if n, source, ok := p.Count("branches"); !ok || source != result.PerfHardware || n != 2.01e6 {
		t.Errorf("branches: %g %s %v", n, source, ok)
	}
}

// Code may have no cache misses where its instructions are counted.
func TestNoneOfIt(t *testing.T) {
	d := onHardware(2)
	for k := range d.runs {
		d.runs[k].Values[3].Count = 0
	}
	c := &counting{events: &d.events, runs: d.runs}
	if e := c.variant("f()", operations{loops: 1}).Events[3]; e.Value == nil || *e.Value != 0 || e.Metric != 0 || e.Unit != "% of all cache refs" {
		t.Errorf("%+v", e)
	}
	for k := range d.runs {
		d.runs[k].Values[1].Count = 0
	}
	if e := c.variant("f()", operations{loops: 1}).Events[3]; e.Missing != notCounted {
		t.Errorf("beside instructions that stand still: %+v", e)
	}
}

// What counting itself takes isn't the code's: figures for an operation are without it,
// and nothing is derived of a run that it makes longer.
func TestStatEmpty(t *testing.T) {
	d := onHardware(2)
	c := &counting{events: &d.events, runs: d.runs}
	d.events.Empty.Values[1].Count = 84000
	v := c.variant("f()", operations{loops: 10, ops: 10})
	if e := v.Events[1]; *e.Value != 8_442_000 || *e.PerOp != 835_800 {
		t.Errorf("%g, %g for an operation", *e.Value, *e.PerOp)
	}
	if e := v.Events[6]; e.Unit != "CPUs utilized" {
		t.Errorf("%+v", e)
	}
	d.events.Empty.Values[6].Count = 1e6
	v = c.variant("f()", operations{loops: 1})
	if clock, faults := v.Events[6], v.Events[7]; clock.Unit != "" || faults.Unit != "" || v.Events[1].Unit != "insn per cycle" {
		t.Errorf("%+v, %+v", clock, faults)
	}
}

func TestMeanAndError(t *testing.T) {
	for _, tt := range []struct {
		xs        []float64
		mean, err float64
	}{{[]float64{3, 2, 2, 1, 1}, 1.8, 0.2078698548207745}, {[]float64{35, 35, 35}, 35, 0}, {[]float64{0, 0}, 0, 0}} {
		mean, err := meanAndError(tt.xs) // the error: the deviation of n-1 by the root of n, by the mean
		if mean != tt.mean || math.Abs(*err-tt.err) > 1e-15 {
			t.Errorf("%v: %v, %v", tt.xs, mean, *err)
		}
	}
	if mean, err := meanAndError([]float64{4}); mean != 4 || err != nil {
		t.Errorf("one: %v, %v", mean, err)
	}
}

// What isn't counted all the time, or without the kernel, is said.
func TestStatCautions(t *testing.T) {
	h := magictest.New(t)
	d := onHardware(2)
	d.events.Events[0].Name = "cycles:u"
	for k := range d.runs {
		d.runs[k].Values[2].Running = 0.1e-3
	}
	d.events.Empty.Values[6].Count = 3e5
	d.tell(h)
	if _, err := perf(t, h, "%perf stat f(xs)"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"cache-references was counted for 6.7 % of the time only", "events with :u leave the kernel's part out", "counting nothing gives 19.9 % of its task-clock", "2.800 GHz"} {
		if text := shownText(t, h); !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// Ratios that bars can't show side by side are points on a logarithmic axis.
func TestStatPictureOfWideRatios(t *testing.T) {
	variant := func(name string, counts ...float64) result.PerfVariant {
		v := result.PerfVariant{Name: name}
		for i := range counts {
			v.Events = append(v.Events, result.PerfEvent{Event: []string{"task-clock", "faults"}[i], Value: &counts[i]})
		}
		return v
	}
	for most, log := range map[float64]bool{40: false, 60: true} {
		f := statPicture(result.Perf{Variants: []result.PerfVariant{variant("a", 2, 1), variant("b", 2*most, 0)}})
		if f == nil || f.Y.Log != log || f.X.Zero == log || len(f.Layers) != 2 {
			t.Fatalf("%g: %+v", most, f)
		}
		if _, err := f.Encode(); err != nil {
			t.Errorf("%g: %v", most, err)
		}
	}
}
