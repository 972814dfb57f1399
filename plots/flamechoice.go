package plots

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// choose checks the stacks and keeps those that Focus, Ignore and Root ask for.
func (t *flameTree) choose(what string, stacks []Stack) (kept []Stack, total float64, err error) {
	all, bad, below, belowSum := 0.0, 0, 0, 0.0
	var sound []Stack
	for _, s := range stacks {
		switch {
		case !finite(s.Value):
			bad++
		case s.Value < 0:
			below++
			belowSum += s.Value
		case s.Value > 0 && len(s.Frames) > 0:
			sound = append(sound, s)
			all += s.Value
		}
	}
	if bad > 0 {
		t.note("%s%d of %d stacks have values that are NaN or infinite and are left out", what, bad, len(stacks))
	}
	if below > 0 {
		t.note("%s%d of %d stacks have values below zero, %s in all, and are left out", what, below, len(stacks), SI(belowSum, t.unit))
	}
	switch {
	case len(stacks) == 0:
		return nil, 0, fmt.Errorf("%sthere are no stacks", what)
	case len(sound) == 0:
		return nil, 0, fmt.Errorf("%snone of the %d stacks has a value above zero", what, len(stacks))
	case !finite(all):
		return nil, 0, fmt.Errorf("%sthe sum of the values is too large", what)
	}
	f := t.flame
	for _, s := range sound {
		if f.Focus != "" && s.first(f.Focus) < 0 || f.Ignore != "" && s.first(f.Ignore) >= 0 {
			continue
		}
		if f.Root != "" {
			at := s.first(f.Root)
			if at < 0 {
				continue
			}
			s.Frames = s.Frames[at:]
		}
		kept = append(kept, s)
		total += s.Value
	}
	if len(kept) == 0 {
		return nil, 0, fmt.Errorf("%sno stack is left with %s", what, f.choice())
	}
	if len(kept) < len(sound) {
		t.note("%s%s of %s, the stacks with %s", what, SI(total, t.unit), SI(all, t.unit), f.choice())
	}
	return kept, total, nil
}

// choice names the options that choose among stacks.
func (f Flame) choice() string {
	var parts []string
	for _, o := range [][2]string{{"Root", f.Root}, {"Focus", f.Focus}, {"Ignore", f.Ignore}} {
		if o[1] != "" {
			parts = append(parts, fmt.Sprintf("%s %q", o[0], o[1]))
		}
	}
	return strings.Join(parts, " and ")
}

// levels is how many calls above each other are drawn. A few narrow towers
// shouldn't make the picture twice as high, or the rings of a sunburst thin.
func (t *flameTree) levels(height float64) int {
	most, share := flameLevels, towerShare
	switch {
	case t.flame.Form == Sunburst:
		most, share = sunLevels, ringShare
	case height > 0:
		most = min(max(int((height*72-flameExtra)/leastRow), 1), flameLevels)
	}
	sums := make([]float64, most)
	var walk func(n *flameNode)
	walk = func(n *flameNode) {
		for _, c := range n.inOrder {
			if c.depth <= most {
				sums[c.depth-1] += c.value
				walk(c)
			}
		}
	}
	walk(&t.root)
	for most > 1 && sums[most-1] < share*t.total {
		most--
	}
	return most
}

// visible is the frames to draw: those of MinShare, and when these are too many,
// the largest and of equals the outer ones. A frame's callers are among them.
func (t *flameTree) visible(levels int) map[*flameNode]bool {
	least, most := cmp.Or(t.flame.MinShare, flameShare)*t.total, flameFrames
	if t.flame.Form == Sunburst {
		most = sunFrames
	}
	var nodes []*flameNode
	var walk func(n *flameNode)
	walk = func(n *flameNode) {
		for _, c := range n.inOrder {
			if c.depth <= levels && c.value >= least && c.value > 0 {
				nodes = append(nodes, c)
				walk(c)
			}
		}
	}
	walk(&t.root)
	slices.SortStableFunc(nodes, func(a, b *flameNode) int { return cmp.Or(cmp.Compare(b.value, a.value), a.depth-b.depth) })
	drawn := map[*flameNode]bool{}
	for _, n := range nodes[:min(len(nodes), most)] {
		drawn[n] = true
	}
	return drawn
}

// omitted counts frames that aren't drawn, and the value of the outermost.
type omitted struct {
	frames  int
	value   float64
	largest float64
}

func (o *omitted) add(n *flameNode) {
	o.value += n.value
	o.largest = max(o.largest, n.value)
	var count func(n *flameNode)
	count = func(n *flameNode) {
		if n.value > 0 {
			o.frames++
		}
		for _, c := range n.inOrder {
			count(c)
		}
	}
	count(n)
}
