package render

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"hpgo/plots"
)

// many are figures of 100,000 points a layer, of all shapes.
func many() map[string]plots.Picture {
	const n = 100_000
	var gen noise = 3
	x, up, down, noisy, walk, low, high, gaps, to, fro := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n),
		make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	at := 0.0
	for i := range n {
		noisy[i] = gen.next()
		at += gen.next()
		x[i], up[i], down[i], walk[i] = float64(i), float64(i+1), float64(n-i), at
		low[i], high[i] = at-5+noisy[i], at+5+gen.next()
		gaps[i] = noisy[i]
		if i%10 == 9 {
			gaps[i] = math.NaN()
		}
		to[i], fro[i] = math.Sin(float64(i)/700)+gen.next()/10, math.Cos(float64(i)/900)+gen.next()/10
	}
	positive := make([]float64, n)
	for i := range positive {
		positive[i] = math.Exp(walk[i] / 40)
	}
	log := func(l plots.Layer) plots.Figure {
		return plots.Figure{X: plots.Axis{Log: true}, Y: plots.Axis{Log: true}, Layers: plots.Layers{l}}
	}
	figures := map[string]plots.Picture{
		"noisy":     plots.Figure{Layers: plots.Layers{plots.Line{Y: noisy}}},
		"walk":      plots.Figure{Layers: plots.Layers{plots.Line{Y: walk}}},
		"band":      plots.Figure{Layers: plots.Layers{plots.Line{Y: walk, Low: low, High: high}}},
		"step":      plots.Figure{Layers: plots.Layers{plots.Line{Y: noisy, Step: true}}},
		"gaps":      plots.Figure{Layers: plots.Layers{plots.Line{Y: gaps}}},
		"backwards": plots.Figure{Layers: plots.Layers{plots.Line{X: down, Y: noisy}}},
		"upright":   plots.Figure{Layers: plots.Layers{plots.Line{X: noisy, Y: x}}},
		"to-fro":    plots.Figure{Layers: plots.Layers{plots.Line{X: to, Y: fro}}},
		"cloud":     plots.Figure{Layers: plots.Layers{plots.Line{X: noisy, Y: walk}}},
		"log line":  log(plots.Line{X: up, Y: positive}),
		"scatter":   plots.Figure{Layers: plots.Layers{plots.Scatter{X: noisy, Y: append(noisy[n/2:n:n], noisy[:n/2]...)}}},
		"log dots":  log(plots.Scatter{X: up, Y: positive}),
		"fit":       plots.Figure{Layers: plots.Layers{plots.Scatter{X: walk, Y: low, Fit: true}}},
	}
	figures["bars"] = plots.Figure{Layers: plots.Layers{plots.Bars{Name: "a", Values: walk, Low: low, High: high, Hollow: true}}}
	figures["stacks"] = plots.Figure{Layers: plots.Layers{plots.Bars{Values: noisy, Stacked: true, Horizontal: true}, plots.Bars{Values: noisy, Stacked: true, Horizontal: true}}}
	var lines, dots, steps plots.Layers
	for k := range 10 {
		shifted := append(noisy[k*1000:n:n], noisy[:k*1000]...)
		lines = append(lines, plots.Line{Name: fmt.Sprint(k), Y: walk, Low: low, High: high})
		steps = append(steps, plots.Line{Name: fmt.Sprint(k), Y: shifted, Step: true})
		dots = append(dots, plots.Scatter{Name: fmt.Sprint(k), X: shifted, Y: noisy})
	}
	figures["ten lines"], figures["ten steps"], figures["ten scatters"] = plots.Figure{Layers: lines}, plots.Figure{Layers: steps}, plots.Figure{Layers: dots}
	panel := plots.Figure{Layers: plots.Layers{plots.Line{Name: "line", Y: noisy}, plots.Line{Name: "walk", Y: walk}, plots.Scatter{Name: "dots", X: x, Y: noisy}}}
	figures["grid"] = plots.Grid{Panels: []plots.Figure{panel, panel, panel, panel, panel, panel}, ShareX: true}
	return figures
}

// TestSizes holds figures of any number of points below the size that a
// notebook can bear, and that they say what was left out.
func TestSizes(t *testing.T) {
	for name, f := range many() {
		svg, err := SVG(encode(t, f))
		if err != nil {
			t.Fatal(err)
		}
		if len(svg) > 300_000 || !bytes.Contains(svg, []byte("00,000 ")) {
			t.Errorf("%s: %d bytes", name, len(svg))
		}
	}
}
