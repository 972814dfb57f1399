package plots

// fielded is a layer that may read fields of structs, after which its axes can
// be called.
type fielded interface {
	// fields are the layer's Data and what is along x and y.
	fields() (data, x, y any)
}

func (l Line) fields() (data, x, y any)    { return l.Data, l.X, l.Y }
func (l Scatter) fields() (data, x, y any) { return l.Data, l.X, l.Y }
func (l Hist) fields() (data, x, y any)    { return l.Data, l.Values, nil }
func (l Density) fields() (data, x, y any) { return l.Data, l.Values, nil }
func (l Bars) fields() (data, x, y any)    { return along(l.Horizontal, l.Data, l.Labels, l.Values) }
func (l Box) fields() (data, x, y any)     { return along(l.Horizontal, l.Data, l.Group, l.Values) }
func (l Strip) fields() (data, x, y any)   { return along(l.Horizontal, l.Data, l.Group, l.Values) }
func (l Violin) fields() (data, x, y any)  { return along(l.Horizontal, l.Data, l.Group, l.Values) }

func along(horizontal bool, data, names, values any) (any, any, any) {
	if horizontal {
		return data, values, names
	}
	return data, names, values
}

// nameAxes calls axes without a label after the field that all layers show.
func (e *encoder) nameAxes() {
	var x, y agreed
	for _, l := range e.fig.Layers {
		if uncoloured(l) {
			continue
		}
		f, ok := l.(fielded)
		if !ok {
			return
		}
		data, fx, fy := f.fields()
		x.add(data, fx)
		y.add(data, fy)
	}
	if e.fig.X.Label == "" {
		e.fig.X.Label = x.name
	}
	if e.fig.Y.Label == "" {
		e.fig.Y.Label = y.name
	}
}

// agreed is a field's name as long as all layers have the same.
type agreed struct {
	name string
	any  bool
}

func (a *agreed) add(data, field any) {
	name, _ := field.(string)
	if data == nil {
		name = ""
	}
	if a.any && name != a.name {
		name = ""
	}
	a.name, a.any = name, true
}
