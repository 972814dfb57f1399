package plots

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// TestDensityOfHeavyTails: the shape of the bulk is found although a few values
// make the axis ten thousand times as long.
func TestDensityOfHeavyTails(t *testing.T) {
	var gen lcg = 3
	values := make([]float64, 10_000)
	for i := range values {
		values[i] = math.Abs(math.Tan(math.Pi * (gen.next() - 0.5)))
	}
	d, err := Figure{Layers: Layers{Density{Values: values}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	l := d.Layers[0]
	if top := rangeOf(l.Y).max; top < 0.55 || top > 0.7 { // of |Cauchy|: 2/π
		t.Errorf("the density's peak is %v, want about 0.64", top)
	}
	if len(l.X) > 4*kdePoints || !slices.IsSorted(l.X) {
		t.Errorf("%d points, in order %v", len(l.X), slices.IsSorted(l.X))
	}
	if notes := strings.Join(d.Notes, "\n"); !strings.Contains(notes, "of the values are in a hundredth of their range; a log x axis would spread them") {
		t.Errorf("notes %q", notes)
	}
}

func TestDensitySaysItIsCoarse(t *testing.T) {
	for want, l := range map[string]Density{
		"density: smoothed over 3.81 instead of 0.001, which is too fine for values that reach so far": {Values: []float64{1, 2, 3, 1e6}, Bandwidth: 0.001},
		`density "w": smoothed over`: {Name: "w", Values: []float64{0, 1, 2, 3, 4, 5, 6, 7, 1e12}},
	} {
		d, err := Figure{Layers: Layers{l}}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if notes := strings.Join(d.Notes, "\n"); !strings.Contains(notes, want) {
			t.Errorf("notes %q, want %q", notes, want)
		}
	}
}
