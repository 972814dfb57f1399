package display

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite golden files")

type point struct{ X, Y int }

type celsius float64

type person struct {
	Name string
	Age  int
	tags []string
	next *person
}

type shout string

func (s shout) String() string { return strings.ToUpper(string(s)) }

type broken struct{}

func (broken) String() string { panic("boom") }

type page struct{ title string }

func (p *page) HTML() string { return "<h1>" + p.title + "</h1>" }

type brokenPage struct{}

func (brokenPage) HTML() string { panic("no page") }
func (brokenPage) SVG() string  { return "<svg/>" }

type full struct{}

func (full) MIMEBundle() map[string]any {
	return map[string]any{"text/plain": "all of it", "application/json": map[string]int{"a": 1}, "image/png": []byte{1, 2}}
}
func (full) Markdown() string { return "*x*" }
func (full) LaTeX() string    { return "$x$" }
func (full) PNG() []byte      { return []byte{3} }
func (full) JPEG() []byte     { return []byte{4} }

func textOf(t *testing.T, b Bundle) string {
	t.Helper()
	s, ok := b.Data[mimeText].(string)
	if !ok {
		t.Fatalf("no text/plain in %v", b.Data)
	}
	return s
}

func TestPrettyText(t *testing.T) {
	loop := &person{Name: "a"}
	loop.next = loop
	ring := []any{1, nil}
	ring[1] = ring
	long := make([]int, 10000)
	for i := range long {
		long[i] = i
	}
	n := 7
	var nilErr error
	var nilPerson *person
	var nilShout *shout
	tests := []struct {
		name string
		v    any
		want string
	}{
		{"nil", nil, "<nil>"},
		{"nil error", nilErr, "<nil>"},
		{"int", 33219980, "33219980"},
		{"negative", int8(-3), "-3"},
		{"uint", uint64(math.MaxUint64), "18446744073709551615"},
		{"float", 1.5, "1.5"},
		{"float32", float32(0.1), "0.1"},
		{"whole float", 2.0, "2"},
		{"nan", math.NaN(), "NaN"},
		{"inf", math.Inf(-1), "-Inf"},
		{"complex", 1 + 2i, "(1+2i)"},
		{"bool", true, "true"},
		{"string", "hi\n\"x\"", `"hi\n\"x\""`},
		{"bad utf8", "a\xffb", `"a\xffb"`},
		{"rune", 'x', "120"},
		{"named number", celsius(36.6), "36.6"},
		{"duration", 1500 * time.Millisecond, "1.5s"},
		{"month", time.May, "May"},
		{"error", errors.New("no such thing"), "no such thing"},
		{"stringer", shout("hey"), "HEY"},
		{"nil stringer", nilShout, "<nil>"},
		{"panicking stringer", broken{}, "%!v(PANIC=String method: boom)"},
		{"struct", point{1, 2}, "display.point{X:1, Y:2}"},
		{"pointer", &point{1, 2}, "&display.point{X:1, Y:2}"},
		{"pointer to int", &n, "&7"},
		{"nil pointer", nilPerson, "<nil>"},
		{"unexported fields", person{Name: "Ann", tags: []string{"x"}}, `display.person{Name:"Ann", Age:0, tags:[]string{"x"}, next:<nil>}`},
		{"cycle", loop, `&display.person{Name:"a", Age:0, tags:[]string(nil), next:<cycle *display.person>}`},
		{"slice cycle", ring, `[]any{1, <cycle []any>}`},
		{"slice", []int{1, 2, 3}, "[]int{1, 2, 3}"},
		{"nil slice", []int(nil), "[]int(nil)"},
		{"empty slice", []string{}, "[]string{}"},
		{"array", [2]bool{true, false}, "[2]bool{true, false}"},
		{"nested slices", [][]int{{1}, {2, 3}}, "[][]int{{1}, {2, 3}}"},
		{"slice of pointers", []*point{{1, 2}, nil}, "[]*display.point{&{X:1, Y:2}, <nil>}"},
		{"any", []any{1, "a", nil, point{}}, `[]any{1, "a", <nil>, display.point{X:0, Y:0}}`},
		{"map", map[string]int{"b": 2, "a": 1}, `map[string]int{"a":1, "b":2}`},
		{"map of any", map[any]any{2: "x", "k": 1.5, true: nil}, `map[any]any{true:<nil>, 2:"x", "k":1.5}`},
		{"nil map", map[string]bool(nil), "map[string]bool(nil)"},
		{"struct keys", map[point]string{{2, 1}: "b", {1, 2}: "a"}, `map[display.point]string{{X:1, Y:2}:"a", {X:2, Y:1}:"b"}`},
		{"bytes", []byte("hello"), `[]byte("hello")`},
		{"binary", []byte{0, 255}, "[]byte{0, 255}"},
		{"func", strings.ToUpper, "func(string) string"},
		{"variadic", fmt.Sprint, "func(...any) string"},
		{"nil func", (func(int) error)(nil), "func(int) error(nil)"},
		{"chan", make(chan int, 4), "chan int (len 0, cap 4)"},
		{"nil chan", (chan<- int)(nil), "chan<- int(nil)"},
		{"anonymous", struct {
			A int `json:"a"`
		}{1}, "struct { A int }{A:1}"},
		{"empty struct", struct{}{}, "struct {}{}"},
		{"nan keys", map[float64]int{math.NaN(): 1}, "map[float64]int{NaN:1}"},
		{"wide", []string{"日本", "é"}, `[]string{"日本", "é"}`},
		{"time", time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), "2026-05-01 00:00:00 +0000 UTC"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := PrettyText(tt.v); got != tt.want {
				t.Errorf("PrettyText = %s\nwant %s", got, tt.want)
			}
		})
	}
	if got := PrettyText(long); !strings.Contains(got, "… 9,980 more …") || !strings.HasSuffix(got, "9999,\n}") && !strings.HasSuffix(got, "9999}") {
		t.Errorf("long slice: %s", got)
	}
}

