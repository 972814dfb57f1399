package plots

// boxRows is the number of places along the value axis at which outliers are
// told apart: about one for each pixel.
const boxRows = 500

// thinOutliers keeps one outlier of a box for each place on the axis.
func (e *encoder) thinOutliers(l *LayerData, axis AxisData) {
	s := scaleOf(axis)
	all, left := 0, 0
	for i := range l.Boxes {
		b := &l.Boxes[i]
		if len(b.Out) <= boxRows {
			continue
		}
		all += len(b.Out)
		seen := make([]bool, boxRows)
		kept := Numbers{}
		for _, v := range b.Out {
			if c := s.cell(v, boxRows); c >= 0 && !seen[c] {
				seen[c] = true
				kept = append(kept, v)
			}
		}
		b.Out = kept
		left += len(kept)
	}
	if left < all {
		e.note("%s: of %s values beyond the whiskers, the %s that don't cover each other are drawn",
			layerName(string(l.Kind), l.Name), group(all), group(left))
	}
}
