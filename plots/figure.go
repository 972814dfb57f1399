package plots

import (
	"encoding/json"
	"fmt"
	"html"
	"math"
	"strings"
)

// The size of a figure that sets none, in inches.
const (
	defaultWidth  = 6.5
	defaultHeight = 4.0
	maxSide       = 40.0
)

// Figure is one panel: axes and the layers drawn over each other.
type Figure struct {
	Title  string
	Alt    string // what a screen reader says; made from the data if empty
	X, Y   Axis
	Layers Layers
	Width  float64 // inches; 6.5 if 0
	Height float64 // inches; 4 if 0
	Notes  []string
}

// Layers is the list of a figure's layers, the first one at the bottom.
type Layers []Layer

// Axis describes an axis; the zero value fits itself to the data.
type Axis struct {
	Label  string
	Unit   string     // "s", "B": numbers get SI prefixes, the unit stands with the label
	Log    bool       // logarithmic
	Zero   bool       // the range includes zero
	Limits [2]float64 // the range, if the two differ
}

// Layer is something that a figure draws: Line, Scatter, Bars, Heat or Image.
type Layer interface {
	encode(f *encoder) (LayerData, error)
}

// Encode checks the figure and returns it as data to draw. Errors name the
// layer that they come from.
func (f Figure) Encode() (Data, error) {
	e := &encoder{fig: f}
	return e.encode()
}

// MIMEBundle shows the figure in a notebook: its data, which the kernel draws,
// and a summary as text. A figure that can't be drawn is shown as the error.
func (f Figure) MIMEBundle() map[string]any {
	d, err := f.Encode()
	if err == nil {
		var raw []byte
		if raw, err = json.Marshal(d); err == nil {
			return map[string]any{MIME: json.RawMessage(raw), "text/plain": d.Summary()}
		}
	}
	text := "plot error: " + err.Error()
	return map[string]any{
		"text/plain": text,
		"text/html":  `<pre class="hpgo-plot-error" role="alert">` + html.EscapeString(text) + "</pre>",
	}
}

// String is the figure's summary, so that fmt prints something to read.
func (f Figure) String() string {
	d, err := f.Encode()
	if err != nil {
		return "plot error: " + err.Error()
	}
	return d.Summary()
}

// encoder collects what the layers of one figure have in common.
type encoder struct {
	fig        Figure
	x, y       extentOf
	categories axisNames // of the x axis
	flat       axisNames // of the y axis, for horizontal bars
	xUnit      string
	yUnit      string
	notes      []string
}

func (e *encoder) note(format string, args ...any) {
	e.notes = append(e.notes, fmt.Sprintf(format, args...))
}

func (e *encoder) encode() (Data, error) {
	f := e.fig
	d := Data{Version: Version, Title: f.Title, Alt: f.Alt, Width: f.Width, Height: f.Height}
	if len(f.Layers) == 0 {
		return Data{}, fmt.Errorf("the figure has no layers")
	}
	if f.Layers.mixed() {
		return Data{}, fmt.Errorf("horizontal bars can't share a figure with other layers")
	}
	for i, l := range f.Layers {
		if l == nil || nilPointer(l) {
			return Data{}, fmt.Errorf("layer %d is nil", i+1)
		}
		ld, err := l.encode(e)
		if err != nil {
			return Data{}, err
		}
		d.Layers = append(d.Layers, ld)
	}
	var err error
	if d.Width, err = side("Width", f.Width, defaultWidth); err != nil {
		return Data{}, err
	}
	if d.Height, err = side("Height", f.Height, defaultHeight); err != nil {
		return Data{}, err
	}
	if d.X, err = f.X.settle("x", e.x, e.xUnit, e.categories.names); err != nil {
		return Data{}, err
	}
	if d.Y, err = f.Y.settle("y", e.y, e.yUnit, e.flat.names); err != nil {
		return Data{}, err
	}
	e.thin(&d)
	d.Notes = append(append([]string{}, f.Notes...), e.notes...)
	if d.Alt == "" {
		d.Alt = d.describe()
	}
	return d, nil
}

// mixed reports whether horizontal bars stand beside layers of another
// direction, with which they have no common axes.
func (ls Layers) mixed() bool {
	flat, upright := false, false
	for _, l := range ls {
		b, ok := l.(Bars)
		if p, pointer := l.(*Bars); pointer && p != nil {
			b, ok = *p, true
		}
		flat, upright = flat || ok && b.Horizontal, upright || !ok || !b.Horizontal
	}
	return flat && upright
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
		return out, nil
	}
	out.Min, out.Max, out.Fixed = data.min, data.max, data.exact
	if data.empty() {
		return out, fmt.Errorf("the %s axis has nothing to show", which)
	}
	if (a.Zero || data.zero) && !a.Log {
		out.Min, out.Max = math.Min(out.Min, 0), math.Max(out.Max, 0)
	}
	if !drawable(out.Min, out.Max, a.Log) {
		return out, fmt.Errorf("the %s axis from %v to %v is too long to draw", which, out.Min, out.Max)
	}
	if a.Limits[0] != a.Limits[1] {
		lo, hi := math.Min(a.Limits[0], a.Limits[1]), math.Max(a.Limits[0], a.Limits[1])
		if a.Log && lo <= 0 || !drawable(lo, hi, a.Log) {
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

// describe makes the alternative text.
func (d Data) describe() string {
	var parts []string
	if d.Title != "" {
		parts = append(parts, d.Title)
	}
	for _, l := range d.Layers {
		parts = append(parts, d.describeLayer(l))
	}
	return strings.Join(append(parts, d.Notes...), "; ")
}

func (d Data) describeLayer(l LayerData) string {
	name := string(l.Kind)
	if l.Name != "" {
		name += " " + l.Name
	}
	switch l.Kind {
	case KindHeat:
		return fmt.Sprintf("%s of %d by %d values from %s to %s", name, l.Heat.Rows, l.Heat.Cols,
			SI(l.Heat.Min, l.Heat.Unit), SI(l.Heat.Max, l.Heat.Unit))
	case KindImage:
		return name
	}
	values, unit := l.Y, d.Y.Unit
	if l.Flat {
		values, unit = l.X, d.X.Unit
	}
	r := rangeOf(values)
	return fmt.Sprintf("%s, %d values from %s to %s", name, len(values), SI(r.min, unit), SI(r.max, unit))
}