func TestPrettyLimits(t *testing.T) {
	deep := any(1)
	for range 1000 {
		deep = []any{deep}
	}
	if got := PrettyText(deep); len(got) > 500 || !strings.Contains(got, "…") {
		t.Errorf("deep value: %d bytes: %.200s", len(got), got)
	}
	if got := PrettyText(strings.Repeat("é", 1_000_000)); len(got) > maxText+100 || !strings.Contains(got, "more bytes") {
		t.Errorf("long string: %d bytes", len(got))
	}
	wide := make([][]string, 1000)
	for i := range wide {
		wide[i] = []string{strings.Repeat("x", 5000), "y"}
	}
	if got := PrettyText(wide); len(got) > maxText+100 {
		t.Errorf("wide value: %d bytes", len(got))
	}
	big := map[int]int{}
	for i := range 2 * sortedKeys {
		big[i] = i
	}
	if got := PrettyText(big); len(got) > 2000 || !strings.Contains(got, "more") {
		t.Errorf("big map: %.300s", got)
	}
}

func TestFormatRich(t *testing.T) {
	tests := []struct {
		name string
		v    any
		want map[string]any
	}{
		{"html", HTML("<b>x</b>"), map[string]any{mimeHTML: "<b>x</b>", mimeText: "<b>x</b>"}},
		{"markdown", Markdown("*x*"), map[string]any{mimeMarkdown: "*x*", mimeText: "*x*"}},
		{"latex", LaTeX("$x$"), map[string]any{mimeLaTeX: "$x$", mimeText: "$x$"}},
		{"text", Text("plain"), map[string]any{mimeText: "plain"}},
		{"svg", SVG("<svg/>"), map[string]any{mimeSVG: "<svg/>", mimeText: "SVG picture, 6 bytes"}},
		{"png", PNG("abc"), map[string]any{mimePNG: "YWJj", mimeText: "PNG picture, 3 bytes"}},
		{"jpeg", JPEG("abc"), map[string]any{mimeJPEG: "YWJj", mimeText: "JPEG picture, 3 bytes"}},
		{"json", JSON(map[string]int{"a": 1}), map[string]any{mimeJSON: json.RawMessage(`{"a":1}`), mimeText: `{"a":1}`}},
		{"raw json", json.RawMessage(`[1]`), map[string]any{mimeJSON: json.RawMessage(`[1]`), mimeText: `[1]`}},
		{"broken raw json", json.RawMessage(`[1`), map[string]any{mimeText: `[1`}},
		{"json of a channel", JSON(make(chan int)), map[string]any{mimeText: "chan int (len 0, cap 0)\n(not shown as JSON: json: unsupported type: chan int)"}},
		{"pointer method", &page{"t"}, map[string]any{mimeHTML: "<h1>t</h1>", mimeText: `&display.page{title:"t"}`}},
		{"value of pointer method", page{"t"}, map[string]any{mimeHTML: "<h1>t</h1>", mimeText: `&display.page{title:"t"}`}},
		{"nil with methods", (*page)(nil), map[string]any{mimeText: "<nil>"}},
		{"panicking method", brokenPage{}, map[string]any{mimeSVG: "<svg/>", mimeText: "display.brokenPage{}\n(HTML method: panic: no page)"}},
		{"all methods", full{}, map[string]any{mimeText: "all of it", mimeJSON: json.RawMessage(`{"a":1}`), mimePNG: "Aw==",
			mimeJPEG: "BA==", mimeMarkdown: "*x*", mimeLaTeX: "$x$"}},
		{"a bundle", Bundle{Data: map[string]any{"image/gif": []byte{1}}}, map[string]any{"image/gif": "AQ==", mimeText: "[image/gif]"}},
		{"invalid utf8", HTML("a\xff"), map[string]any{mimeHTML: "a\uFFFD", mimeText: "a\uFFFD"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Format(tt.v).Data
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("Format = %s\nwant %s", fmt.Sprint(got), fmt.Sprint(tt.want))
			}
		})
	}
}

