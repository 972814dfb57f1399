package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hpgo/kernel/display"
	"hpgo/plots"
	"hpgo/plots/render"
)

// figure is the table as bars, slowest first: how much is done in a second, which
// bars from zero show and times on a log axis could not. colours: one for each
// language, which letters don't have.
func (t *KernelTable) figure(colours bool) plots.Figure {
	rows := t.measured()
	f := plots.Figure{
		Title: fmt.Sprintf("%s, size %d", t.Name, t.Size),
		X:     plots.Axis{Label: t.Unit + "s a second"},
	}
	names := []string{"Go", "Python", "C"}
	if !colours {
		names = []string{""}
	}
	for _, by := range names {
		bars := plots.Bars{Name: by, Horizontal: true, Stacked: true, Numbers: true}
		labels, values, has := make([]string, len(rows)), make([]float64, len(rows)), false
		for i, r := range rows {
			labels[i] = r.label()
			if by == "" || r.By == by {
				values[i], has = t.Ops/r.Seconds, true
			}
		}
		if has {
			bars.Labels, bars.Values = labels, values
			f.Layers = append(f.Layers, bars)
		}
	}
	return f
}

// WritePlots writes the kernels' figures to files: NAME.svg or NAME.png is one
// figure; of several each has its subject's name before the dot.
func (r *Report) WritePlots(path string) ([]string, error) {
	var written []string
	for _, t := range r.Kernels {
		to := path
		if len(r.Kernels) > 1 {
			ext := filepath.Ext(path)
			to = strings.TrimSuffix(path, ext) + "-" + t.Name + ext
		}
		picture, err := picture(t.figure(true), filepath.Ext(path))
		if err != nil {
			return written, fmt.Errorf("draw %s: %w", t.Name, err)
		}
		if err := os.WriteFile(to, picture, 0o644); err != nil {
			return written, err
		}
		written = append(written, to)
	}
	return written, nil
}

// PlotFormats are the endings that WritePlots knows.
var PlotFormats = []string{".svg", ".png"}

func picture(f plots.Figure, ext string) ([]byte, error) {
	d, err := f.Encode()
	if err != nil {
		return nil, err
	}
	if ext == ".png" {
		return render.PNG(d)
	}
	return render.SVG(d)
}

// text is the figure in letters.
func (t *KernelTable) text() string {
	bundle := render.Bundle(display.Format(t.figure(false)))
	s, _ := bundle.Data["text/plain"].(string)
	return s
}
