package plots

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

type promoted struct{ Took float64 }

type outer struct {
	promoted
	N int
}

type linked struct{ *Inner }

// Inner is exported, since an embedded pointer is only followed if it is.
type Inner struct{ Took float64 }

func ptr[T any](v T) *T { return &v }

func TestColumnsOfManyTypes(t *testing.T) {
	for name, c := range map[string]struct {
		data, v any
		want    []float64
		names   []string
	}{
		"pointers":        {nil, []*float64{ptr(1.0), nil, ptr(3.0)}, []float64{1, math.NaN(), 3}, nil},
		"mixed numbers":   {nil, []any{1, 2.5, nil, uint8(3), ptr(4)}, []float64{1, 2.5, math.NaN(), 3, 4}, nil},
		"any durations":   {nil, []any{time.Second, nil}, []float64{1, math.NaN()}, nil},
		"any names":       {nil, []any{"a", "b", nil}, nil, []string{"a", "b", ""}},
		"bools":           {nil, []bool{true, false}, nil, []string{"true", "false"}},
		"promoted field":  {[]outer{{promoted{2}, 1}, {promoted{3}, 1}}, "Took", []float64{2, 3}, nil},
		"embedded nil":    {[]linked{{&Inner{2}}, {nil}}, "Took", []float64{2, math.NaN()}, nil},
		"pointer to rows": {&[]outer{{N: 4}}, "N", []float64{4}, nil},
	} {
		got, err := columnOf(c.data, c.v)
		same := slices.EqualFunc(got.v, c.want, func(a, b float64) bool { return a == b || a != a && b != b })
		if err != nil || !same || !slices.Equal(got.labels, c.names) {
			t.Errorf("%s: %v %q %v", name, got.v, got.labels, err)
		}
	}
	for want, v := range map[string]any{
		"mixes int, its value 1, with string, its value 3":            []any{1, 2, "x"},
		"mixes time.Duration, its value 1, with int, its value 2":     []any{time.Second, 5, 2.5},
		"holds plots.promoted, which is no number":                    []any{promoted{}},
		"holds *plots.promoted, which is no number":                   []**promoted{ptr(&promoted{})},
		"holds time.Time, which only stands along X; use durations s": []time.Time{time.Now()},
	} {
		want = strings.ReplaceAll(want, "*plots", "plots") // it is what the pointers lead to
		if _, err := columnOf(nil, v); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%T: %v, want %s", v, err, want)
		}
	}
}

func TestKeysOfManyTypes(t *testing.T) {
	for _, v := range []any{map[any]int{"a": 1, "b": 2}, map[bool]int{true: 2, false: 1}} {
		keys, values, err := mapColumns(v)
		if err != nil || len(keys.labels) != 2 || values.v[0] != 1 || values.v[1] != 2 {
			t.Errorf("%T: %v %v %v", v, keys, values, err)
		}
	}
	if _, _, err := mapColumns(map[string]any{"a": time.Second, "b": 2}); err == nil || !strings.Contains(err.Error(), "mixes time.Duration") {
		t.Error(err)
	}
}

// TestMoments draws times of day as seconds since the first.
func TestMoments(t *testing.T) {
	start := time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)
	at := []time.Time{start.Add(2 * time.Second), start, {}, start.Add(time.Minute)}
	d, err := Figure{Layers: Layers{
		Line{X: at, Y: []int{1, 2, 3, 4}},
		Scatter{Name: "b", X: []any{start.Add(90 * time.Second)}, Y: []int{5}},
		Bars{Values: map[time.Time]int{start.Add(30 * time.Second): 3}},
		Rule{X: start.Add(time.Minute), Label: "deploy"},
	}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if d.X.Label != "time since 2026-11-21 04:00:00" || d.X.Unit != "s" || d.X.Max != 90 {
		t.Errorf("axis %+v", d.X)
	}
	if x := d.Layers[0].X; x[0] != 2 || x[1] != 0 || !math.IsNaN(x[2]) || x[3] != 60 || d.Layers[1].X[0] != 90 || d.Layers[2].X[0] != 30 || d.Layers[3].Mark.X != 60 {
		t.Errorf("layers %+v", d.Layers)
	}
	type entry struct {
		At   time.Time
		Took int
	}
	d, err = Figure{Layers: Layers{Line{Data: []entry{{start, 1}, {start.Add(time.Hour), 2}}, X: "At", Y: "Took"}}}.Encode()
	if err != nil || d.X.Label != "At, since 2026-11-21 04:00:00" {
		t.Error(d.X.Label, err)
	}
	for want, f := range map[string]Figure{
		`line "b": moments of time.Time and other values can't share an axis`: {Layers: Layers{Line{X: at[:2], Y: []int{1, 2}}, Line{Name: "b", X: []time.Duration{1}, Y: []int{1}}}},
		"line: Y holds time.Time, which only stands along X":                  {Layers: Layers{Line{Y: at}}},
		"hist: Values holds time.Time, which only stands along X":             {Layers: Layers{Hist{Values: at}}},
		"line: all of its 1 values are NaN":                                   {Layers: Layers{Line{X: []time.Time{{}}, Y: []int{1}}}},
	} {
		if _, err := f.Encode(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestSharedMoments: panels that share the x axis count from the same moment.
func TestSharedMoments(t *testing.T) {
	start := time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)
	panel := func(after time.Duration) Figure {
		return Figure{Layers: Layers{Line{X: []time.Time{start.Add(after), start.Add(after + time.Second)}, Y: []int{1, 2}}}}
	}
	d, err := Grid{ShareX: true, Panels: []Figure{panel(10 * time.Second), panel(0)}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for i, from := range []float64{10, 0} {
		p := d.Grid.Panels[i]
		if p.Layers[0].X[0] != from || p.X.Label != "time since 2026-11-21 04:00:00" {
			t.Errorf("panel %d: %v, %q", i, p.Layers[0].X, p.X.Label)
		}
	}
	if _, err := (Grid{ShareX: true, Panels: []Figure{panel(0), {Layers: Layers{Line{Y: []int{1}}}}}}).Encode(); err == nil {
		t.Error("moments share an axis with numbers")
	}
}
