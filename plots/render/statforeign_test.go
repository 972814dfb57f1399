package render

import (
	"math"
	"testing"

	"hpgo/plots"
)

func TestForeignStatistics(t *testing.T) {
	all := statistics()
	for name, c := range map[string]struct {
		picture string
		spoil   func(*plots.Data)
	}{
		"no bins":            {"hist", func(d *plots.Data) { d.Layers[0].X, d.Layers[0].Y, d.Layers[0].Right = nil, nil, nil }},
		"bins without ends":  {"hist", func(d *plots.Data) { d.Layers[0].Right = nil }},
		"bins at infinity":   {"hist", func(d *plots.Data) { d.Layers[0].X[0] = math.Inf(-1) }},
		"bins below zero":    {"hist-log", func(d *plots.Data) { d.Layers[0].X[0] = -1 }},
		"counts of zero":     {"hist-log", func(d *plots.Data) { d.Layers[0].Y[0] = 0 }},
		"box below zero":     {"box-flat", func(d *plots.Data) { d.Layers[0].Boxes[0].Low = 0 }},
		"box at infinity":    {"box", func(d *plots.Data) { d.Layers[0].Boxes[0].Q3 = math.Inf(1) }},
		"outlier below zero": {"box-flat", func(d *plots.Data) { d.Layers[0].Boxes[0].Out = plots.Numbers{-1} }},
		"wide box":           {"box", func(d *plots.Data) { d.Layers[0].Width = math.NaN() }},
		"violin of nothing":  {"violin", func(d *plots.Data) { d.Layers[0].Violins[0].Y = nil }},
		"violin's lengths":   {"violin", func(d *plots.Data) { d.Layers[0].Violins[0].Density = plots.Numbers{1} }},
		"violin below zero":  {"violin", func(d *plots.Data) { d.Layers[0].Violins[0].Y[0] = -2 }},
		"strip's lengths":    {"strip", func(d *plots.Data) { d.Layers[0].X = nil }},
		"line below zero":    {"fit-power", func(d *plots.Data) { d.Layers[1].Low[0] = -2 }},
	} {
		d := encode(t, all[c.picture])
		c.spoil(&d)
		if _, err := SVG(d); err == nil || len(err.Error()) > 200 {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What draws nothing odd is no error.
	d := encode(t, all["violin"])
	d.Layers[0].Boxes = nil
	d.Layers[0].Violins = append(d.Layers[0].Violins, plots.ViolinData{At: 1e9, Median: 1, Y: plots.Numbers{1, 2}, Density: plots.Numbers{0, 1}})
	if _, err := SVG(d); err != nil {
		t.Error(err)
	}
}

// TestManyValuesStaySmall draws a hundred thousand values in each of the ways.
func TestManyValuesStaySmall(t *testing.T) {
	var gen noise = 3
	v := make([]float64, 100_000)
	for i := range v {
		v[i] = math.Exp(2 * gen.normal())
	}
	for name, l := range map[string]plots.Layer{"hist": plots.Hist{Values: v}, "density": plots.Density{Values: v}, "box": plots.Box{Values: v},
		"strip": plots.Strip{Values: v}, "violin": plots.Violin{Values: v}, "fit": plots.Scatter{Y: v, Fit: true}} {
		for _, log := range []bool{false, true} {
			f := alone(l)
			switch name {
			case "hist", "density":
				f.X.Log = log
			default:
				f.Y.Log = log
			}
			svg, err := SVG(encode(t, f))
			if err != nil {
				t.Fatal(err)
			}
			if len(svg) > 300_000 {
				t.Errorf("%s, log %v: %d bytes", name, log, len(svg))
			}
		}
	}
}
