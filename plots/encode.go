package plots

import (
	"fmt"
	"math"
	"time"
)

// encoder collects what the layers of one figure have in common.
type encoder struct {
	fig        Figure
	x, y       extentOf
	categories axisNames // of the x axis
	flat       axisNames // of the y axis, for horizontal bars
	xUnit      string
	yUnit      string
	notes      []string
	barPiles   barPiles
	linePiles  linePiles
	series     int // layers that took a colour
	looks      looks
	bins       *binning  // of the histograms; made when the first one needs it
	slots      slots     // of the groups of boxes, strips and violins
	per        perUnit   // what densities are shares of
	counts     bool      // the y axis counts something
	dated      bool      // the x axis shows moments
	since      time.Time // that those count from
}

func (e *encoder) note(format string, args ...any) {
	e.notes = append(e.notes, fmt.Sprintf(format, args...))
}

func (e *encoder) encode() (Data, error) {
	f := e.fig
	d := Data{Version: Version, Title: f.Title, Alt: f.Alt, Interactive: f.Interactive}
	if len(f.Layers) == 0 {
		return Data{}, fmt.Errorf("the figure has no layers")
	}
	if f.Layers.mixed() {
		return Data{}, fmt.Errorf("horizontal layers can't share a figure with upright ones")
	}
	for i, l := range f.Layers {
		if l == nil || nilPointer(l) {
			return Data{}, fmt.Errorf("layer %d is nil", i+1)
		}
		if a, ok := l.(axisSetter); ok {
			a.axes(&e.fig)
		}
	}
	e.nameAxes()
	if err := e.encodeLayers(&d); err != nil {
		return Data{}, err
	}
	e.barWidths(d.Layers)
	f = e.fig // layers may have named the axes
	var err error
	if d.Width, err = side("Width", f.Width, defaultWidth); err != nil {
		return Data{}, err
	}
	if d.Height, err = side("Height", f.Height, heightFor(len(e.flat.names))); err != nil {
		return Data{}, err
	}
	if w, h, ok := f.pictureSize(d); ok {
		d.Width, d.Height = w, h
	}
	if d.X, err = f.X.settle("x", e.x, e.xUnit, e.categories.names); err != nil {
		return Data{}, err
	}
	if d.Y, err = f.Y.settle("y", e.y, e.yUnit, e.flat.names); err != nil {
		return Data{}, err
	}
	d.countWhole(e.counts)
	if f.Table {
		if d.Table, err = e.table(&d); err != nil {
			return Data{}, err
		}
		if f.Height == 0 {
			d.Height = math.Min(d.Height+tableLine*float64(1+len(d.Table.Rows)), maxSide)
		}
	}
	e.beyondLimits(&d)
	e.repeatedLooks(&d)
	e.thin(&d)
	d.Notes = append(append([]string{}, f.Notes...), e.notes...)
	if d.Alt == "" {
		d.Alt = d.describe()
	}
	return d, nil
}

// encodeLayers encodes the layers in their order, but annotations last: they
// stand on the axes that the others make.
func (e *encoder) encodeLayers(d *Data) error {
	layers := e.fig.Layers
	encoded := make([][]LayerData, len(layers))
	for _, last := range []bool{false, true} {
		for i, l := range layers {
			if uncoloured(l) != last {
				continue
			}
			ld, err := l.encode(e)
			if err != nil {
				return err
			}
			encoded[i] = ld
			if last {
				for j := range ld {
					ld[j].Series = -1
				}
				continue
			}
			series, shared := e.looks.share(l, e.series)
			for j := range ld {
				ld[j].Series = series
				if ld[j].Mark != nil {
					ld[j].Mark.Coloured = true
				}
			}
			if !shared {
				e.series++
			}
		}
	}
	for _, ld := range encoded {
		d.Layers = append(d.Layers, ld...)
	}
	return nil
}

// axisSetter is a layer that asks for axes of a certain kind.
type axisSetter interface{ axes(f *Figure) }

// uncoloured reports whether a layer is an annotation, which leaves the next
// colour to its neighbour.
func uncoloured(l Layer) bool {
	_, ok := l.(interface{ uncoloured() })
	return ok
}

// mixed reports whether horizontal layers stand beside layers of another
// direction, with which they have no common axes.
func (ls Layers) mixed() bool {
	flat, upright := false, false
	for _, l := range ls {
		h, ok := l.(interface{ horizontal() bool })
		ok = ok && !nilPointer(l) && h.horizontal()
		flat, upright = flat || ok, upright || !ok && !uncoloured(l)
	}
	return flat && upright
}

// heightFor is the height of a figure that has none of its own: names that
// stand under each other need room, as in Vega-Lite.
func heightFor(names int) float64 {
	const each, rest, most = 0.16, 1, 16
	return min(max(defaultHeight, each*float64(names)+rest), most)
}

func side(name string, v, standard float64) (float64, error) {
	switch {
	case v == 0:
		return standard, nil
	case v < 1 || v > maxSide || math.IsNaN(v):
		return 0, fmt.Errorf("%s is %v inches; it must be between 1 and %v", name, v, maxSide)
	}
	return v, nil
}

// settle finds an axis's range from the data and what was asked for.
func (a Axis) settle(which string, data extentOf, unit string, categories []string) (AxisData, error) {
	out := AxisData{Label: a.Label, Unit: a.Unit, Log: a.Log, Categories: categories}
	if out.Unit == "" {
		out.Unit = unit
	}
	if categories != nil {
		if a.Log {
			return out, fmt.Errorf("the %s axis has names and can't be logarithmic", which)
		}
		out.Min, out.Max, out.Fixed = -0.6, float64(len(categories))-0.4, true
		if data.exact { // a field ends where its cells do
			out.Min, out.Max = -0.5, float64(len(categories))-0.5
		}
		return out, nil
	}
	out.Min, out.Max, out.Fixed = data.min, data.max, data.exact
	if data.empty() {
		return out, fmt.Errorf("the %s axis has nothing to show", which)
	}
	if (a.Zero || data.zero) && !a.Log {
		out.Min, out.Max = math.Min(out.Min, 0), math.Max(out.Max, 0)
	}
	if !roomy(out.Min, out.Max, a.Log) {
		return out, fmt.Errorf("the %s axis from %v to %v is too long to draw", which, out.Min, out.Max)
	}
	if lo, hi, ok := a.limited(); ok {
		if a.Log && lo <= 0 || !roomy(lo, hi, a.Log) {
			return out, fmt.Errorf("limits %v to %v of the %s axis can't be drawn", lo, hi, which)
		}
		out.Min, out.Max, out.Fixed = lo, hi, true
	}
	return out, nil
}

// drawable reports whether the distances on an axis can be computed: neither
// they nor, on a log axis, the ratios overflow.
func drawable(lo, hi float64, log bool) bool {
	return finite(hi-lo) && (!log || lo >= 1e-300 && hi <= 1e300)
}

// roomy reports whether an axis is drawable with margins, and with statistics
// that go beyond the values.
func roomy(lo, hi float64, log bool) bool {
	return drawable(lo, hi, log) && finite(10*lo) && finite(10*hi)
}
