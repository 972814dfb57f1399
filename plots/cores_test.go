package plots

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

func TestCoresTimes(t *testing.T) {
	use := [][]float64{{10, 20, 30}, {40, 50, 60}}
	ms := time.Millisecond
	for name, tt := range map[string]struct {
		times  any
		x0, x1 float64
		row    string
		note   string
	}{
		"none":    {nil, 0, 3, "[10 20 30]", ""},
		"ends":    {[]time.Duration{10 * ms, 20 * ms, 30 * ms}, 0, 0.03, "[10 20 30]", ""},
		"edges":   {[]float64{1, 2, 3, 4}, 1, 4, "[10 20 30]", ""},
		"jitter":  {[]float64{1, 2, 2.99, 4}, 1, 4, "[10 20 30]", ""},
		"uneven":  {[]float64{0, 1, 3, 4}, 0, 4, "[10 20 20 30]", "3 stretches of time are drawn as their means in 4 columns"},
		"between": {[]float64{0, 2, 3.5, 4.5}, 0, 4.5, "[10 10 18 21 30]", "3 stretches of time are drawn as their means in 5 columns"},
	} {
		f := Cores{Use: use, T: tt.times, Notes: []string{"mine"}}.Figure()
		h, ok := f.Layers[0].(Heat)
		if !ok {
			t.Errorf("%s: %+v", name, f.Layers[0])
			continue
		}
		row := fmt.Sprintf("%.0f", h.Z.([][]float64)[0])
		if h.X != [2]float64{tt.x0, tt.x1} || row != tt.row || strings.Join(h.Rows, ",") != "cpu0,cpu1" || strings.Join(f.Notes[1:], "") != tt.note {
			t.Errorf("%s: %v, %s, %q, notes %q", name, h.X, row, h.Rows, f.Notes)
		}
		if _, err := f.Encode(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestManyStretches(t *testing.T) {
	use := [][]float64{make([]float64, 10_000), make([]float64, 10_000)}
	for i := range use[0] {
		use[0][i], use[1][i] = 100*float64(i%2), math.NaN()
	}
	use[1][0] = 7
	d, err := Cores{Use: use, Names: []string{"fast", "slow"}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if h := d.Layers[0].Heat; h.Rows != 2 || h.Cols != 1000 || h.Min != 0 || h.Max != 100 {
		t.Errorf("%d x %d from %v to %v", h.Rows, h.Cols, h.Min, h.Max)
	}
	if len(d.Notes) != 2 || d.Notes[0] != "10,000 stretches of time are drawn as their means in 1,000 columns" {
		t.Errorf("notes %q", d.Notes)
	}
}

func TestBadCores(t *testing.T) {
	one := [][]float64{{1, 2}}
	for name, tt := range map[string]struct {
		c    Cores
		want string
	}{
		"nothing":    {Cores{}, "cores: Use: Z is nil, not rows of numbers"},
		"empty":      {Cores{Use: [][]float64{}}, "cores: Use: Z has no values"},
		"ragged":     {Cores{Use: [][]float64{{1}, {1, 2}}}, "cores: Use: row 1 has 2 values and row 0 has 1"},
		"names":      {Cores{Use: one, Names: []string{"a", "b"}}, "cores: Use has 1 rows and there are 2 Names"},
		"times":      {Cores{Use: one, T: []int{1}}, "cores: Use has 2 columns and T has 1 values"},
		"words":      {Cores{Use: one, T: []string{"a", "b"}}, "cores: T holds names"},
		"no times":   {Cores{Use: one, T: 3}, "cores: T is int, not a slice of numbers"},
		"descending": {Cores{Use: one, T: []int{2, 1}}, "cores: T doesn't ascend: 1 comes after 2"},
		"nan":        {Cores{Use: one, T: []float64{1, math.NaN()}}, "cores: T doesn't ascend: NaN comes after 1"},
		"no numbers": {Cores{Use: [][]float64{{math.NaN()}}}, `heat map "use": none of its 1 value can be drawn`},
	} {
		_, err := tt.c.Encode()
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %s", name, err, tt.want)
		}
		if text := tt.c.String(); !strings.HasPrefix(text, "plot error: ") {
			t.Errorf("%s: text %q", name, text)
		}
	}
}

func TestMeansStayWithinTheirValues(t *testing.T) {
	var use, edges []float64
	edges = append(edges, 0)
	for i := range 50 {
		use, edges = append(use, 100), append(edges, edges[i]+0.1+0.001*float64(i%7))
	}
	for _, v := range means(use, edges, 37) {
		if v != 100 {
			t.Fatalf("the mean of hundreds is %v", v)
		}
	}
}
