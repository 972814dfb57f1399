package plots

import (
	"fmt"
	"strings"
)

// looks gives layers that show the same values in different ways one look: a
// Hist and a Density, or a Box and a Strip, of the same name.
type looks struct {
	seen   map[string]int // layers of one kind and name so far
	series map[string]int // the look of each kin
}

// kin is a layer that shares its look with layers of other kinds. Those of the
// same kind have looks of their own, even if neither has a name.
type kin interface {
	kin() (kind Kind, name string)
}

// key tells kins apart; it is empty for a layer without.
func (k *looks) key(l any) string {
	m, ok := l.(kin)
	if !ok {
		return ""
	}
	if k.seen == nil {
		k.seen, k.series = map[string]int{}, map[string]int{}
	}
	kind, name := m.kin()
	one := fmt.Sprintf("%s %q", kind, name)
	k.seen[one]++
	return fmt.Sprintf("%q %d", name, k.seen[one])
}

// share is the look of a layer, next unless it has one in common with an
// earlier layer.
func (k *looks) share(l Layer, next int) (series int, shared bool) {
	key := k.key(l)
	if key == "" {
		return next, false
	}
	if series, shared = k.series[key]; !shared {
		series, k.series[key] = next, next
	}
	return series, shared
}

// How many looks the renderer tells apart: colours, with dashes for lines and
// marks for points.
const (
	colorLooks = 8
	dashLooks  = 32
	dotLooks   = 24
)

// repeatedLooks notes which kinds of layers have more series than looks.
func (e *encoder) repeatedLooks(d *Data) {
	var kinds []string
	var most []int
	seen := map[string]map[int]bool{}
	for _, l := range d.Layers {
		kind, limit := string(l.Kind), colorLooks
		switch {
		case l.Thin || l.Mark != nil || l.Kind == KindHeat || l.Kind == KindImage:
			continue
		case l.Kind == KindLine && l.Hollow:
			kind = "dashed line"
		case l.Kind == KindLine && !l.Fill:
			limit = dashLooks
		case l.Kind == KindScatter && !l.Hollow:
			limit = dotLooks
		}
		if seen[kind] == nil {
			seen[kind] = map[int]bool{}
			kinds, most = append(kinds, kind), append(most, limit)
		}
		seen[kind][l.Series] = true
	}
	for i, kind := range kinds {
		if n := len(seen[kind]); n > most[i] {
			e.note("%d %ss have %d looks, which repeat: the same look stands for several of them; a Grid would tell them apart", n, strings.TrimSuffix(kind, "s"), most[i])
		}
	}
}
