package result

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// TestDecimal: four digits and a prefix, as benchstat writes times.
func TestDecimal(t *testing.T) {
	for s, want := range map[float64]string{
		1.718e-6: "1.718µ", 41.2e-6: "41.20µ", 123.45e-3: "123.5m", 1.5: "1.500", 59.999: "60.00", 999.96e-9: "1.000µ", 999.94e-9: "999.9n",
		0.4e-9: "400.0p", 12345: "12345", 3e-13: "0.300p", 0: "0",
	} {
		if got := Decimal(s); got != want {
			t.Errorf("%v: got %s, want %s", s, got, want)
		}
	}
	if got := Decimal(math.Inf(1)); got != "+Inf" {
		t.Errorf("infinity: %s", got)
	}
}

func TestVariantWords(t *testing.T) {
	for _, c := range []struct {
		verdict string
		ratio   float64
		want    string
	}{
		{"faster", 0.828, "17.2 % faster"}, {"faster", 0.32, "3.1 times as fast"}, {"faster", 0.0007, "1,429 times as fast"}, {"faster", 0.07, "14 times as fast"},
		{"slower", 1.05, "5.0 % slower"}, {"slower", 2, "2.0 times as slow"}, {"slower", 88, "88 times as slow"},
		{"no difference", 1.01, "no difference"}, {"not comparable", 2, "not comparable"}, {"base", 1, "base"}, {"differs", 0, "differs from the base"}, {"missing", 0, "not measured"},
	} {
		if got := (Variant{Verdict: c.verdict, Ratio: c.ratio}).Words(); got != c.want {
			t.Errorf("%v: got %q", c, got)
		}
	}
}

func TestHeadline(t *testing.T) {
	base := Variant{Name: "a", Times: []float64{2}, Median: 2, Verdict: VerdictBase}
	of := func(name, verdict string, ratio float64) Variant {
		return Variant{Name: name, Times: []float64{2 * ratio}, Median: 2 * ratio, Ratio: ratio, Verdict: verdict}
	}
	for want, variants := range map[string][]Variant{
		"nothing was compared":                   {},
		"a takes 2 s":                            {base},
		"b is 10.0 % faster than a":              {base, of("b", "faster", 0.9)},
		"b is 3.0 times as slow as a":            {base, of("b", "slower", 3)},
		"no difference between a and b":          {base, of("b", "no difference", 1.01)},
		"a and b are not comparable":             {base, of("b", "not comparable", 2)},
		"c is fastest: 4.0 times as fast as a":   {base, of("b", "faster", 0.9), of("c", "faster", 0.25)},
		"none is faster than a":                  {base, of("b", "slower", 1.5), of("c", "no difference", 1)},
		"no difference between a and the others": {base, of("b", "no difference", 1), of("c", "no difference", 1)},
	} {
		if got := (Compare{Variants: variants}).Headline(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestCompareTable: what has no time says why below the table, and the result
// survives its JSON.
func TestCompareTable(t *testing.T) {
	p := 0.004
	c := Compare{Alpha: 0.05, Confidence: 0.95, Interleaved: true, Noise: 0.004, Variants: []Variant{
		{Name: "a", Times: []float64{1e-6}, Median: 1e-6, CI: &Interval{Low: 0.99e-6, High: 1.02e-6}, BytesPerOp: 48, AllocsPerOp: 1.004, Verdict: VerdictBase},
		{Name: "b", Times: []float64{2e-5}, Median: 2e-5, Ratio: 20, RatioCI: &Interval{Low: 19, High: 21}, P: &p, N: [2]int{6, 6}, AllocsPerOp: 0.333, BytesPerOp: 21.3, Verdict: "slower"},
		{Name: "c", Verdict: VerdictDiffers, Why: "the result is 1, the base's 2"},
	}}
	want := `  │ sec/op       │ vs base              95 % CI    │ B/op        allocs/op
a   1.000µ ± 2%    (base)  A/A 0.4 %                    48          1
b   20.00µ ± ∞     20×     (p=0.004 n=6) [19×, 21×]     21.30 -56%  0.33      -67%
c: no time: the result is 1, the base's 2`
	if got := c.Table(); squeezed(got) != squeezed(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	if back := Read[Compare](string(data)); back.String() != c.String() {
		t.Errorf("became:\n%s", back)
	}
}

// squeezed leaves one space where there are several.
func squeezed(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(lines, "\n")
}

func TestAgainst(t *testing.T) {
	for want, v := range map[string]Variant{
		"20.0 % slower than old":   {Verdict: "slower", Ratio: 1.2},
		"2.1 times as slow as old": {Verdict: "slower", Ratio: 2.1},
		"4.0 times as fast as old": {Verdict: "faster", Ratio: 0.25},
	} {
		if got := v.Against("old"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
