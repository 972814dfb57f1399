package bench

import (
	"strings"
	"testing"

	"hpgo/kernel/cell"
)

// TestCompleteTexts checks that every text has one cursor and every cell parses.
func TestCompleteTexts(t *testing.T) {
	for _, text := range completeTexts {
		if strings.Count(text, "|") != 1 {
			t.Errorf("%q doesn't have one cursor", text)
		}
	}
	for _, c := range completeCells {
		if _, errs := cell.Parse(c); len(errs) > 0 {
			t.Errorf("%q: %v", c, errs)
		}
	}
}

func TestSpread(t *testing.T) {
	r := &Report{}
	r.spread("x", []float64{3, 1, 2}, "note")
	want := []Figure{{"x, p50", 2, "s", "note"}, {"x, p95", 2, "s", ""}, {"x, longest", 3, "s", ""}}
	if len(r.Figures) != len(want) {
		t.Fatalf("%d figures", len(r.Figures))
	}
	for i, f := range r.Figures {
		if f != want[i] {
			t.Errorf("got %v, want %v", f, want[i])
		}
	}
}
