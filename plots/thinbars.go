package plots

import "math"

// barBytes is what a bar takes in a file, a hollow one twice that, and whiskers
// five times that.
const barBytes = 130

// thinBars keeps of every few neighbours the greatest bar above zero and the
// least below, or the tallest stack. What else stands over the names moves with
// them. Figures that hold boxes and the like have few names.
func (e *encoder) thinBars(d *Data) {
	n, size, flat, stacked := 0, 0, false, false
	for i := range d.Layers {
		l := &d.Layers[i]
		switch l.Kind {
		case KindBars:
			n, flat, stacked = n+len(l.X), flat || l.Flat, stacked || l.Base != nil
			size += l.barsBytes()
		case KindLine, KindScatter, KindMark:
		default:
			return
		}
	}
	axis := &d.X
	if flat {
		axis = &d.Y
	}
	if size <= figureBytes || axis.Categories == nil {
		return
	}
	g := groupsOfNames{by: (size + figureBytes - 1) / figureBytes, flat: flat}
	if stacked {
		g.tallest(d.Layers)
	}
	for i := range d.Layers {
		g.thin(&d.Layers[i])
	}
	var names []string
	for i := 0; i < len(axis.Categories); i += g.by {
		names = append(names, axis.Categories[i])
	}
	axis.Categories, axis.Min, axis.Max = names, -0.6, float64(len(names))-0.4
	what := "the greatest and the least"
	if stacked {
		what = "the tallest stack"
	}
	e.note("of %s bars, drawn is %s of every %s neighbours, under the first one's name", group(n), what, group(g.by))
}

func (l *LayerData) barsBytes() int {
	size := barBytes * len(l.X)
	if l.Hollow {
		size *= 2
	}
	if l.Low != nil {
		size += 5 * barBytes * len(l.X)
	}
	return size
}

// groupsOfNames are neighbours on an axis of names that share a place.
type groupsOfNames struct {
	by    int // names in each
	flat  bool
	stack map[int]float64 // the place whose stack is drawn, by group
}

// of is the group of a place.
func (g groupsOfNames) of(at float64) int { return int(at) / g.by }

// moved is where something at a place stands among the groups.
func (g groupsOfNames) moved(at float64) float64 {
	return (at - float64(g.by-1)/2) / float64(g.by)
}

// axes are the places of a layer and its values.
func (g groupsOfNames) axes(l *LayerData) (at, values Numbers) {
	if g.flat {
		return l.Y, l.X
	}
	return l.X, l.Y
}

// tallest finds the place with the highest stack in each group.
func (g *groupsOfNames) tallest(layers []LayerData) {
	heights := map[float64]float64{}
	g.stack = map[int]float64{}
	for i := range layers {
		l := &layers[i]
		if l.Kind != KindBars || l.Base == nil {
			continue
		}
		at, values := g.axes(l)
		for k, p := range at {
			if math.IsNaN(p) {
				continue
			}
			heights[p] += math.Abs(values[k] - l.Base[k])
			if best, ok := g.stack[g.of(p)]; !ok || heights[p] > heights[best] {
				g.stack[g.of(p)] = p
			}
		}
	}
}

func (g groupsOfNames) thin(l *LayerData) {
	switch l.Kind {
	case KindMark:
		m := *l.Mark
		if g.flat && m.Kind != MarkRuleX && m.Kind != MarkSpanX {
			m.Y, m.Y1 = g.moved(m.Y), g.moved(m.Y1)
		} else if !g.flat && m.Kind != MarkRuleY && m.Kind != MarkSpanY {
			m.X, m.X1 = g.moved(m.X), g.moved(m.X1)
		}
		l.Mark = &m
	case KindBars:
		l.pick(g.kept(l))
		l.Values = false
		at, _ := g.axes(l)
		for i, p := range at {
			at[i] = float64(g.of(p))
		}
	default:
		at, _ := g.axes(l)
		for i, p := range at {
			at[i] = g.moved(p)
		}
	}
}

// kept are the indexes of the bars to draw.
func (g groupsOfNames) kept(l *LayerData) []int {
	at, values := g.axes(l)
	var order []int
	ends := map[int][2]int{} // of each group, the least and the greatest
	kept := []int{}
	for i, p := range at {
		if math.IsNaN(p) || math.IsNaN(values[i]) {
			continue
		}
		if l.Base != nil {
			if g.stack[g.of(p)] == p {
				kept = append(kept, i)
			}
			continue
		}
		e, ok := ends[g.of(p)]
		if !ok {
			e = [2]int{i, i}
			order = append(order, g.of(p))
		}
		if values[i] < values[e[0]] {
			e[0] = i
		}
		if values[i] > values[e[1]] {
			e[1] = i
		}
		ends[g.of(p)] = e
	}
	for _, group := range order {
		least, greatest := ends[group][0], ends[group][1]
		if values[greatest] >= 0 {
			kept = append(kept, greatest)
		}
		if values[least] < 0 {
			kept = append(kept, least)
		}
	}
	return kept
}
