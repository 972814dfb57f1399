package plots

// slotSpan is the part of a category's width that its layers share.
const slotSpan = 0.8

// slot is the place of a layer of groups within each category, as parts of the
// category's width.
type slot struct {
	offset float64 // of its middle
	width  float64
	strip  bool   // a strip lies there
	violin bool   // a violin lies there
	only   string // the layer's group, if it has only one
}

// slots are the places of all layers of groups: those of one name and of
// different kinds lie over each other, others side by side if they have a
// category in common.
type slots struct {
	keys  []string // in the order of the slots
	kinds map[string]map[Kind]bool
	side  bool  // they stand side by side
	taken looks // layers that have asked
}

// find goes through the layers once. A layer whose groups can't be read is left
// out here; it reports that itself.
func (s *slots) find(ls Layers) {
	s.kinds = map[string]map[Kind]bool{}
	var all looks
	first := map[string]string{} // a category's first key
	for _, l := range ls {
		g, ok := l.(grouped)
		if !ok {
			continue
		}
		key, b := all.key(g), g.box()
		kind, _ := g.kin()
		if s.kinds[key] == nil {
			s.kinds[key] = map[Kind]bool{}
			s.keys = append(s.keys, key)
		}
		s.kinds[key][kind] = true
		in, err := groupsOf(b.Name, b.Data, b.Values, b.Labels, b.Group)
		if err != nil {
			continue
		}
		for _, name := range in.names {
			if _, ok := first[name]; !ok {
				first[name] = key
			}
			s.side = s.side || first[name] != key
		}
	}
}

// take is the slot of the next layer.
func (s *slots) take(e *encoder, l grouped) slot {
	if s.kinds == nil {
		s.find(e.fig.Layers)
	}
	b, key := l.box(), s.taken.key(l)
	out := slot{width: slotSpan, strip: s.kinds[key][KindStrip], violin: s.kinds[key][KindViolin]}
	if in, err := groupsOf(b.Name, b.Data, b.Values, b.Labels, b.Group); err == nil && len(in.names) == 1 {
		out.only = in.names[0]
	}
	for i, k := range s.keys {
		if s.side && k == key {
			out.width = slotSpan / float64(len(s.keys))
			out.offset = (float64(i) - float64(len(s.keys)-1)/2) * out.width
		}
	}
	return out
}
