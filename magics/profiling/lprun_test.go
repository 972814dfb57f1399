package profiling

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/harness/sampler"
	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
	"hpgo/magics/result"
)

// lprunHost is a session with one function, whose programs report what is given.
func lprunHost(t *testing.T, line string, failAt int, fail error) (*magictest.Host, *magic.Input) {
	h := magictest.New(t)
	h.Text = line
	h.Known = []magic.Function{{Key: "f", Name: "f", Cell: 3, File: "cell 3", First: 2,
		Lines: []string{"func f(n int) {", "\tfor i := range n {", "\t\twork(i)", "\t}", "\tg()", "}"}}}
	h.DuringGo = func(h *magictest.Host) {
		p := h.Programs[len(h.Programs)-1]
		report := func(kind string, v any) {
			data, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			p.Records(harness.Record{Kind: kind, Data: data})
		}
		if p.Count != nil {
			report(harness.CountsKind, harness.Counts{Values: []uint64{1001, 1000, 1}, Final: true})
		} else if p.Records != nil && !strings.Contains(line, "unseen") {
			report(sampler.RecordKind, lprunSamplesOf())
		}
		h.GoErr = nil
		if len(h.Programs) == failAt {
			h.GoErr = fail
		}
	}
	counter := func(line int, kind cell.CountKind, slot int) cell.Counter {
		return cell.Counter{Func: "f", Cell: 3, Line: line, Kind: kind, Plus: []int{slot}}
	}
	h.Outcome.Counters = []cell.Counter{counter(2, cell.CountCalls, 2), counter(3, cell.CountHits, 0), counter(4, cell.CountHits, 1), counter(6, cell.CountHits, 2)}
	line = strings.TrimPrefix(line, "%lprun")
	m, _ := magic.NewTable(Rows()).Lookup("lprun")
	args, err := magic.ParseArgs(m, line)
	if err != nil {
		t.Fatal(err)
	}
	return h, &magic.Input{Magic: m, Form: magic.Line, Args: args, Line: cell.Magic{Name: "lprun", Args: line, ArgsAt: len("%lprun")}}
}

// lprunSamplesOf are 100 samples of ten runs: 89 in line 4, of which 60 in an
// inlined function, 10 in line 6 through a recursive call, one elsewhere.
func lprunSamplesOf() sampler.Run {
	const pkg = cell.PackagePath + "."
	s := sampler.Samples{Source: "perf cpu-clock", Rate: 3989, Count: 100, User: 1, Elapsed: 1.1, Scale: 0.99,
		Funcs:  []sampler.Func{{Name: pkg + "f", File: "cell 3"}, {Name: pkg + "work", File: "cell 3"}, {Name: "math.Sqrt", File: "/go/src/math/sqrt.go"}, {Name: pkg + "f.func1", File: "cell 3"}},
		Frames: []sampler.Frame{{Func: 0, Line: 4}, {Func: 1, Line: 20, Inlined: true}, {Func: 0, Line: 6}, {Func: 2, Line: 5}, {Func: 3, Line: 3}},
		Stacks: []sampler.Stack{{Frames: []int{1, 0, 2}, Count: 60, Seconds: 0.6}, {Frames: []int{0}, Count: 29, Seconds: 0.29}, {Frames: []int{3, 2}, Count: 10, Seconds: 0.1}, {Frames: []int{3}, Count: 1, Seconds: 0.01}}}
	return sampler.Run{Samples: s, Sampled: sampler.Laps{Runs: 10, User: 1, Wall: 1.1}, Plain: sampler.Laps{Runs: 9, User: 0.9, Wall: 0.9}, Overhead: 1.2, Whole: 19, Seen: 10, Finished: true}
}

