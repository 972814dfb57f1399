package plots

import "fmt"

// nameSeries gives layers of one name one colour in all panels, and reports
// whether one legend can speak for all: if what has one name looks the same
// everywhere, and no panel has names that the one with most of them lacks. If
// not, names of a single panel begin again with the first free colour in each.
func nameSeries(panels []Data) (legend bool) {
	keys := make([][]seriesKey, len(panels))
	for i, p := range panels {
		keys[i] = seriesKeys(p.Layers)
	}
	names, legend := commonSeries(panels, keys)
	for i, p := range panels {
		own := map[seriesKey]int{}
		for j, key := range keys[i] {
			if p.Layers[j].Series < 0 || p.Layers[j].picture() {
				continue
			}
			at, ok := names[key]
			if !ok {
				if at, ok = own[key]; !ok {
					at = len(names) + len(own)
					own[key] = at
				}
			}
			p.Layers[j].Series = at
		}
	}
	return legend
}

// seriesKey is what a look is known by in all panels: the name of its layers,
// and its count where one name has several looks.
type seriesKey struct {
	name  string
	count int
}

func seriesKeys(layers []LayerData) []seriesKey {
	names := map[int]string{}
	for _, l := range layers {
		if names[l.Series] == "" && !l.picture() {
			names[l.Series] = l.Name
		}
	}
	count := map[string]int{}
	keys := map[int]seriesKey{}
	out := make([]seriesKey, len(layers))
	for i, l := range layers {
		if l.picture() {
			continue
		}
		key, ok := keys[l.Series]
		if !ok {
			key = seriesKey{names[l.Series], count[names[l.Series]]}
			count[key.name]++
			keys[l.Series] = key
		}
		out[i] = key
	}
	return out
}

// picture reports whether a layer has colours of its own kind.
func (l LayerData) picture() bool { return l.Kind == KindHeat || l.Kind == KindImage }

// commonSeries numbers the names that need one colour everywhere: all, if there
// is one legend, and those of several panels otherwise.
func commonSeries(panels []Data, keys [][]seriesKey) (names map[seriesKey]int, legend bool) {
	looks, shown := map[seriesKey]string{}, map[seriesKey]int{}
	var order []seriesKey
	most, legend := 0, true
	for i, p := range panels {
		here := map[seriesKey]string{}
		for j, key := range keys[i] {
			if l := p.Layers[j]; l.Name != "" && key.name != "" && l.Series >= 0 {
				here[key] += fmt.Sprint(l.Kind, l.Hollow, l.Markers, l.Dash, l.Thin, l.Base != nil)
			}
		}
		for _, key := range keys[i] {
			look, ok := here[key]
			if !ok {
				continue
			}
			delete(here, key)
			was, known := looks[key]
			if !known {
				order = append(order, key)
			}
			legend = legend && (!known || was == look)
			looks[key] = look
			shown[key]++
		}
		most = max(most, countNames(keys[i]))
	}
	legend = legend && most > 0 && len(order) == most
	names = map[seriesKey]int{}
	for _, key := range order {
		if legend || shown[key] > 1 {
			names[key] = len(names)
		}
	}
	return names, legend
}

func countNames(keys []seriesKey) int {
	seen := map[seriesKey]bool{}
	for _, k := range keys {
		if k.name != "" {
			seen[k] = true
		}
	}
	return len(seen)
}
