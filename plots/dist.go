package plots

import (
	"fmt"
	"math"
)

// Box shows groups of values by their quartiles, after Tukey: the box spans the
// middle half with a line at the median, the whiskers reach the farthest values
// within 1.5 times its length, and what lies beyond is marked. Quartiles are
// those of numpy and R. Several Box of a figure with the same groups stand side
// by side; a Strip of the same name lies over its Box.
type Box struct {
	Name   string
	Data   any // a slice of structs: Values and Group are then field names
	Values any // a map from names to slices; slices, with Labels; or one slice
	// Group is the field of Data whose values part the rows into groups. Values
	// may also be a field that holds slices; then each row is a group.
	Group      string
	Labels     any // the groups' names, where Values is a slice of slices
	Horizontal bool
}

// Strip shows every value of groups in the order of the data, from left to
// right across the width of its group, so that a drift between runs shows. Its
// fields are those of Box.
type Strip struct {
	Name       string
	Data       any
	Values     any
	Group      string
	Labels     any
	Horizontal bool
}

// Violin shows the density of the values of groups, mirrored, from the least to
// the greatest, with median and quartiles; each is as wide as the others. Its
// fields are those of Box.
type Violin struct {
	Name       string
	Data       any
	Values     any
	Group      string
	Labels     any
	Horizontal bool
}

// MIMEBundle shows the layer as a figure of its own.
func (l Box) MIMEBundle() map[string]any { return show(Figure{Layers: Layers{l}}) }

// MIMEBundle shows the layer as a figure of its own.
func (l Strip) MIMEBundle() map[string]any { return show(Figure{Layers: Layers{l}}) }

// MIMEBundle shows the layer as a figure of its own.
func (l Violin) MIMEBundle() map[string]any { return show(Figure{Layers: Layers{l}}) }

func (l Box) horizontal() bool    { return l.Horizontal }
func (l Strip) horizontal() bool  { return l.Horizontal }
func (l Violin) horizontal() bool { return l.Horizontal }

func (l Box) kin() (Kind, string)    { return KindBox, l.Name }
func (l Strip) kin() (Kind, string)  { return KindStrip, l.Name }
func (l Violin) kin() (Kind, string) { return KindViolin, l.Name }

// grouped is a layer of groups, read as if it were a Box.
type grouped interface {
	kin
	box() Box
}

func (l Box) box() Box    { return l }
func (l Strip) box() Box  { return Box(l) }
func (l Violin) box() Box { return Box(l) }

// member is one group of a layer.
type member struct {
	sample
	at float64
}

func (l Box) encode(e *encoder) ([]LayerData, error) {
	return e.spread(l, func(s slot, members []member, out *LayerData) {
		out.Width = s.width * 0.7
		if s.violin {
			out.Width = s.width * 0.14
		}
		for i := range members {
			if s.strip {
				out.Boxes[i].Out = nil // the strip shows them
			}
		}
	})
}

func (l Strip) encode(e *encoder) ([]LayerData, error) {
	return e.spread(l, func(s slot, members []member, out *LayerData) {
		for i := range out.Boxes {
			out.Boxes[i].Out = nil
		}
		all := 0
		for _, m := range members {
			all += len(m.run)
		}
		out.X, out.Y = make(Numbers, 0, all), make(Numbers, 0, all)
		for _, m := range members {
			n := float64(len(m.run))
			for i, v := range m.run {
				at := m.at + ((float64(i)+0.5)/n-0.5)*s.width*0.7
				if math.IsNaN(v) {
					at = v
				}
				out.X, out.Y = append(out.X, at), append(out.Y, v)
			}
		}
		if l.Horizontal {
			out.X, out.Y = out.Y, out.X
		}
	})
}

// violinPlaces is where the densities of violins are drawn, which are smaller.
const violinPlaces = kdePoints / 4

func (l Violin) encode(e *encoder) ([]LayerData, error) {
	return e.spread(l, func(s slot, members []member, out *LayerData) {
		out.Width = s.width * 0.92 // side by side they would touch
		log := e.fig.Y.Log
		if l.Horizontal {
			log = e.fig.X.Log
		}
		for i, m := range members {
			out.Boxes[i].Out = nil
			v := ViolinData{At: m.at, N: len(m.sorted), Median: out.Boxes[i].Median, Y: Numbers{m.sorted[0]}, Density: Numbers{1}}
			if curve, ok := trimmed(m.sorted, log); ok {
				v.Y, v.Density = curve.drawn(violinPlaces)
				for k := range v.Y {
					v.Density[k] /= curve.peak()
					if log {
						v.Y[k] = math.Pow(10, v.Y[k])
					}
				}
			}
			out.Violins = append(out.Violins, v)
		}
	})
}

