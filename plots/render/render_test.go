package render

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"iter"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/display"
	"hpgo/plots"
)

var (
	update  = flag.Bool("update", false, "rewrite golden files")
	gallery = flag.String("gallery", "", "write a page with all figures, for looking at, to this file")
)

// noise is a small deterministic generator, the same on every Go version.
type noise uint64

func (n *noise) next() float64 {
	*n = *n*6364136223846793005 + 1442695040888963407
	return float64(*n>>33)/float64(1<<31) - 0.5
}

// figures are the basic layers, and their hard cases.
func figures() map[string]plots.Picture {
	n := []float64{1e3, 1e4, 1e5, 1e6, 1e7}
	ns := []time.Duration{21 * time.Microsecond, 305 * time.Microsecond, 4100 * time.Microsecond, 48 * time.Millisecond, 610 * time.Millisecond}
	radix := []time.Duration{35 * time.Microsecond, 290 * time.Microsecond, 2500 * time.Microsecond, 24 * time.Millisecond, 260 * time.Millisecond}
	var xs, sine, low, high, cosine []float64
	for i := range 101 {
		x := float64(i) / 10
		xs, sine, cosine = append(xs, x), append(sine, math.Sin(x)), append(cosine, math.Cos(x)*0.7)
		low, high = append(low, math.Sin(x)-0.2), append(high, math.Sin(x)+0.1+0.02*x)
	}
	cosine[40], cosine[41], cosine[42] = math.NaN(), math.NaN(), math.Inf(1)
	var gen noise = 7
	var cx, cy []float64
	for range 120 {
		a := gen.next()
		cx, cy = append(cx, a*4+10), append(cy, a*300+gen.next()*80)
	}
	field := make([][]float64, 40)
	for r := range field {
		field[r] = make([]float64, 60)
		for c := range field[r] {
			field[r][c] = math.Exp(-(math.Pow(float64(r)-20, 2) + math.Pow(float64(c)-25, 2)) / 200)
		}
	}
	field[35][50] = math.NaN()
	fs := map[string]plots.Picture{
		"line": plots.Figure{Layers: plots.Layers{plots.Line{Y: []int{1, 4, 9, 16, 25}}}},
		"log": plots.Figure{Title: "Sorting random integers", X: plots.Axis{Label: "n", Log: true}, Y: plots.Axis{Label: "time", Unit: "s", Log: true},
			Layers: plots.Layers{
				plots.Line{Name: "slices.Sort", X: n, Y: ns, Markers: true},
				plots.Line{Name: "radix", X: n, Y: radix, Markers: true},
				plots.Line{Name: "book, 2014 laptop", X: n[:4], Y: []float64{9e-5, 1.2e-3, 0.015, 0.18}, Markers: true, Hollow: true}}},
		"band": plots.Figure{Title: "Band, gap and step <&>", X: plots.Axis{Label: "angle", Unit: "rad"}, Y: plots.Axis{Label: "amplitude", Unit: "V"},
			Layers: plots.Layers{
				plots.Line{Name: "sin", X: xs, Y: sine, Low: low, High: high},
				plots.Line{Name: "cos", X: xs, Y: cosine},
				plots.Line{Name: "step", X: []int{0, 2, 5, 8, 10}, Y: []float64{-1, -0.5, 0.25, 0, 1.2}, Step: true}}},
		"scatter": plots.Figure{X: plots.Axis{Label: "load"}, Y: plots.Axis{Label: "latency", Unit: "s"},
			Layers: plots.Layers{plots.Scatter{Name: "requests", X: cx, Y: scaled(cy, 1e-6)}}},
		"bars": plots.Figure{Title: "Julia set, 1000 × 1000, 300 iterations", Y: plots.Axis{Label: "time", Unit: "s"},
			Layers: plots.Layers{plots.Bars{Labels: []string{"CPython", "Numba", "gcc -O3", "Go", "Go, SIMD"},
				Values: []float64{3.91, 0.095, 0.097, 0.101, 0.013}, Numbers: true}}},
		"grouped": plots.Figure{Y: plots.Axis{Label: "speed-up", Unit: "×"}, Layers: plots.Layers{
			plots.Bars{Name: "1 core", Labels: []string{"map", "sort", "hash"}, Values: []float64{1, 1.4, -0.3}, Low: []float64{0.9, 1.3, -0.4}, High: []float64{1.1, 1.5, -0.2}},
			plots.Bars{Name: "2 cores", Labels: []string{"map", "sort", "hash"}, Values: []float64{1.9, 2.2, 0.5}},
			plots.Bars{Name: "book", Labels: []string{"map", "sort", "hash"}, Values: []float64{1.5, 2, 0.7}, Hollow: true}}},
		"horizontal": plots.Figure{X: plots.Axis{Label: "allocated", Unit: "B"}, Layers: plots.Layers{plots.Bars{Horizontal: true, Numbers: true,
			Values: map[string]int{"runtime.mallocgc": 52_000_000, "encoding/json.(*Decoder).Decode": 31_000_000, "main.load": 4_200_000}}}},
		"longnames": plots.Figure{Layers: plots.Layers{plots.Bars{Labels: []string{"a rather long name", "another one, longer still by far", "short", "日本語のラベル", "the fifth of them", "sixth bar", "seventh bar", "eighth"},
			Values: []int{3, 1, 4, 1, 5, 9, 2, 6}}}},
		"heat": plots.Figure{Title: "Diffusion", X: plots.Axis{Label: "x", Unit: "m"}, Y: plots.Axis{Label: "y", Unit: "m"},
			Layers: plots.Layers{plots.Heat{Name: "temperature", Unit: "K", Z: field, X: [2]float64{0, 6}, Y: [2]float64{0, 4}}}},
		"smallheat": plots.Figure{Layers: plots.Layers{plots.Heat{Z: [][]int{{1, 10, 100}, {1000, 10000, 100000}}, Log: true}}},
		"image":     plots.Figure{X: plots.Axis{Label: "Re"}, Y: plots.Axis{Label: "Im"}, Layers: plots.Layers{plots.Image{Image: julia(200), X: [2]float64{-1.8, 1.8}, Y: [2]float64{-1.8, 1.8}}}, Width: 4.5, Height: 4.2},
		"constant":  plots.Figure{Layers: plots.Layers{plots.Line{X: []int{1, 2}, Y: []float64{1e-9, 1e-9}, Name: "flat"}, plots.Line{X: []int{1}, Y: []float64{1e-9}, Name: "one point"}}},
		"small":     plots.Figure{Title: "small numbers", X: plots.Axis{Limits: [2]float64{2, 8}}, Layers: plots.Layers{plots.Line{X: xs, Y: scaled(sine, 1e-5), Name: "cut by limits"}}},
	}
	many := plots.Figure{Title: "Ten series"}
	for k := range 10 {
		var y []float64
		for i := range 20 {
			y = append(y, float64(k)+math.Sin(float64(i)/3+float64(k)))
		}
		many.Layers = append(many.Layers, plots.Line{Name: fmt.Sprintf("series number %d", k), Y: y, Markers: k%2 == 0})
	}
	fs["many"] = many
	return fs
}

