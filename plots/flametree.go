package plots

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// flameTree merges stacks into a tree.
type flameTree struct {
	flame Flame
	unit  string
	diff  bool
	root  flameNode
	top   map[string]*FlameTop
	total float64
	base  float64 // before scaling
	notes []string
}

// flameNode is one frame of the tree with all stacks that pass through it.
type flameNode struct {
	frame    StackFrame
	where    map[string]float64 // value by place
	value    float64
	self     float64
	base     float64
	children map[string]*flameNode
	inOrder  []*flameNode // children by value
	depth    int          // 1 for outermost frames
}

func (t *flameTree) note(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
}

// grow adds the stacks, and those of the base scaled to the same total.
func (t *flameTree) grow(stacks, base []Stack) error {
	stacks, total, err := t.choose("", stacks)
	if err != nil {
		return err
	}
	t.total, t.top = total, map[string]*FlameTop{}
	for _, s := range stacks {
		t.add(s, false, 1)
	}
	if t.diff {
		if base, t.base, err = t.choose("base: ", base); err != nil {
			return err
		}
		for _, s := range base {
			t.add(s, true, t.total/t.base)
		}
		t.note("widths show the newer profile; colours compare shares: the base, %s in all, is scaled to %s", SI(t.base, t.unit), SI(t.total, t.unit))
	}
	t.root.settle()
	if t.diff {
		t.noteGone()
	}
	return nil
}

// add puts one stack into the tree, of the base or of the newer profile.
func (t *flameTree) add(s Stack, base bool, scale float64) {
	v := s.Value * scale
	n := &t.root
	seen := map[string]bool{}
	for i, f := range s.Frames {
		key := f.key()
		child := n.children[key]
		if child == nil {
			child = &flameNode{frame: f, depth: i + 1, where: map[string]float64{}}
			if n.children == nil {
				n.children = map[string]*flameNode{}
			}
			n.children[key] = child
		}
		top := t.top[key]
		if top == nil {
			top = &FlameTop{Name: f.Name, Detail: f.Full}
			t.top[key] = top
		}
		last := i == len(s.Frames)-1
		if base {
			child.base += v
			if last {
				top.BaseSelf += v
			}
		} else {
			child.value += v
			child.where[f.Where] += v
			if last {
				child.self += v
				top.Self += v
			}
			if !seen[key] {
				top.Value += v
				seen[key] = true
			}
		}
		n = child
	}
}

// settle puts the children of each node in order: by value, then by name.
func (n *flameNode) settle() {
	n.inOrder = slices.SortedFunc(maps.Values(n.children), func(a, b *flameNode) int {
		return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(a.frame.Name, b.frame.Name), cmp.Compare(a.frame.key(), b.frame.key()))
	})
	for _, c := range n.inOrder {
		c.settle()
	}
}

// place is where most of the node's value was measured.
func (n *flameNode) place() string {
	best, most := "", -1.0
	for _, where := range slices.Sorted(maps.Keys(n.where)) {
		if v := n.where[where]; v > most && where != "" {
			best, most = where, v
		}
	}
	return best
}

// detail is the unabridged name and the place, the name only where the place
// doesn't tell the package as well: "sort.Slice" is in "sort/slice.go:23".
func (n *flameNode) detail() string {
	where, full := n.place(), n.frame.Full
	pkg := full[:strings.LastIndexByte(full, '/')+1]
	name, _, _ := strings.Cut(full[len(pkg):], ".")
	if full == n.frame.Name || strings.HasPrefix(where, pkg+name+"/") {
		return where
	}
	if full != "" && where != "" {
		return full + ", " + where
	}
	return full + where
}

// gone is a function with frames that only the base has.
type gone struct {
	name  string
	value float64
}