// trimmed is the density of sorted values between the least and the greatest,
// in factors of ten if log.
func trimmed(sorted []float64, log bool) (kde, bool) {
	if log {
		sorted = logs(sorted)
	}
	lo, hi := sorted[0], sorted[len(sorted)-1]
	h := silverman(sorted)
	if !(h > 0) || !finite(h) || !finite(hi-lo) || !(hi-lo > 0) {
		return kde{}, false
	}
	return estimate(sorted, h, lo, hi, false), true
}

// spread reads the groups of a layer, finds their places and summaries, and
// lets the layer add what it draws.
func (e *encoder) spread(l grouped, draw func(slot, []member, *LayerData)) ([]LayerData, error) {
	kind, name := l.kin()
	b, who := l.box(), layerName(string(kind), name)
	s := e.slots.take(e, l)
	out := LayerData{Kind: kind, Name: name, Flat: b.Horizontal}
	var members []member
	err := e.turned(b.Horizontal, func() (err error) {
		members, err = e.members(who, b, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		summary := box(m.sorted)
		summary.At = m.at
		out.Boxes = append(out.Boxes, summary)
	}
	if s.only == name {
		out.Name = "" // it stands at the axis
	}
	draw(s, members, &out)
	return []LayerData{out}, nil
}

// turned calls f with the axes of horizontal layers exchanged, so that f need
// only know categories along x.
func (e *encoder) turned(horizontal bool, f func() error) error {
	swap := func() {
		e.x, e.y, e.xUnit, e.yUnit = e.y, e.x, e.yUnit, e.xUnit
		e.categories, e.flat = e.flat, e.categories
		e.fig.X, e.fig.Y = e.fig.Y, e.fig.X
	}
	if horizontal {
		swap()
		defer swap()
	}
	return f()
}

// members are the groups that have values, in the places of their names.
func (e *encoder) members(who string, b Box, s slot) ([]member, error) {
	g, err := groupsOf(b.Name, b.Data, b.Values, b.Labels, b.Group)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", who, err)
	}
	if len(g.names) == 0 {
		return nil, fmt.Errorf("%s: it has no groups", who)
	}
	if e.categories.names == nil && e.x.any {
		return nil, fmt.Errorf("%s: names and numbers can't share an axis", who)
	}
	var out []member
	var empty []string
	unit, n, bad, low := "", 0, 0, 0
	for i, name := range g.names {
		c, err := g.column(i)
		if err != nil {
			return nil, fmt.Errorf("%s: Values of group %q %w", who, name, err)
		}
		if c.labels != nil {
			return nil, fmt.Errorf("%s: Values holds names, which are no numbers", who)
		}
		one, b, l := newSample(who, c, e.fig.Y.Log)
		n, bad, low = n+len(c.v), bad+b, low+l
		if c.unit != "" {
			unit = c.unit
		}
		if len(one.sorted) == 0 {
			empty = append(empty, name)
			continue
		}
		out = append(out, member{sample: one, at: float64(i)})
	}
	if n == 0 {
		return nil, fmt.Errorf("%s: it has no values", who)
	}
	if err := e.leftOut(who, n, bad, low); err != nil {
		return nil, err
	}
	if len(empty) > 0 {
		e.note("%s: nothing to show of %s", who, quoted(empty, 3))
	}
	return out, e.stand(who, unit, g.names, out, s)
}

// stand gives the groups their places on the axes.
func (e *encoder) stand(who, unit string, names []string, members []member, s slot) error {
	if err := e.sameUnit(who, "", unit); err != nil {
		return err
	}
	at := e.categories.place(names)
	e.x.add(at...)
	for i := range members {
		m := &members[i]
		m.at = at[int(m.at)] + s.offset
		e.y.add(m.sorted[0], m.sorted[len(m.sorted)-1])
	}
	return nil
}

// quoted lists names, the first few of many.
func quoted(names []string, most int) string {
	s := ""
	for i, n := range names {
		switch {
		case i == most:
			return fmt.Sprintf("%s and %d more", s, len(names)-most)
		case i > 0:
			s += ", "
		}
		s += fmt.Sprintf("%q", n)
	}
	return s
}
