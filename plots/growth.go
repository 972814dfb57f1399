package plots

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Growth shows how times grow with sizes, on logarithmic axes: the
// measurements, the power law through them with its 95 % band and the interval
// of its exponent, and of the curves O(1), O(log n), O(n), O(n log n), O(n²)
// and O(n³) the two that fit best. FitGrowth gives the same as numbers, and
// says how the curves are compared.
type Growth struct {
	Name string
	Data any // a slice of structs: N and T are then field names
	N    any // sizes
	T    any // numbers or durations; or a slice of repeated ones for each size; or a map from sizes to either, without N
	// Candidates are further curves to draw, such as "O(n²)" or "n^2".
	Candidates []string
	Size       string // what the sizes are called in formulas, n without it
}

// MIMEBundle shows the layer as a figure of its own.
func (l Growth) MIMEBundle() map[string]any { return show(Figure{Layers: Layers{l}}) }

// axes makes both axes logarithmic and names that of the sizes.
func (l Growth) axes(f *Figure) {
	f.X.Log, f.Y.Log = true, true
	size, fielded := l.N.(string)
	if !fielded {
		size = cmp.Or(l.Size, "n")
	}
	if f.X.Label == "" {
		f.X.Label = size
	}
	if took, ok := l.T.(string); ok && f.Y.Label == "" {
		f.Y.Label = took
	}
}

func (l Growth) encode(e *encoder) ([]LayerData, error) {
	who := layerName("growth", l.Name)
	for _, name := range l.Candidates {
		if _, ok := curveNamed(name); !ok {
			return nil, fmt.Errorf("%s: there is no candidate %q; there are %s", who, name, curveNames())
		}
	}
	if l.N == nil && !isMap(l.T) {
		return nil, fmt.Errorf("%s: N is nil, and T is no map from sizes", who)
	}
	n, t, err := l.N, l.T, error(nil)
	if l.Data == nil {
		if n, t, err = repeated(n, t); err != nil {
			return nil, fmt.Errorf("%s: %w", who, err)
		}
	}
	if sizes, _, err := xyColumns(who, l.Data, n, t); err == nil && sizes.labels != nil {
		return nil, fmt.Errorf("%s: N holds names, which are no sizes", who)
	}
	xy, err := e.points(who, l.Data, n, t, nil, nil)
	if err != nil {
		return nil, err
	}
	if e.fig.Y.Label == "" && (e.yUnit == "s" || e.fig.Y.Unit == "s") {
		e.fig.Y.Label = "time"
	}
	points := LayerData{Kind: KindScatter, Name: l.Name, X: xy.x, Y: xy.y}
	g, f, err := fitGrowth(xy.x, xy.y)
	if err != nil {
		e.note("%s: %v", who, err)
		return []LayerData{points}, nil
	}
	r := rangeOf(xy.x)
	power := f.drawn(ruler{true}, ruler{true}, r.min, r.max)
	if rangeOf(power.Y).min < 1e-300 {
		e.note("%s: the fitted line can't be drawn on these axes", who)
		return []LayerData{points}, nil
	}
	e.y.add(power.Y...)
	power.Name = g.In(l.Size).Power()
	if !g.Sure {
		e.note("%s: no curve is sure: %s", who, g.In(l.Size).Why)
	}
	return append([]LayerData{points, power}, l.curves(g, r)...), nil
}

// curves are the candidates to draw, each with a dash pattern of its own.
func (l Growth) curves(g GrowthFit, x extentOf) []LayerData {
	words := map[string]string{}
	switch {
	case g.Best == "":
	case g.Sure:
		words[g.Best], words[g.RunnerUp] = "best: ", "next: "
	case g.misfit:
		words[g.Best], words[g.RunnerUp] = "nearest: ", "next: "
	default:
		words[g.Best], words[g.RunnerUp] = "perhaps ", "or "
	}
	for _, name := range l.Candidates {
		c, _ := curveNamed(name)
		words[c.name] += ""
	}
	var out []LayerData
	for _, fit := range g.Curves {
		word, wanted := words[fit.Name]
		if !wanted {
			continue
		}
		c, _ := curveNamed(fit.Name)
		line := LayerData{Kind: KindLine, Name: word + inTermsOf(l.Size, fit.Name), Thin: true, Dash: len(out) + 1}
		// Only a power is straight on these axes.
		for _, n := range newBinning(x.min, x.max, bandPoints, true).edges {
			v := fit.Factor * c.f(n)
			if n <= 1 && strings.Contains(fit.Name, "log") || !finite(v) || v < 1e-300 {
				n, v = nan(), nan()
			}
			line.X, line.Y = append(line.X, n), append(line.Y, v)
		}
		out = append(out, line)
	}
	return out
}

func curveNames() string {
	var names []string
	for _, c := range growthCurves() {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}

// repeated gives each of several measurements of one size a size of its own.
func repeated(n, t any) (any, any, error) {
	r := reflect.ValueOf(t)
	switch {
	case r.Kind() == reflect.Map && n == nil:
		return repeatedMap(r, t)
	case r.Kind() != reflect.Slice || !rowsOf(r.Type().Elem()):
		return n, t, nil
	}
	c, err := columnOf(nil, n)
	if err != nil {
		return n, t, fmt.Errorf("N %w", err)
	}
	if c.len() != r.Len() {
		return n, t, fmt.Errorf("N has %s and T has %d", values(c.len()), r.Len())
	}
	if c.labels != nil {
		return n, t, fmt.Errorf("N holds names, which are no sizes")
	}
	sizes, times := []float64{}, reflect.MakeSlice(reflect.SliceOf(r.Type().Elem().Elem()), 0, r.Len())
	for i := range r.Len() {
		for k := range r.Index(i).Len() {
			sizes, times = append(sizes, c.v[i]), reflect.Append(times, r.Index(i).Index(k))
		}
	}
	return sizes, times.Interface(), nil
}

// repeatedMap turns a map from sizes to repeated measurements into rows.
func repeatedMap(r reflect.Value, t any) (any, any, error) {
	if !rowsOf(r.Type().Elem()) {
		return nil, t, nil
	}
	keys := r.MapKeys()
	slices.SortFunc(keys, compareKeys)
	sizes := reflect.MakeSlice(reflect.SliceOf(r.Type().Key()), 0, len(keys))
	rows := reflect.MakeSlice(reflect.SliceOf(r.Type().Elem()), 0, len(keys))
	for _, k := range keys {
		sizes, rows = reflect.Append(sizes, k), reflect.Append(rows, r.MapIndex(k))
	}
	return repeated(sizes.Interface(), rows.Interface())
}
