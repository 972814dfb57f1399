package render

import (
	"image/color"
	"strings"
	"testing"
	"time"

	"hpgo/plots"
)

// juliaCode is the loop that books measure.
const juliaCode = `// calc counts the steps until each point escapes.
func calc(maxIter int, zs, cs []complex128) []int {
	output := make([]int, len(zs))
	for i, z := range zs {
		n := 0
		c := cs[i]
		for cmplx.Abs(z) < 2 && n < maxIter {
			z = z*z + c
			n++
		}
		output[i] = n
	}
	if len(output) == 0 {
		log.Print("nothing  to do\tat all") /* two  spaces */
	}
	return output
}
`

type measured struct {
	Line  int
	Hits  int
	Time  time.Duration
	Alloc int
}

func juliaLines() []measured {
	us := time.Microsecond
	return []measured{{11, 1, 3 * us, 8192}, {12, 1001, 61 * us, 0}, {13, 1000, 22 * us, 0}, {14, 1000, 58 * us, 0},
		{15, 23934, 4811 * us, 0}, {16, 22934, 1702 * us, 0}, {17, 22934, 493 * us, 0}, {19, 1000, 64 * us, 0}, {21, 1, 0, 0}, {24, 1, 1 * us, 0}}
}

// listings are annotated sources.
func listings() map[string]plots.Picture {
	columns := []plots.Column{{Label: "Hits", Values: "Hits"}, {Label: "Time", Values: "Time", Share: true}, {Label: "Alloc", Unit: "B", Values: "Alloc"}}
	var long strings.Builder
	values := map[int]float64{}
	for i := range 300 {
		long.WriteString("	x = step(x) // of very many that look all alike\n")
		if i%97 == 30 || i == 33 {
			values[i+1] = float64(i * i)
		}
	}
	return map[string]plots.Picture{
		"source": plots.Source{Title: "calc, 1,000 points of the Julia set", Code: juliaCode, First: 9, Data: juliaLines(), Lines: "Line", Columns: columns},
		"source-one": plots.Source{Code: juliaCode, Values: map[int]time.Duration{7: 4811 * time.Microsecond, 8: 1702 * time.Microsecond, 9: 493 * time.Microsecond, 4: 61 * time.Microsecond},
			Details: map[int]string{7: "2,140 samples, most in cmplx.Abs, which is inlined"}},
		"source-long": plots.Source{Title: "Allocated", Code: long.String(), Label: "Alloc", Unit: "B", Values: values},
		"source-wide": plots.Source{Title: "Long lines <&> \"quotes\", and wide letters", Width: 6, Code: "#include <stdio.h>\nint main() { printf(\"" + strings.Repeat("a long line, ", 20) +
			"\"); } /* no Go */\n\n  日本語 = \"テスト\"; // ends\n\tcafé\x00\n", Values: []int{0, 120, 0, 7_500_000, 33}},
	}
}

func TestListingsRead(t *testing.T) {
	for _, theme := range []*theme{adaptive(), onWhite()} {
		p := theme.code()
		for _, ground := range []color.NRGBA{p.card, p.fold} {
			for _, c := range []color.NRGBA{p.text, p.muted, p.keyword, p.literal} {
				if contrast(c, ground) < 4.5 {
					t.Errorf("%v on %v has contrast %.2f", c, ground, contrast(c, ground))
				}
			}
		}
		if c := contrast(p.bar, p.card); c < 3 {
			t.Errorf("bars have contrast %.2f", c)
		}
		before := 1.0
		for i := 1; i <= 100; i++ {
			fill := p.heat(float64(i) / 100)
			for _, kind := range []tokenKind{plainToken, keywordToken, literalToken, commentToken} {
				if c := contrast(legible(p.token(kind), fill), fill); c < 4.5 {
					t.Errorf("text of kind %d at %d%% has contrast %.2f", kind, i, c)
				}
			}
			now := contrast(fill, p.card)
			if now < before-0.02 {
				t.Errorf("heat of %d%% stands out less than less heat: %.2f after %.2f", i, now, before)
			}
			before = now
		}
		if before < 4.5 {
			t.Errorf("the hottest line has contrast %.2f with the card", before)
		}
	}
}

func TestGoTokens(t *testing.T) {
	lines := []string{"/* a", "b */ func f() string {", "	return `x", "y` + \"z\" // end", "}"}
	want := []string{"cccc", "cccc kkkk", " kkkkkk ll", "ll   lll cccccc", ""}
	for i, kinds := range goTokens(lines) {
		got := ""
		for _, k := range kinds {
			got += string(" klc"[k])
		}
		if strings.TrimRight(got, " ") != want[i] {
			t.Errorf("%s\n%s, want\n%s", lines[i], got, want[i])
		}
	}
	if goTokens([]string{"def f(x):  # comment"}) != nil {
		t.Error("Python was tinted")
	}
}

func TestForeignSource(t *testing.T) {
	for name, spoil := range map[string]func(*plots.SourceData){
		"no lines": func(d *plots.SourceData) { d.Lines = nil },
		"columns":  func(d *plots.SourceData) { d.Columns = nil },
		"values":   func(d *plots.SourceData) { d.Columns[0].Values = d.Columns[0].Values[1:] },
		"heat":     func(d *plots.SourceData) { d.Heat = 7 },
		"hidden":   func(d *plots.SourceData) { d.Hidden = []bool{true} },
		"details":  func(d *plots.SourceData) { d.Details = []string{"x"} },
		"first":    func(d *plots.SourceData) { d.First = -5 },
	} {
		d := encode(t, listings()["source"])
		spoil(d.Source)
		_ = d.Summary() // must not panic
		if _, err := SVG(d); err == nil {
			t.Errorf("%s: drawn", name)
		}
	}
}
