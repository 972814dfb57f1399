package plots

import "fmt"

// Rug marks moments or values by ticks along the x axis, where their height
// would say nothing: collections, arrivals, each value below a histogram.
type Rug struct {
	Name string
	Data any // a slice of structs: X is then a field name
	X    any // numbers or durations
}

// MIMEBundle shows the layer as a figure of its own, though a rug alone has no
// y axis to stand on.
func (r Rug) MIMEBundle() map[string]any { return show(Figure{Layers: Layers{r}}) }

func (r Rug) encode(e *encoder) ([]LayerData, error) {
	who := layerName("rug", r.Name)
	c, err := columnOf(r.Data, r.X)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: X %w", who, err)
	case c.labels != nil || e.categories.names != nil:
		return nil, fmt.Errorf("%s: it needs an axis of numbers", who)
	}
	if err := e.sameUnit(who, c.unit, e.yUnit); err != nil {
		return nil, err
	}
	out := LayerData{Kind: KindRug, Name: r.Name}
	bad, low := 0, 0
	for _, v := range c.v {
		switch {
		case !finite(v):
			bad++
		case e.fig.X.Log && v <= 0:
			low++
		default:
			out.X = append(out.X, v)
		}
	}
	if len(out.X) == 0 {
		return nil, fmt.Errorf("%s: none of its %s can be drawn", who, values(len(c.v)))
	}
	if err := e.leftOut(who, len(c.v), bad, low); err != nil {
		return nil, err
	}
	e.x.add(out.X...)
	return []LayerData{out}, nil
}

// rugText is a rug in words.
func (d Data) rugText(l LayerData) string {
	r := rangeOf(l.X)
	if len(l.X) == 1 {
		return fmt.Sprintf("%s: a tick at %s", l.title(), SI(r.min, d.X.Unit))
	}
	return fmt.Sprintf("%s: %s from %s to %s", l.title(), group(len(l.X))+" ticks", d.X.Say(r.min), d.X.Say(r.max))
}
