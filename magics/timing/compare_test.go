package timing

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
	"hpgo/magics/measuring"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/plots"
)

func TestStatements(t *testing.T) {
	for line, want := range map[string]string{
		"f(xs) ; g(xs)":                          "f(xs)|g(xs)",
		"f(xs);g(xs);":                           "f(xs)|g(xs)",
		`a(";") ; b(';') ; c`:                    `a(";")|b(';')|c`,
		"for i := 0; i < 3; i++ { f(i); g() };h": "for i := 0; i < 3; i++ { f(i); g() }|h",
		"if x := f(); x > 0 { g() } ; h()":       "if x := f(); x > 0 { g() }|h()",
		"func() { a(); b() }() ; c()":            "func() { a(); b() }()|c()",
		"a /* ; */ + b ; c // ; d":               "a /* ; */ + b|c // ; d",
		"one":                                    "one",
		" ; ":                                    "",
	} {
		var got []string
		for _, p := range statements(magic.Piece{Text: line, At: 100}) {
			got = append(got, p.Text)
			if line[p.At-100:p.At-100+len(p.Text)] != p.Text {
				t.Errorf("%q: %q stands at %d", line, p.Text, p.At)
			}
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}

func TestBlocks(t *testing.T) {
	parts, err := measuring.Blocks(magic.Piece{Text: "\n--- plain\nf()\ng()\n---  two words \n", At: 50})
	if err != nil || len(parts) != 2 || parts[0].Name != "plain" || parts[0].Text != "f()\ng()\n" || parts[0].At != 61 || parts[1].Name != "two words" || parts[1].Text != "" {
		t.Errorf("%+v %v", parts, err)
	}
	for body, want := range map[string]string{"f()\n--- a\n": "before the first block", "--- a\nf()\n---\n": "block 2 has no name"} {
		if _, err := measuring.Blocks(magic.Piece{Text: body}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", body, err)
		}
	}
}

func TestSplitLast(t *testing.T) {
	for text, want := range map[string]string{
		"f(x)":              "f(x)|",
		"a := 1\na + 1\n":   "a := 1\n|a + 1\n",
		"a := 1":            "a := 1|",
		"for {\nbreak\n}":   "for {\nbreak\n}|",
		"a := 1; a // note": "a := 1; |a // note",
		"a :=":              "a :=|",
	} {
		rest, last := magic.SplitLast(magic.Piece{Text: text, At: 7})
		if rest.Text+"|"+last.Text != want || last.Text != "" && last.At != 7+len(rest.Text) {
			t.Errorf("%q: %q, %q", text, rest.Text, last.Text)
		}
	}
	v := timedLoop{last: magic.Piece{Text: "a.b() // not this\n", At: 9}}
	if p, ok := resultOf(&v); !ok || p.Text != "a.b()" || p.At != 9 {
		t.Errorf("%q %v", p.Text, ok)
	}
	v = timedLoop{Subject: measuring.Subject{Body: magic.Piece{Text: "a = 1"}}}
	if _, ok := resultOf(&v); ok {
		t.Error("an assignment has no result")
	}
}

// tell sends records of runs that take some seconds an operation.
func tell(h *magictest.Host, point int, times ...float64) {
	p := h.Programs[len(h.Programs)-1]
	for i, s := range times {
		data, _ := json.Marshal(harness.TimingRun{Point: point, Round: i, N: 1000, Wall: 1000 * s, Bytes: uint64(48000 / (point + 1)), Allocs: 1000})
		p.Records(harness.Record{Kind: harness.RecordTimingRun, Data: data})
	}
}

func spread(at float64, n int) (out []float64) {
	for i := range n {
		out = append(out, at*(1+0.001*float64(i*7%n)))
	}
	return out
}

// TestCompareShows: from runs to text, data and picture.
func TestCompareShows(t *testing.T) {
	h := magictest.New(t)
	h.Text = "%compare f(xs) ; g(xs) ; h(xs)"
	h.DuringGo = func(h *magictest.Host) {
		for point, s := range []float64{1.718e-6, 1.423e-6, 1.715e-6, 1.72e-6} {
			tell(h, point, spread(s, 10)...)
		}
		h.Programs[0].Records(harness.Record{Kind: harness.RecordTimingEnd, Data: json.RawMessage("{}")})
	}
	if _, err := h.Run(context.Background(), magic.NewTable(Rows()), h.Text); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(h.Shown[0].Bundle.Data["text/plain"])
	want := `g(xs) is fastest: 17.2 % faster than f(xs)
      │ sec/op      │ vs base                   95 % CI        │ B/op      allocs/op
f(xs)   1.727µ ± 0%   (base)  A/A 0.1 %                          48        1
g(xs)   1.429µ ± 0%   -17.22% (p=0.000 n=20+10) [-17.3, -17.2]   24   -50% 1
h(xs)   1.723µ ± 0%   ~       (p=0.120 n=20+10) [-0.3, -0.2]     16   -67% 1`
	text, _, _ = strings.Cut(text, "\nwarning: ") // of the machine that the test runs on
	if strings.TrimRight(text, "\n") != want {
		t.Errorf("got:\n%s\nwant:\n%s", text, want)
	}
	page := fmt.Sprint(h.Shown[0].Bundle.Data["text/html"])
	for _, part := range []string{"17.2 % faster", "no difference", "data:image/svg+xml", "Mann-Whitney"} {
		if !strings.Contains(page, part) {
			t.Errorf("the HTML lacks %q", part)
		}
	}
	var data struct {
		Result  result.Compare  `json:"result"`
		Samples []compareSample `json:"samples"`
	}
	raw, _ := json.Marshal(h.Shown[0].Bundle.Data[report.MIME("compare")])
	if err := json.Unmarshal(raw, &data); err != nil || len(data.Samples) != 40 || data.Result.Variants[1].Verdict != "faster" || data.Result.Variants[2].Verdict != "no difference" {
		t.Errorf("data: %v, %d samples, %+v", err, len(data.Samples), data.Result.Variants)
	}
	if len(h.Programs) != 1 || !strings.Contains(programText(h.Programs[0]), "if hpgo__m.Is(2) {") {
		t.Errorf("programs: %d", len(h.Programs))
	}
}

func programText(p magic.Program) string {
	var b strings.Builder
	for _, piece := range p.Pieces {
		b.WriteString(piece.Text + "\n")
	}
	return b.String()
}

// TestComparePartial: what was measured before a failure is shown, and the failure
// is that of the cell.
func TestComparePartial(t *testing.T) {
	h := magictest.New(t)
	h.Text = "%compare f(xs) ; g(xs)"
	h.GoErr = magictest.ErrGo
	h.DuringGo = func(h *magictest.Host) {
		for point, n := range []int{3, 2, 3} {
			tell(h, point, spread(1e-6, n)...)
		}
	}
	_, err := h.Run(context.Background(), magic.NewTable(Rows()), h.Text)
	if err != magictest.ErrGo || len(h.Shown) != 1 {
		t.Fatalf("%v, %d shown", err, len(h.Shown))
	}
	if text := fmt.Sprint(h.Shown[0].Bundle.Data["text/plain"]); !strings.Contains(text, "(partial: 8 of 30 runs)") || !strings.Contains(text, "± ∞") {
		t.Errorf("text:\n%s", text)
	}
	h = magictest.New(t)
	h.Text, h.GoErr = "%compare f(xs) ; g(xs)", magictest.ErrGo
	if _, err := h.Run(context.Background(), magic.NewTable(Rows()), h.Text); err != magictest.ErrGo || len(h.Shown) != 0 {
		t.Errorf("without any run: %v, %d shown", err, len(h.Shown))
	}
}

// TestCompareChecks: a variant whose result differs gets no time.
func TestCompareChecks(t *testing.T) {
	h := magictest.New(t)
	h.Text = "%%compare --tol 1e-9 xs := data()\n--- loop\ns := 0.0\ns += xs[0]\ns // the sum\n--- wrong\nother(xs)\n"
	h.DuringGo = func(h *magictest.Host) {
		p := h.Programs[len(h.Programs)-1]
		if len(h.Programs) == 1 {
			for i, x := range []float64{2, 3} {
				s := harness.TakeSnapshot(x)
				s.Variant = i
				data, _ := json.Marshal(s)
				p.Records(harness.Record{Kind: harness.RecordSnapshot, Data: data})
			}
			return
		}
		tell(h, 0, spread(1e-6, 10)...)
		tell(h, 1, spread(1e-6, 10)...)
	}
	if _, err := h.Run(context.Background(), magic.NewTable(Rows()), h.Text); err != nil {
		t.Fatal(err)
	}
	if got := programText(h.Programs[0]); !strings.Contains(got, "hpgo__harness.ReportSnapshot(0,\ns)\n") || !strings.Contains(got, "hpgo__harness.ReportSnapshot(1,\nother(xs))\n") {
		t.Errorf("check:\n%s", got)
	}
	if text := fmt.Sprint(h.Shown[0].Bundle.Data["text/plain"]); !strings.Contains(text, "wrong: no time: the result is 3, the base's 2") || strings.Contains(text, "wrong  ") {
		t.Errorf("text:\n%s", text)
	}
	if strings.Contains(programText(h.Programs[1]), `"variant":1`) {
		t.Error("what differs was timed")
	}
}

// TestCompareStored: results of other cells, which were not measured alternately.
func TestCompareStored(t *testing.T) {
	h := magictest.New(t)
	env := result.Env{CPU: "one", Go: "go1.26"}
	timeit := func(at float64) result.Timeit {
		r := result.Timeit{Loops: 1}
		r.AllRuns = spread(at, 10)
		return r
	}
	kept := measuring.NamedResults(h)
	kept["old"] = report.Output{Result: timeit(2), Env: env}
	kept["new"] = report.Output{Result: timeit(1), Env: env}
	env.CPU = "two"
	kept["there"] = report.Output{Result: timeit(1), Env: env}
	kept["memory"] = report.Output{Result: result.Sweep{}}
	if _, err := h.Run(context.Background(), magic.NewTable(Rows()), "%compare old new there"); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(h.Shown[0].Bundle.Data["text/plain"])
	for _, want := range []string{"-50.00%", "not measured alternately", "old and there are not comparable: cpu one and two"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	if _, err := h.Run(context.Background(), magic.NewTable(Rows()), "%compare nobody nothing"); err == nil || !strings.Contains(err.Error(), "no result is kept as nobody, nothing; there are memory, ") {
		t.Errorf("labels that are unknown, all of them: %v", err)
	}
	if _, err := h.Run(context.Background(), magic.NewTable(Rows()), "%compare old newest"); err == nil || !strings.Contains(err.Error(), "no result is kept as newest; there are memory, new, old, there") {
		t.Errorf("%v", err)
	}
	if _, err := h.Run(context.Background(), magic.NewTable(Rows()), "%compare old memory"); err == nil || !strings.Contains(err.Error(), "memory is a Sweep, which has no runs") {
		t.Errorf("%v", err)
	}
}

func TestCompareUsage(t *testing.T) {
	for text, want := range map[string]string{
		"%compare":                        "%compare needs two variants, %compare f(xs) ; g(xs)",
		"%compare f(x)":                   "needs two variants",
		"%compare --mde 2 f ; g":          `flag --mde of %compare: "2" is no share such as 2% or 0.02`,
		"%compare --alpha 1.5 f ; g":      `flag --alpha of %compare: "1.5" is no probability`,
		"%compare --order up f ; g":       `flag --order of %compare: "up" is neither abba nor random`,
		"%compare -r 0 f ; g":             `flag -r of %compare: "0" is less than 1`,
		"%compare --check x = 1 ; y":      "flag --check of %compare: x = 1 has no result",
		"%%compare\nf()\n":                "Go before the first block",
		"%%compare\n--- a\nf()\n":         "%%compare needs two variants, each below a line --- NAME",
		"%%compare\n--- a\nf()\n--- a\ng": `two blocks have the name "a"`,
		"%%compare\n--- a\nf()\n--- b\n":  "variant 2 has no Go",
	} {
		h := magictest.New(t)
		h.Text = text
		if _, err := h.Run(context.Background(), magic.NewTable(Rows()), text); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

// TestJudge: rules that one can't see in a whole comparison.
func TestJudge(t *testing.T) {
	rules := result.Compare{Alpha: 0.05, MinEffect: 0.02, Confidence: 0.95, Interleaved: true}
	noisy := spread(1, 10)
	for i := range noisy {
		noisy[i] *= 1.1
	}
	// The base's second runs take 10 % more, so the candidate's 10 % mean nothing.
	res, warnings := judge(rules, []series{{times: spread(1, 10), again: noisy}, {times: noisy}})
	if v := res.Variants[1]; v.Verdict != "no difference" || math.Abs(res.Noise-0.1) > 1e-9 || len(warnings) == 0 || !strings.Contains(warnings[0], "smaller differences mean nothing") {
		t.Errorf("%+v %q", v, warnings)
	}
	res, warnings = judge(rules, []series{{times: spread(1, 3)}, {times: spread(2, 3)}})
	if v := res.Variants[1]; v.Verdict != "no difference" || v.CI != nil || len(warnings) != 2 {
		t.Errorf("3 rounds: %+v %q", v, warnings)
	}
	res, _ = judge(rules, []series{{}, {times: spread(2, 3)}})
	if v := res.Variants[1]; v.P != nil || v.Verdict != "" || res.Headline() != "nothing was compared" {
		t.Errorf("without a base: %+v, %s", v, res.Headline())
	}
	if p := comparePicture(res); p != nil {
		t.Error("a picture without a base")
	}
	if _, err := (plots.Comparison{}).Encode(); err == nil {
		t.Error("a picture of nothing")
	}
}

// A round that ran backwards and was cut short has no first run of the base.
func TestPictureOfHalfARound(t *testing.T) {
	p := comparePicture(result.Compare{Interleaved: true, Variants: []result.Variant{
		{Name: "a", Times: []float64{1, 2}, Again: []float64{1, 2, 1.5}, Median: 1.5, Ratio: 1, Verdict: result.VerdictBase},
		{Name: "b", Times: []float64{1, 2, 1}, Median: 1, Ratio: 0.67, Verdict: "no difference"},
	}})
	if p == nil {
		t.Fatal("no picture")
	}
	if _, err := p.Encode(); err != nil {
		t.Error(err)
	}
}

func TestLoopAssigns(t *testing.T) {
	for text, want := range map[string]bool{
		"f(xs)": false, "s := 0\nfor _, x := range xs {\n\ts += x\n}": true, "for i := 0; i < 3; i++ {\n\tf(i)\n}": false,
		"for range 3 {\n\txs[0] = 1\n}": false, "for range 3 {\n\tif ok {\n\t\tn++\n\t}\n}": true,
		"func() {\n\tfor range 3 {\n\t\tn++\n\t}\n}()": false, "s := 1": false, "for {": false,
	} {
		if got := loopAssigns(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestClocks: where the wall clock is too noisy to tell anything, the CPU clock is
// taken and that is said; unless the user wants the wall clock, or the code uses
// several processors.
func TestClocks(t *testing.T) {
	for _, c := range []struct {
		args, clock, verdict string
		cpu                  float64 // of the base, by its wall time
	}{{"f ; g", "cpu", "slower", 0.1}, {"-t f ; g", "wall", "no difference", 0.1}, {"f ; g", "wall", "no difference", 1.9}, {"f ; g", "wall", "no difference", -1}, {"-c f ; g", "cpu", "slower", 0.1}} {
		h := magictest.New(t)
		h.Text = "%compare " + c.args
		h.DuringGo = func(h *magictest.Host) {
			for p, cpu := range []float64{1, 1.1, 1.001} {
				for i := range 10 {
					r := harness.TimingRun{Point: p, Round: i, N: 1, Wall: 2 * cpu * (1 + float64(p)/2 + float64(i*7%10)), CPU: cpu * (1 + float64(i)/1000)}
					if p == 0 && c.cpu != 0.1 {
						r.CPU = c.cpu * r.Wall
					}
					data, _ := json.Marshal(r)
					h.Programs[0].Records(harness.Record{Kind: harness.RecordTimingRun, Data: data})
				}
			}
			h.Programs[0].Records(harness.Record{Kind: harness.RecordTimingEnd, Data: json.RawMessage("{}")})
		}
		if _, err := h.Run(context.Background(), magic.NewTable(Rows()), h.Text); err != nil {
			t.Fatal(err)
		}
		var data struct {
			Result result.Compare `json:"result"`
		}
		raw, _ := json.Marshal(h.Shown[0].Bundle.Data[report.MIME("compare")])
		if err := json.Unmarshal(raw, &data); err != nil || data.Result.Clock != c.clock || data.Result.Variants[1].Verdict != c.verdict {
			t.Errorf("%+v: %v, %s clock, %s", c, err, data.Result.Clock, data.Result.Variants[1].Verdict)
		}
		text := fmt.Sprint(h.Shown[0].Bundle.Data["text/plain"])
		if said := strings.Contains(text, "-t keeps the wall clock"); said != (c.clock == "cpu" && c.args == "f ; g") || strings.Contains(text, "CPU sec/op") != (c.clock == "cpu") {
			t.Errorf("%+v:\n%s", c, text)
		}
	}
}

func FuzzStatements(f *testing.F) {
	for _, s := range []string{"f(xs) ; g(xs)", "for i := 0; i < 3; i++ {}", "\"a;b\" ; `c;", "if x; y {", ")};({", "a // b ; c", "--- a\nb\n--- c\n", "\x00;\xff", "switch x := y; x {"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parts := statements(magic.Piece{Text: text, At: 3})
		if found, err := measuring.Blocks(magic.Piece{Text: text, At: 3}); err == nil {
			parts = append(parts, found...)
		}
		for _, p := range parts {
			if at := p.At - 3; at < 0 || at+len(p.Text) > len(text) || text[at:at+len(p.Text)] != p.Text {
				t.Fatalf("%q: %q isn't at %d", text, p.Text, at)
			}
			rest, last := magic.SplitLast(p.Piece)
			if rest.Text+last.Text != p.Text {
				t.Fatalf("%q was split into %q and %q", p.Text, rest.Text, last.Text)
			}
			loopAssigns(p.Text)
		}
	})
}

func TestRatioDigits(t *testing.T) {
	for want, v := range map[string]result.Variant{
		"156 [152, 161]":          {Ratio: 156.2, RatioCI: &result.Interval{Low: 152.1, High: 160.8}},
		"0.0113 [0.0102, 0.0131]": {Ratio: 0.01132, RatioCI: &result.Interval{Low: 0.0102, High: 0.01309}},
		"1.34 [1.33, 1.36]":       {Ratio: 1.342, RatioCI: &result.Interval{Low: 1.326, High: 1.357}},
		"0.828 [0.827, 0.828]":    {Ratio: 0.8278, RatioCI: &result.Interval{Low: 0.8272, High: 0.8281}},
		"1.004 [0.998, 1.011]":    {Ratio: 1.0042, RatioCI: &result.Interval{Low: 0.9984, High: 1.011}},
		"12.3":                    {Ratio: 12.34},
		"0.000":                   {},
		"0.000000001":             {Ratio: 1e-9},
	} {
		if got := ratioCell(v).Text; got != want {
			t.Errorf("%v: %q, want %q", v.Ratio, got, want)
		}
	}
}