func TestLprun(t *testing.T) {
	h, in := lprunHost(t, "%lprun -f f -u 1e-3 f(1000)", 0, nil)
	if _, err := in.Magic.Run(context.Background(), h, in); err != nil {
		t.Fatal(err)
	}
	want := `Timer unit: 0.001 s

Total time: 0.099 s (plain build)   Time: CPU, 99 samples at 4 kHz over 10 runs, scaled to 9 plain runs   Hits: counted
File: cell 3
Function: f at line 2

Line #      Hits         Time  Per Hit   % Time     ±  Line Contents
====================================================================
     2                                                 func f(n int) {
     3      1001          0.0      0.0      0.0   1.0  	for i := range n {
     4      1000         89.0      0.1     89.9   3.0  		work(i)
     5                                                 	}
     6         1         10.0     10.0     10.1   3.0  	g()
     7                                                 }
`
	b := h.Shown[0].Bundle
	got, _ := b.Data["text/plain"].(string)
	if !strings.HasPrefix(got, strings.TrimRight(want, "\n")) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	page, _ := b.Data["text/html"].(string)
	if !strings.Contains(got, "sampled runs took 1.20 times as long as plain ones") {
		t.Errorf("no warning of what sampling costs:\n%s", got)
	}
	for _, part := range []string{"67.4 % in work (inlined)", "data-cold", "89 ms", "<code>f</code>"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page has no %q", part)
		}
	}
	var data struct{ Result result.Lprun }
	if err := json.Unmarshal(b.Data["application/vnd.hpgo.lprun+json"].(json.RawMessage), &data); err != nil {
		t.Fatal(err)
	}
	if f := data.Result.Function("f"); f == nil || f.Line(4).Hits != 1000 || f.Line(4).PerHit() != f.Line(4).Time/1000 || f.Calls != 1 {
		t.Errorf("the data: %+v", f)
	}
	count, sample := h.Programs[0], h.Programs[1]
	if count.Count == nil || count.Count.Lines.Keys[0] != "f" || sample.Count != nil || count.Pieces[2].Text != "f(1000)" || sample.Pieces[2].Text != "f(1000)" {
		t.Errorf("the programs: %+v", h.Programs)
	}
}

// TestLprunPartial: what there is is shown, and how the code ended.
func TestLprunPartial(t *testing.T) {
	fail := errors.New("WorkerDied: exit status 3")
	tests := []struct {
		line   string
		failAt int
		fail   error
		cancel bool
		want   []string
	}{
		{"%lprun -f f f(1000)", 1, fail, false, []string{"*** SystemExit exception caught in code being profiled.", "     3      1001                                       \tfor", "(partial: the run that counts was cut short, times were not sampled)"}},
		{"%lprun -f f f(1000)", 2, errors.New("Interrupted: x"), true, []string{"*** KeyboardInterrupt exception caught in code being profiled.", "89.9", "(partial: 10 runs sampled)"}},
		{"%lprun -f f f(1000)", 2, errors.New("Panic: boom"), false, []string{"*** Panic exception caught", "89.9"}},
		{"%lprun -f f unseen()", 2, errors.New("Panic: boom"), false, []string{"1001", "(partial: the sampled run was cut short, times were not sampled)"}},
		{"%lprun -f f unseen()", 1, errors.New("Panic: boom"), false, []string{"1001", "(partial: the run that counts was cut short, times were not sampled)"}},
		{"%lprun -f f -alloc f(1)", 3, errors.New("Panic: boom"), false, []string{"89.9", "(partial: the run that records allocations was cut short, 10 runs sampled)"}},
		{"%lprun -f f f(1000)", 1, errors.New("WorkerDied: signal: killed"), false, []string{"*** Signal exception caught"}},
	}
	for _, tt := range tests {
		h, in := lprunHost(t, tt.line, tt.failAt, tt.fail)
		ctx, cancel := context.WithCancel(context.Background())
		during := h.DuringGo
		h.DuringGo = func(h *magictest.Host) {
			during(h)
			if tt.cancel && len(h.Programs) == tt.failAt {
				cancel()
			}
		}
		_, err := in.Magic.Run(ctx, h, in)
		cancel()
		if !errors.Is(err, tt.fail) {
			t.Errorf("%v: got error %v", tt.fail, err)
		}
		text, _ := h.Shown[0].Bundle.Data["text/plain"].(string)
		for _, w := range tt.want {
			if !strings.Contains(text, w) {
				t.Errorf("%v: no %q in\n%s", tt.fail, w, text)
			}
		}
	}
}

func TestLprunUsage(t *testing.T) {
	tests := map[string]string{
		"%lprun -f g f(1)":           "flag -f of %lprun: the session has no function g",
		"%lprun -f f":                "%lprun needs a statement to measure; usage: ",
		"%lprun -f f --min 101 f(1)": "flag --min of %lprun: 101 is more than 100 percent; usage: ",
		"%lprun -f f -u 0 f(1)":      "flag -u of %lprun: 0 is not above zero; usage: ",
	}
	for line, want := range tests {
		h, in := lprunHost(t, line, 0, nil)
		_, err := in.Magic.Run(context.Background(), h, in)
		var usage *magic.UsageError
		if !errors.As(err, &usage) || !strings.HasPrefix(err.Error(), want) || len(h.Programs) > 0 {
			t.Errorf("%s: got %v", line, err)
		}
	}
}
