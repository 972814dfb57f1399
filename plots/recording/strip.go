package recording

// stripColumns is the number of columns of the time axis in which a strip joins
// what is shorter than one of them; in the end there are at least half as many.
const stripColumns = 2048

// strip is a row's spans, in the order of time, as fine as can be drawn. It
// stays small however long the trace is: spans shorter than a column are joined
// with their neighbours in it, and columns grow with the trace. How long each
// kind took is kept, so joining twice is the same as joining once.
type strip struct {
	items []item
}

// item is one span, or several short ones.
type item struct {
	from, to int64 // nanoseconds
	kind     int32
	n        int32 // spans joined
	id       int64 // of what the span shows, if it is one
	shares   []share
}

// share is a part of a joined item.
type share struct {
	kind int32
	time int64
}

// ruler divides time into columns.
type ruler struct {
	origin int64
	width  int64
}

func (r ruler) column(t int64) int64 { return (t - r.origin) / r.width }

// short reports whether an item is to be joined with others in its column.
func (r ruler) short(i *item) bool { return i.n > 1 || i.to-i.from < r.width }

// add appends a span that is not before the last one.
func (s *strip) add(r ruler, it item) {
	if len(s.items) > 0 {
		last := &s.items[len(s.items)-1]
		if last.kind == it.kind && last.id == it.id && last.to == it.from && last.n == 1 && it.n == 1 {
			last.to = it.to
			return
		}
		if r.short(last) && r.short(&it) && r.column(last.from) == r.column(it.from) {
			last.join(it)
			return
		}
	}
	s.items = append(s.items, it)
}

// join adds a later item.
func (i *item) join(o item) {
	if i.n == 1 {
		i.shares = []share{{i.kind, i.to - i.from}}
	}
	others := o.shares
	if o.n == 1 {
		others = []share{{o.kind, o.to - o.from}}
	}
	for _, sh := range others {
		found := false
		for k := range i.shares {
			if i.shares[k].kind == sh.kind {
				i.shares[k].time += sh.time
				found = true
				break
			}
		}
		if !found {
			i.shares = append(i.shares, sh)
		}
	}
	i.to, i.id = max(i.to, o.to), 0
	i.n += o.n
	most := int64(-1)
	for _, sh := range i.shares {
		if sh.time > most {
			most, i.kind = sh.time, sh.kind
		}
	}
}

// coarsen joins what is short by a wider ruler.
func (s *strip) coarsen(r ruler) {
	old := s.items
	s.items = s.items[:0]
	for _, it := range old {
		s.add(r, it)
	}
	clear(old[len(s.items):])
}
