package render

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"math"
	"regexp"
	"strings"
	"testing"

	"hpgo/kernel/display"
	"hpgo/plots"
)

// hostile is a name that would break out of markup, script or attribute if it
// were not escaped.
const hostile = `</script><script>window.broken=1</script><img src=x onerror="window.broken=1">'"&lt;&#39;` + "\u2028\u2029<!--\x00\xff"

// liveFigures are one picture for each kind of page, with hostile names.
func liveFigures() map[string]plots.Picture {
	x := []float64{1, 10, 100, 1000}
	side := func(from float64) plots.Figure {
		return plots.Figure{Title: hostile, Layers: plots.Layers{plots.Line{Name: hostile, X: []float64{from, 4}, Y: []float64{1, 2}}, plots.Line{Name: "b", X: []float64{0, 4}, Y: []float64{2, 3}}}}
	}
	return map[string]plots.Picture{
		"grid": plots.Grid{Interactive: true, ShareX: true, ShareY: true, Panels: []plots.Figure{side(0), side(1)}},
		"panels": plots.Figure{Title: hostile, Notes: []string{hostile}, X: plots.Axis{Log: true, Label: hostile}, Interactive: true, Layers: plots.Layers{
			plots.Line{Name: hostile, X: x, Y: []float64{1, 4, 9, 16}, Markers: true}, plots.Line{Name: "b", X: x, Y: []float64{2, 3, 5, 8}}}},
		"heat":   plots.Figure{Interactive: true, Layers: plots.Layers{plots.Heat{Name: hostile, Unit: "K", Z: [][]float64{{1, 2, 3}, {4, 5, math.NaN()}}}}},
		"flame":  plots.Flame{Title: hostile, Interactive: true, Stacks: []plots.Stack{flameStack(3, "main", hostile), flameStack(2, "main", "work"), flameStack(1, "idle")}},
		"sun":    plots.Flame{Form: plots.Sunburst, Interactive: true, Stacks: []plots.Stack{flameStack(3, "main", hostile), flameStack(2, "main", "work")}},
		"source": plots.Source{Title: hostile, Interactive: true, Code: "f(1)\ng(\"a\") // " + hostile + "\nh(2)", Values: map[int]float64{1: 3, 2: 1}, Details: map[int]string{1: hostile}},
		"gantt": plots.Gantt{Title: hostile, Interactive: true, Spans: []plots.Task{
			{Row: hostile, Name: hostile, Kind: hostile, From: 0.0, To: 1.0}, {Row: "b", Name: "second", Kind: "k", From: 0.5, To: 2.0}}},
	}
}

func flameStack(v float64, names ...string) plots.Stack {
	s := plots.Stack{Value: v}
	for _, n := range names {
		s.Frames = append(s.Frames, plots.StackFrame{Name: strings.ReplaceAll(n, ";", ",")})
	}
	return s
}

var (
	srcdocValue = regexp.MustCompile(`srcdoc='([^']*)'`)
	specValue   = regexp.MustCompile(`(?s)<script type="application/json" id="spec">(.*?)</script>`)
	imageValue  = regexp.MustCompile(`<img alt="[^"<>]*" width="\d+" style="[^"<>]*" src="data:image/svg\+xml;base64,([^"]*)">`)
)

// frameOf checks the parts of an interactive form and returns the page in it.
func frameOf(t *testing.T, out string) (page string, spec livePage) {
	t.Helper()
	doc := srcdocValue.FindStringSubmatch(out)
	if doc == nil {
		t.Fatalf("no srcdoc in %.300s", out)
	}
	rest := strings.Replace(out, doc[0], "", 1)
	if n := strings.Count(rest, "<"); n != 5 { // div, iframe, their ends, img
		t.Errorf("%d tags: %.600s", n, rest)
	}
	img := imageValue.FindStringSubmatch(rest)
	if img == nil {
		t.Fatalf("no picture in %.600s", rest)
	}
	svg, err := base64.StdEncoding.DecodeString(img[1])
	if err != nil {
		t.Fatal(err)
	}
	parses(t, svg)
	page = html.UnescapeString(doc[1])
	data := specValue.FindStringSubmatch(page)
	if data == nil {
		t.Fatal("no data in the page")
	}
	if err := json.Unmarshal([]byte(data[1]), &spec); err != nil {
		t.Fatal(err)
	}
	bare := strings.ToLower(strings.Replace(page, data[1], "", 1))
	if strings.Count(bare, "<script") != 2 || strings.Count(bare, "</script") != 2 || strings.Contains(bare, "<!--") || strings.Contains(bare, "<img") {
		t.Errorf("markup got into the page")
	}
	start, end := strings.Index(page, "<svg"), strings.Index(page, "</svg>")
	if start < 0 || end < start {
		t.Fatal("no picture in the page")
	}
	parses(t, []byte(page[start:end+6]))
	return page, spec
}