// noteGone lists what the newer profile no longer calls: it has no width.
func (t *flameTree) noteGone() {
	sums := map[string]float64{}
	var walk func(n *flameNode)
	walk = func(n *flameNode) {
		for _, c := range n.inOrder {
			if c.value == 0 {
				sums[c.frame.Name] += c.base
			} else {
				walk(c)
			}
		}
	}
	walk(&t.root)
	if len(sums) == 0 {
		return
	}
	var list []gone
	all := 0.0
	for name, v := range sums {
		list = append(list, gone{name, v})
	}
	slices.SortFunc(list, func(a, b gone) int { return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(a.name, b.name)) })
	var parts []string
	for i, g := range list {
		if i < 6 {
			parts = append(parts, t.gone(g))
		}
		all += g.value
	}
	if more := len(list) - len(parts); more > 0 {
		parts = append(parts, fmt.Sprintf("%d more", more))
	}
	text := strings.Join(parts, ", ")
	if len(list) > 1 {
		text += "; together " + t.gone(gone{value: all})
	}
	t.note("only in the base: %s", text)
}

// gone writes a value of the base, in the base's own measure.
func (t *flameTree) gone(g gone) string {
	return strings.TrimSpace(fmt.Sprintf("%s %s (%s)", g.name, SI(g.value*t.base/t.total, t.unit), percent(g.value/t.total)))
}

// body is the tree as data, without the frames that are too deep or too small
// to be seen.
func (t *flameTree) body(levels int) FlameData {
	f := t.flame
	d := FlameData{Form: f.Form, What: cmp.Or(f.Value, "total"), Unit: t.unit, Diff: t.diff, Total: t.total, Base: t.base}
	drawn := t.visible(levels)
	var groups []string // of each frame
	var deep, small omitted
	var walk func(n *flameNode, parent int)
	walk = func(n *flameNode, parent int) {
		for _, c := range n.inOrder {
			switch {
			case c.value == 0: // only in the base, which noteGone tells
			case c.depth > levels:
				deep.add(c)
			case !drawn[c]:
				small.add(c)
			default:
				d.Frames = append(d.Frames, FlameFrame{Name: c.frame.Name, Detail: c.detail(), Parent: parent,
					Value: c.value, Self: c.self, Base: c.base})
				groups = append(groups, groupOf(c.frame))
				walk(c, len(d.Frames)-1)
			}
		}
	}
	walk(&t.root, -1)
	d.legend(groups)
	if deep.frames > 0 {
		t.note("not drawn: %s deeper than %s, which %s of all passes through", counted(deep.frames, "frame"), counted(levels, "level"), percent(deep.value/t.total))
	}
	if small.frames > 0 {
		t.note("not drawn: %s of at most %s each, which %s of all passes through",
			counted(small.frames, "frame"), percent(small.largest/t.total), percent(small.value/t.total))
	}
	d.Top, d.Functions = t.ranking()
	return d
}

// groupOf is the kind of a frame's code.
func groupOf(f StackFrame) string {
	if f.Group != "" {
		return f.Group
	}
	return GroupOf(f.key())
}

// legend numbers the groups of the frames drawn: the usual ones first, others
// as they come.
func (d *FlameData) legend(groups []string) {
	at := map[string]int{}
	number := func(name string) int {
		n, ok := at[name]
		if !ok {
			n = len(d.Groups)
			at[name] = n
			d.Groups = append(d.Groups, name)
		}
		return n
	}
	for _, name := range usualGroups {
		if slices.Contains(groups, name) {
			number(name)
		}
	}
	for i, name := range groups {
		d.Frames[i].Group = number(name)
	}
}

// maxTop is the number of functions listed in the data.
const maxTop = 100

// ranking is the functions by what they spend themselves.
func (t *flameTree) ranking() ([]FlameTop, int) {
	var top []FlameTop
	for _, f := range t.top {
		if f.Detail == f.Name {
			f.Detail = ""
		}
		if f.Value > 0 || f.BaseSelf > 0 {
			top = append(top, *f)
		}
	}
	slices.SortFunc(top, func(a, b FlameTop) int {
		return cmp.Or(cmp.Compare(b.Self, a.Self), cmp.Compare(b.Value, a.Value), cmp.Compare(b.BaseSelf, a.BaseSelf),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.Detail, b.Detail))
	})
	return top[:min(len(top), maxTop)], len(top)
}