func TestFormatImage(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 30, 20))
	img.Set(3, 4, color.RGBA{R: 255, A: 255})
	b := Format(img)
	if got := textOf(t, b); got != "image.RGBA 30x20" {
		t.Errorf("text = %q", got)
	}
	raw, err := base64.StdEncoding.DecodeString(b.Data[mimePNG].(string))
	if err != nil {
		t.Fatal(err)
	}
	back, err := png.Decode(strings.NewReader(string(raw)))
	if err != nil || back.Bounds() != img.Bounds() {
		t.Fatalf("decoded %v, %v", back, err)
	}
	if r, _, _, _ := back.At(3, 4).RGBA(); r != 0xffff {
		t.Errorf("red = %x", r)
	}
	for _, tt := range []struct {
		img  image.Image
		want string
	}{
		{image.NewGray(image.Rect(0, 0, 0, 5)), "image.Gray 0x5 (empty)"},
		{image.NewUniform(color.White), "image.Uniform 2000000000x2000000000 (too large to show)"},
		{(*image.RGBA)(nil), "<nil>"},
		{&image.RGBA{Rect: image.Rect(0, 0, 3, 3)}, "panic"},
	} {
		b := Format(tt.img)
		if got := textOf(t, b); !strings.Contains(got, tt.want) || b.Data[mimePNG] != nil {
			t.Errorf("text = %q, want %q", got, tt.want)
		}
	}
}

func TestSpellType(t *testing.T) {
	for in, want := range map[string]string{
		"main.Point":                            "Point",
		"*main.Point_v2":                        "*Point_v2",
		"map[string][]main.Point":               "map[string][]Point",
		"main.Pair[int,hpgo/session.Point]":     "Pair[int,Point]",
		"main.Pair[int,gonum.org/v1/m.Dense]":   "Pair[int,m.Dense]",
		"domain.Point":                          "domain.Point",
		"func(...interface {}) main.T":          "func(...any) T",
		"struct { A int \"main.x\"; B main.T }": "struct { A int; B T }",
		"<-chan main.T":                         "<-chan T",
		"chan<- main.T":                         "chan<- T",
		"mat.Dense":                             "mat.Dense",
	} {
		if got := spellType(in); got != want {
			t.Errorf("spellType(%q) = %q, want %q", in, got, want)
		}
	}
}

// golden compares got with testdata/name, which -update rewrites.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (run with -update to accept):\n%s", path, got)
	}
}
