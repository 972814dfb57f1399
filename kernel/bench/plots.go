package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"hpgo/kernel/display"
	"hpgo/plots"
	"hpgo/plots/render"
)

// plotted is a figure that both sides draw from the same numbers.
type plotted struct {
	key, kind string // of the figure, and of the function that draws it in Python
	name      string
	figure    plots.Picture
	data      map[string][]float64
}

// plottedFigures are those that notebooks have most, and the hardest of them.
func plottedFigures() []plotted {
	r := rand.New(rand.NewPCG(1, 2)) // the same numbers in every run
	noise := func(n int) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = r.NormFloat64()
		}
		return out
	}
	n := []float64{1e3, 1e4, 1e5, 1e6, 1e7}
	times := func(unit float64) []float64 {
		out := make([]float64, len(n))
		for i := range n {
			out[i] = unit * n[i] * math.Log2(n[i])
		}
		return out
	}
	a, b, c := times(1e-9), times(3e-9), times(7e-9)
	long, million, x, y, few, values := noise(100_000), noise(1_000_000), noise(10_000), noise(10_000), noise(20), noise(100_000)
	var field []float64
	var rows [][]float64
	labels := make([]string, len(few))
	for i := range few {
		few[i], labels[i] = 10+few[i], fmt.Sprint("name ", i+1)
	}
	for row := range 200 {
		var z []float64
		for column := range 200 {
			z = append(z, math.Sin(float64(row)/20)*math.Cos(float64(column)/30))
		}
		field, rows = append(field, z...), append(rows, z)
	}
	one := func(l plots.Layer) plots.Figure { return plots.Figure{Layers: plots.Layers{l}} }
	return []plotted{
		{"log", "log", "3 series, log axes", plots.Figure{Title: "Three series", X: plots.Axis{Label: "n", Log: true}, Y: plots.Axis{Label: "time", Unit: "s", Log: true},
			Layers: plots.Layers{plots.Line{Name: "series a", X: n, Y: a, Markers: true}, plots.Line{Name: "series b", X: n, Y: b, Markers: true}, plots.Line{Name: "series c", X: n, Y: c, Markers: true}}},
			map[string][]float64{"n": n, "a": a, "b": b, "c": c}},
		{"long", "line", "line, 100,000 points", one(plots.Line{Y: long}), map[string][]float64{"y": long}},
		{"million", "line", "line, 1,000,000 points", one(plots.Line{Y: million}), map[string][]float64{"y": million}},
		{"scatter", "scatter", "scatter, 10,000 points", one(plots.Scatter{X: x, Y: y}), map[string][]float64{"x": x, "y": y}},
		{"bars", "bars", "20 bars", one(plots.Bars{Labels: labels, Values: few}), map[string][]float64{"y": few}},
		{"heat", "heat", "heat map, 200 x 200", one(plots.Heat{Z: rows}), map[string][]float64{"z": field}},
		{"histogram", "histogram", "histogram, 100,000 values", one(plots.Hist{Values: values}), map[string][]float64{"y": values}},
	}
}

const plotRuns = 7

