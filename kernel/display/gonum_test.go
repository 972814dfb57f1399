package display

import (
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

func TestGonumPlot(t *testing.T) {
	p := plot.New()
	p.Title.Text = "time against size"
	line, err := plotter.NewLine(plotter.XYs{{X: 0, Y: 1}, {X: 1, Y: 3}})
	if err != nil {
		t.Fatal(err)
	}
	p.Add(line)
	for _, v := range []any{p, *p} {
		b := Format(v)
		if got := textOf(t, b); got != "gonum plot: time against size" {
			t.Errorf("text = %q", got)
		}
		svg, _ := b.Data[mimeSVG].(string)
		if !strings.Contains(svg, "<svg") || !strings.Contains(svg, `viewBox="0 0 432 288"`) {
			t.Errorf("svg = %.200s", svg)
		}
		if png, _ := b.Data[mimePNG].(string); !strings.HasPrefix(png, "iVBORw0KGgo") {
			t.Errorf("png = %.20s", png)
		}
	}
}

type brokenPlotter struct{ plot.Plotter }

func TestPanickingGonumPlot(t *testing.T) {
	p := plot.New()
	p.Add(brokenPlotter{})
	b := Format(p)
	if got := textOf(t, b); !strings.HasPrefix(got, "gonum plot (not shown: panic: ") {
		t.Errorf("text = %q", got)
	}
	if got := textOf(t, Format((*plot.Plot)(nil))); got != "<nil>" {
		t.Errorf("nil plot: %q", got)
	}
}
