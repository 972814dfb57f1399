package plots

import (
	"fmt"
	"strings"
)

// describe makes the alternative text.
func (d Data) describe() string {
	var parts []string
	if d.Title != "" {
		parts = append(parts, d.Title)
	}
	if d.Grid != nil {
		parts = append(parts, d.Grid.describe())
	}
	if d.Gantt != nil {
		parts = append(parts, d.Gantt.Describe())
	}
	if d.Flame != nil {
		parts = append(parts, d.Flame.describe())
	}
	if d.Source != nil {
		parts = append(parts, d.Source.Describe())
	}
	if d.Comparison != nil {
		parts = append(parts, d.Comparison.describe())
	}
	if d.Movie != nil {
		parts = append(parts, d.Movie.describe())
	}
	if d.Recording != nil {
		parts = append(parts, strings.TrimSpace(d.Recording.text()))
	}
	for _, l := range d.Layers {
		if !d.told(l) {
			parts = append(parts, d.describeLayer(l))
		}
	}
	return oneLine(strings.Join(append(parts, d.Notes...), "; "))
}

func (d Data) describeLayer(l LayerData) string {
	name := string(l.Kind)
	if l.Name != "" {
		name += " " + l.Name
	}
	switch {
	case l.Boxes != nil:
		return d.describeStat(l)
	case l.Thin:
		return d.fitText(l)
	}
	switch l.Kind {
	case KindHeat:
		return fmt.Sprintf("%s of %d by %d values from %s to %s", name, l.Heat.Rows, l.Heat.Cols,
			SI(l.Heat.least(), l.Heat.Unit), SI(l.Heat.greatest(), l.Heat.Unit))
	case KindImage:
		return name
	case KindRug:
		return d.rugText(l)
	case KindMark:
		return d.markText(l.Mark)
	}
	values, axis := l.amounts(), d.Y
	if l.Flat {
		axis = d.X
	}
	r, what := rangeOf(values), ""
	if label := oneLine(axis.Label); label != "" {
		what = " of " + shortLabel(label)
	}
	return fmt.Sprintf("%s, %s%s from %s to %s", name, counted(max(len(values), l.Of), "value"), what, axis.Say(r.min), axis.Say(r.max)) + d.course(l)
}
