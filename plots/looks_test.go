package plots

import (
	"strings"
	"testing"
)

func TestRepeatedLooksAreNoted(t *testing.T) {
	for _, c := range []struct {
		n     int
		layer Layer
		want  string
	}{
		{32, Line{Y: []int{1, 2}}, ""},
		{50, Line{Y: []int{1, 2}}, "50 lines have 32 looks, which repeat"},
		{25, Scatter{Y: []int{1, 2}}, "25 scatters have 24 looks, which repeat"},
		{8, Bars{Values: []int{1, 2}}, ""},
		{9, Bars{Values: []int{1, 2}}, "9 bars have 8 looks, which repeat"},
	} {
		f := Figure{}
		for range c.n {
			f.Layers = append(f.Layers, c.layer)
		}
		d, err := f.Encode()
		notes := strings.Join(d.Notes, "\n")
		if err != nil || !strings.HasPrefix(notes, c.want) || c.want == "" && notes != "" {
			t.Errorf("%d of %T: notes %q, want %q: %v", c.n, c.layer, notes, c.want, err)
		}
	}
}

// TestTextsStaySafeAndShort: no control characters and no endless labels get
// into what screen readers and terminals show.
func TestTextsStaySafeAndShort(t *testing.T) {
	d, err := Figure{Title: "a\x1b[2Jb", Layers: Layers{
		Line{Name: "x\x00y", Y: []int{1, 2}},
		Text{X: 1, Y: 1, Text: strings.Repeat("long ", 2000)},
	}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{d.Alt, d.Summary()} {
		if strings.ContainsAny(s, "\x1b\x00") || len(s) > 600 {
			t.Errorf("%d bytes: %.300q", len(s), s)
		}
	}
}

func TestBarTexts(t *testing.T) {
	text := Figure{Layers: Layers{Bars{Values: map[string]float64{"a": 50, "b": -100, "c": nan()}}}}.String()
	for _, want := range []string{"  a ███████████████                50\n", "  b " + strings.Repeat("░", 30) + " -100\n", "–\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}