func TestInteractiveEscapes(t *testing.T) {
	for name, f := range liveFigures() {
		t.Run(name, func(t *testing.T) {
			d := encode(t, f)
			out, err := Interactive(d)
			if err != nil {
				t.Fatal(err)
			}
			page, spec := frameOf(t, out)
			if !strings.Contains(page, "default-src 'none'") || strings.Contains(strings.ReplaceAll(page, "http://www.w3.org/2000/svg", ""), "://") {
				t.Error("the page may use the network")
			}
			kinds := 0
			for _, has := range []bool{spec.Panels != nil, spec.Flame != nil, spec.Gantt != nil} {
				if has {
					kinds++
				}
			}
			if kinds != 1 && name != "source" {
				t.Errorf("%d kinds of data", kinds)
			}
			again, err := Interactive(encode(t, f))
			if err != nil || again != out {
				t.Error("drawing twice gives two pages")
			}
		})
	}
}

// TestInteractiveOfAll draws the page of every golden picture.
func TestInteractiveOfAll(t *testing.T) {
	for name, f := range allPictures() {
		t.Run(name, func(t *testing.T) {
			out, err := Interactive(encode(t, f))
			if err != nil {
				t.Fatal(err)
			}
			page, _ := frameOf(t, out)
			if n, ends := strings.Count(page, "<g"), strings.Count(page, "</g>"); n < ends {
				t.Errorf("%d groups and %d ends", n, ends)
			}
		})
	}
}

// TestScriptSize keeps what comes with every figure small.
func TestScriptSize(t *testing.T) {
	for _, name := range []string{"panels", "flame", "gantt"} {
		out, err := Interactive(encode(t, liveFigures()[name]))
		if err != nil {
			t.Fatal(err)
		}
		page, _ := frameOf(t, out)
		svg := strings.Index(page, "</svg>") - strings.Index(page, "<svg")
		if n := len(page) - svg - len(specValue.FindString(page)); n > 40_000 {
			t.Errorf("%s: style and scripts have %d bytes", name, n)
		}
	}
}

func TestBundleIsInteractive(t *testing.T) {
	f := liveFigures()["panels"].(plots.Figure)
	b := Bundle(display.Format(f))
	text, _ := b.Data["text/html"].(string)
	frameOf(t, text)
	for _, mime := range []string{"image/svg+xml", "image/png", "text/plain"} {
		if b.Data[mime] == nil {
			t.Errorf("no %s", mime)
		}
	}
	f.Interactive = false
	if b := Bundle(display.Format(f)); b.Data["text/html"] != nil {
		t.Error("a plain figure is interactive")
	}
}

// TestPartsOfPanels looks at what the script reads from the picture.
func TestPartsOfPanels(t *testing.T) {
	d := encode(t, figures()["grouped"])
	page, err := interactivePage(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`data-part="axes"`, `data-part="grid"`, `data-layer="0"`, `data-layer="2"`, `data-entry="1" data-name="2 cores"`} {
		if strings.Count(page, `<g data-panel="0" `+part+`>`) != 1 {
			t.Errorf("the page has %d groups %s", strings.Count(page, part), part)
		}
	}
	_, spec := frameOf(t, must(t, d))
	p := spec.Panels[0]
	if len(p.Layers) != 3 || p.Layers[1].Name != "2 cores" || len(p.X.Names) != 3 || p.Y.Unit != "×" || !(p.Box[0] < p.Box[2] && p.Box[1] < p.Box[3]) {
		t.Errorf("panel %+v", p)
	}
}

func must(t *testing.T, d plots.Data) string {
	t.Helper()
	out, err := Interactive(d)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func FuzzInteractive(f *testing.F) {
	f.Add(hostile, "", 0)
	f.Add("]]>", "--></style>", 1)
	f.Add("\u2028", "\x00'", 2)
	f.Fuzz(func(t *testing.T, a, b string, kind int) {
		figs := []plots.Picture{
			plots.Figure{Title: a, Alt: b, X: plots.Axis{Label: b, Unit: a}, Layers: plots.Layers{plots.Line{Name: a, Y: []int{1, 3, 2}, Markers: true}}},
			plots.Figure{Notes: []string{b}, Layers: plots.Layers{plots.Bars{Labels: []string{a, b + "2"}, Values: []int{1, 2}, Numbers: true}}},
			plots.Flame{Title: b, Stacks: []plots.Stack{flameStack(1, a, b), flameStack(2, b)}},
			plots.Gantt{Spans: []plots.Task{{Row: a, Name: b, Kind: a, From: 0, To: 1}, {Row: b, Name: a, From: 1, To: 2}}},
		}
		d, err := figs[uint(kind)%uint(len(figs))].Encode()
		if err != nil {
			return
		}
		out, err := Interactive(d)
		if err != nil {
			return // labels may leave no room for the data
		}
		_, spec := frameOf(t, out)
		if spec.Flame != nil && len(spec.Flame.Frames) == 0 {
			t.Error("no frames")
		}
	})
}

func ExampleInteractive() {
	d, err := plots.Figure{Title: "squares", Layers: plots.Layers{plots.Line{Y: []int{1, 4, 9, 16}}}}.Encode()
	if err != nil {
		fmt.Println(err)
		return
	}
	page, err := Interactive(d)
	fmt.Println(strings.Contains(page, "<iframe"), strings.Contains(page, "<img"), err)
	// Output: true true <nil>
}