// plotting measures figures beside matplotlib's, if a python3 has it.
func plotting(ctx context.Context, r *Report, progress func(string)) error {
	figures := plottedFigures()
	begin := time.Now()
	if _, _, err := drawn(figures[0].figure); err != nil {
		return err
	}
	r.add("first figure", time.Since(begin).Seconds(), "s", "in the kernel, which runs anyway; reads the fonts")
	progress("starting matplotlib")
	peer, err := startMatplotlib(ctx, figures)
	if err != nil {
		r.Notes = append(r.Notes, fmt.Sprintf("Without a comparison (%v): put a python3 with matplotlib first on PATH, for instance a virtual environment's after pip install matplotlib.", err))
		peer = nil
	} else {
		defer peer.close()
		if err := r.firstFigure(peer, figures[0]); err != nil {
			return err
		}
	}
	for _, f := range figures {
		progress(f.name)
		if err := r.compare(ctx, f, peer); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	progress("a cell that shows 1,000,000 points")
	return plotCell(ctx, r)
}

// firstFigure is what a reader waits for in a new Python process.
func (r *Report) firstFigure(peer *matplotlib, f plotted) error {
	drawing, _, err := peer.draw(f)
	if err != nil {
		return err
	}
	r.add("  matplotlib", peer.ready+drawing, "s",
		fmt.Sprintf("version %s: python starts, imports in %s, draws in %s", peer.version, formatValue(peer.imports, "s"), formatValue(drawing, "s")))
	return nil
}

// drawn draws a figure as a cell and the kernel do together, as SVG alone: it
// is encoded, sent as JSON, read and drawn.
func drawn(p plots.Picture) (seconds, bytes float64, err error) {
	begin := time.Now()
	d, err := p.Encode()
	if err != nil {
		return 0, 0, err
	}
	raw, err := json.Marshal(d)
	if err != nil {
		return 0, 0, err
	}
	var sent plots.Data
	if err := json.Unmarshal(raw, &sent); err != nil {
		return 0, 0, err
	}
	svg, err := render.SVG(sent)
	return time.Since(begin).Seconds(), float64(len(svg)), err
}

// compare interleaves both sides and adds medians and ratios.
func (r *Report) compare(ctx context.Context, f plotted, peer *matplotlib) error {
	var ours, theirs, ratio, whole []float64
	var size, theirSize float64
	for i := range plotRuns + 1 {
		if err := ctx.Err(); err != nil {
			return err
		}
		a, bytes, err := drawn(f.figure)
		if err != nil {
			return err
		}
		size = bytes
		begin := time.Now()
		render.Bundle(display.Format(f.figure))
		all, b := time.Since(begin).Seconds(), 0.0
		if peer != nil {
			if b, theirSize, err = peer.draw(f); err != nil {
				return err
			}
		}
		if i > 0 { // the first fills caches
			ours, theirs, ratio, whole = append(ours, a), append(theirs, b), append(ratio, a/b), append(whole, all)
		}
	}
	note := fmt.Sprintf("SVG, median of %d", plotRuns)
	r.add(f.name, median(ours), "s", note)
	r.add("  with PNG and text", median(whole), "s", "all that a cell shows")
	if peer == nil {
		r.add("  SVG", size, "B", "")
		return nil
	}
	r.add("  matplotlib", median(theirs), "s", note+", interleaved")
	r.add("  hpgo / matplotlib", median(ratio), "ratio", "median of the pairs")
	r.add("  SVG", size, "B", "")
	r.add("  SVG, matplotlib", theirSize, "B", "")
	r.add("  hpgo / matplotlib", size/theirSize, "ratio", "bytes")
	return nil
}

// plotCell measures a cell that shows a long line, from its text to the picture
// in the front end's hands.
func plotCell(ctx context.Context, r *Report) error {
	s, err := open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := exec1(ctx, s, "y := make([]float64, 1_000_000)\nfor i := range y { y[i] = rand.NormFloat64() }"); err != nil {
		return err
	}
	var walls, runs []float64
	for i := range plotRuns + 1 {
		begin := time.Now()
		if err := exec1(ctx, s, "plots.Line{Y: y}"); err != nil {
			return err
		}
		if i == 0 {
			r.add("first cell with a plot, 1,000,000 points", time.Since(begin).Seconds(), "s", "with its compilation")
			continue
		}
		walls, runs = append(walls, time.Since(begin).Seconds()), append(runs, s.LastTiming().Run.Seconds())
	}
	r.add("cell with a plot, 1,000,000 points", median(walls), "s", fmt.Sprintf("median of %d: encoded, sent, drawn as SVG and PNG", plotRuns))
	r.add("  its code", median(runs), "s", "the part in the worker")
	return nil
}