func scaled(v []float64, f float64) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		out[i] = v[i] * f
	}
	return out
}

func julia(n int) image.Image {
	img := image.NewGray(image.Rect(0, 0, n, n))
	for y := range n {
		for x := range n {
			z, c, k := complex(float64(x)/float64(n)*3.6-1.8, float64(y)/float64(n)*3.6-1.8), complex(-0.62772, -0.42193), 0
			for ; k < 100 && real(z)*real(z)+imag(z)*imag(z) < 4; k++ {
				z = z*z + c
			}
			img.SetGray(x, y, color.Gray{uint8(k * 255 / 100)})
		}
	}
	return img
}

func encode(t testing.TB, f plots.Picture) plots.Data {
	t.Helper()
	d, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// families are the tables of pictures that have goldens, one for each file.
var families = []func() map[string]plots.Picture{figures, layoutFigures, timelines, statistics, listings, flameGraphs, placedBars, contests}

// allPictures are the pictures of all families in the order of their names.
func allPictures() iter.Seq2[string, plots.Picture] {
	all := map[string]plots.Picture{}
	for _, family := range families {
		maps.Copy(all, family())
	}
	return func(yield func(string, plots.Picture) bool) {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if !yield(name, all[name]) {
				return
			}
		}
	}
}

func TestGoldens(t *testing.T) {
	var page bytes.Buffer
	page.WriteString(`<meta charset="utf-8"><style>:root{color-scheme:light dark}body{margin:8px}
@media(prefers-color-scheme:dark){body{background:#111}}</style>`)
	for name, f := range allPictures() {
		t.Run(name, func(t *testing.T) {
			d := encode(t, f)
			got, err := SVG(d)
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, got)
			again, err := SVG(encode(t, f))
			if err != nil || !bytes.Equal(got, again) {
				t.Error("drawing twice gives two pictures")
			}
			path := filepath.Join("testdata", name+".svg")
			if *update {
				if err := os.WriteFile(path, got, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs; look at the new picture and run with -update", path)
			}
			pic, err := PNG(d)
			if err != nil {
				t.Fatal(err)
			}
			cfg, err := png.DecodeConfig(bytes.NewReader(pic))
			if err != nil || math.Abs(float64(cfg.Width)-d.Width*DPI) > 1 {
				t.Errorf("PNG is %v wide: %v", cfg.Width, err)
			}
			fmt.Fprintf(&page, "%s\n", got)
			if *gallery != "" {
				fmt.Fprintf(&page, "<img alt='' width='%v' src='data:image/png;base64,%s'>\n", d.Width*96, base64.StdEncoding.EncodeToString(pic))
			}
		})
	}
	if *gallery != "" {
		if err := os.WriteFile(*gallery, page.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// embedded is a picture within an SVG, in whose letters anything may stand.
var embedded = regexp.MustCompile(`href="data:[^"]*"`)

// wellFormed checks the SVG as XML and for what sanitisers refuse.
func wellFormed(t *testing.T, svg []byte) {
	t.Helper()
	for _, word := range []string{"<script", "<style", "<foreignObject", "http://", "https://", "NaN", "Inf", "onload"} {
		rest := strings.ReplaceAll(string(svg), "http://www.w3.org/2000/svg", "")
		rest = strings.NewReplacer("are NaN or infinite", "", "is NaN or infinite", "").Replace(rest)
		rest = embedded.ReplaceAllString(rest, "")
		if strings.Contains(rest, word) {
			t.Errorf("SVG holds %s", word)
		}
	}
	parses(t, svg)
}

// parses checks that a document is well-formed XML without broken numbers.
func parses(t *testing.T, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("SVG is not well formed: %v\n%s", err, svg)
		}
		if e, ok := token.(xml.StartElement); ok {
			for _, a := range e.Attr {
				if a.Name.Local != "aria-label" && a.Name.Local != "href" && (strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf")) {
					t.Fatalf("SVG has %s=%.100q", a.Name.Local, a.Value)
				}
			}
		}
	}
}

func TestColoursReadOnBothThemes(t *testing.T) {
	white, dark := color.NRGBA{255, 255, 255, 255}, color.NRGBA{0x11, 0x11, 0x11, 255}
	for _, c := range palette {
		if a, b := contrast(c, white), contrast(c, dark); a < 3 || b < 3 {
			t.Errorf("%v has contrast %.2f on white and %.2f on dark", c, a, b)
		}
	}
	if a, b := contrast(adaptive().ink, white), contrast(adaptive().ink, dark); a < 4.2 || b < 4.2 {
		t.Errorf("text has contrast %.2f on white and %.2f on dark", a, b)
	}
}

func TestBundle(t *testing.T) {
	f := figures()["log"]
	b := Bundle(display.Format(f))
	if svg, ok := b.Data["image/svg+xml"].(string); !ok || !strings.HasPrefix(svg, "<svg ") {
		t.Errorf("svg: %.40v", b.Data["image/svg+xml"])
	}
	if pic, ok := b.Data["image/png"].(string); !ok || !strings.HasPrefix(pic, "iVBOR") {
		t.Errorf("png: %.40v", b.Data["image/png"])
	}
	if text := b.Data["text/plain"].(string); !strings.HasPrefix(text, "Sorting random integers\n") {
		t.Errorf("text: %s", text)
	}

	// The bundle as it comes out of a message between processes.
	raw, err := json.Marshal(display.Format(plots.Line{Y: []int{1, 2}}))
	if err != nil {
		t.Fatal(err)
	}
	var sent display.Bundle
	if err := json.Unmarshal(raw, &sent); err != nil {
		t.Fatal(err)
	}
	if b := Bundle(sent); b.Data["image/svg+xml"] == nil {
		t.Errorf("after a message: %v", b.Data["text/plain"])
	}
	if len(sent.Data) != 2 {
		t.Error("Bundle changed its argument")
	}
	plain := display.Format(3)
	if b := Bundle(plain); len(b.Data) != 1 {
		t.Errorf("a number became %v", b.Data)
	}
}

func TestForeignData(t *testing.T) {
	good := func() plots.Data { return encode(t, plots.Figure{Layers: plots.Layers{plots.Line{Y: []int{1, 2}}}}) }
	for name, spoil := range map[string]func(*plots.Data){
		"version":   func(d *plots.Data) { d.Version = 9 },
		"size":      func(d *plots.Data) { d.Width = 1e9 },
		"nan size":  func(d *plots.Data) { d.Height = math.NaN() },
		"axis":      func(d *plots.Data) { d.X.Min = math.Inf(-1) },
		"log":       func(d *plots.Data) { d.Y.Log, d.Y.Min = true, 0 },
		"lengths":   func(d *plots.Data) { d.Layers[0].X = nil },
		"kind":      func(d *plots.Data) { d.Layers[0].Kind = "hologram" },
		"no field":  func(d *plots.Data) { d.Layers[0].Kind = plots.KindHeat },
		"bad image": func(d *plots.Data) { d.Layers[0].Kind, d.Layers[0].PNG = plots.KindImage, []byte("x") },
	} {
		d := good()
		spoil(&d)
		if _, err := SVG(d); err == nil {
			t.Errorf("%s: drawn", name)
		}
		if _, err := PNG(d); err == nil {
			t.Errorf("%s: drawn as PNG", name)
		}
	}
	b := Bundle(display.Bundle{Data: map[string]any{plots.MIME: "junk", "text/plain": "figure"}})
	if text := b.Data["text/plain"].(string); !strings.HasPrefix(text, "figure\n(not drawn: read figure: ") {
		t.Errorf("text %q", text)
	}
}

func FuzzDraw(f *testing.F) {
	for _, fig := range []plots.Picture{figures()["log"], figures()["grouped"], figures()["smallheat"],
		layoutFigures()["marks"], layoutFigures()["stacked-signs"], layoutFigures()["heat-diverging"], layoutFigures()["grid-own"], layoutFigures()["table"],
		statistics()["hist-log"], statistics()["box-flat"], statistics()["violin-two"], statistics()["strip-box"], statistics()["growth-few"], listings()["source"]} {
		raw, err := json.Marshal(encode(f, fig))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(drawsOrRefuses)
}

// drawsOrRefuses draws data from anywhere, or gives a reason that isn't a panic.
func drawsOrRefuses(t *testing.T, raw []byte) {
	var d plots.Data
	if json.Unmarshal(raw, &d) != nil {
		return
	}
	svg, err := SVG(d)
	if err != nil {
		if strings.Contains(err.Error(), "panic") {
			t.Fatal(err)
		}
		return
	}
	parses(t, svg)
	if d.Width*d.Height > 60 {
		return // takes long
	}
	if _, err := PNG(d); err != nil {
		t.Fatalf("SVG is drawn, PNG isn't: %v", err)
	}
}

// FuzzFigure draws what a user may hand over: any floats, any axes.
func FuzzFigure(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 4.0, uint16(0), "name")
	f.Add(1e300, -1e300, 5e-324, 0.0, uint16(3), "<&>\x00")
	f.Add(1.0, 1.0000000000000002, 1e16, 1e16+2, uint16(7), "\xff")
	f.Fuzz(func(t *testing.T, a, b, c, d float64, bits uint16, name string) {
		on := func(k int) bool { return bits>>k&1 == 1 }
		x, y := []float64{a, b, c}, []float64{d, c, b}
		all := plots.Layers{
			plots.Line{Name: name, X: x, Y: y, Low: x, High: y, Step: on(3), Markers: on(4), Hollow: on(5)},
			plots.Scatter{Name: name, X: x, Y: y, Hollow: on(5)},
			plots.Bars{Name: name, Labels: []string{name, "b" + name, "c"}, Values: y, Low: x, High: y, Horizontal: on(3), Numbers: on(4)},
			plots.Heat{Name: name, Z: [][]float64{x, y}, Log: on(2), X: [2]float64{a, b}, Unit: name},
		}
		fig := plots.Figure{Title: name, X: plots.Axis{Log: on(0), Label: name, Unit: name}, Y: plots.Axis{Log: on(1), Zero: on(6)},
			Layers: all[bits>>8%4:][:1]}
		if on(7) {
			fig.X.Limits = [2]float64{c, d}
		}
		data, err := fig.Encode()
		if err != nil {
			return
		}
		svg, err := SVG(data)
		if err != nil {
			if !strings.Contains(err.Error(), "too small for its labels") {
				t.Fatalf("%v: %+v", err, data)
			}
			return
		}
		parses(t, svg)
	})
}

func BenchmarkMillionPoints(b *testing.B) {
	y := make([]float64, 1_000_000)
	var gen noise = 3
	for i := range y {
		y[i] = gen.next()
	}
	b.ReportAllocs()
	for b.Loop() {
		Bundle(display.Format(plots.Line{Y: y}))
	}
}

func BenchmarkLogFigure(b *testing.B) {
	f := figures()["log"]
	for b.Loop() {
		Bundle(display.Format(f))
	}
}
