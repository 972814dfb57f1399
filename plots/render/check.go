package render

import (
	"fmt"
	"math"

	"hpgo/plots"
)

// check refuses data that drawing can't handle. Data made by plots passes;
// data from a file may be anything.
func check(d plots.Data) error {
	if d.Version != plots.Version {
		return fmt.Errorf("figure has version %d of the format; this program draws version %d", d.Version, plots.Version)
	}
	if !(d.Width >= 1 && d.Width <= 40 && d.Height >= 1 && d.Height <= 40) {
		return fmt.Errorf("figure has a size of %v x %v inches", d.Width, d.Height)
	}
	if err := checkAxis("x", d.X); err != nil {
		return err
	}
	if err := checkAxis("y", d.Y); err != nil {
		return err
	}
	if d.Grid != nil {
		return checkGrid(d.Grid)
	}
	if d.Source != nil {
		return checkSource(d.Source)
	}
	if d.Movie != nil {
		return checkMovie(d)
	}
	if d.Flame != nil {
		return checkFlame(d.Flame)
	}
	if d.Comparison != nil {
		return checkComparison(d.Comparison)
	}
	if d.Gantt != nil {
		return checkGantt(d.Gantt)
	}
	if d.Table != nil {
		if err := checkTable(d.Table); err != nil {
			return fmt.Errorf("figure: %w", err)
		}
	}
	for i, l := range d.Layers {
		if err := checkLayer(l); err != nil {
			return fmt.Errorf("figure layer %d (%s): %w", i+1, l.Kind, err)
		}
		if err := checkPlaces(d, l); err != nil {
			return fmt.Errorf("figure layer %d (%s): %w", i+1, l.Kind, err)
		}
	}
	return nil
}

func checkAxis(which string, a plots.AxisData) error {
	if !finite(a.Min) || !finite(a.Max) || !finite(a.Max-a.Min) || a.Min > a.Max || a.Log && (a.Min < smallestLog || a.Max > largestLog) {
		return fmt.Errorf("figure has an impossible %s axis from %v to %v", which, a.Min, a.Max)
	}
	return nil
}

func checkLayer(l plots.LayerData) error {
	if l.Series < 0 && l.Kind != plots.KindMark {
		return fmt.Errorf("look number %d", l.Series)
	}
	switch l.Kind {
	case plots.KindLine, plots.KindScatter, plots.KindBars:
		if len(l.X) != len(l.Y) || l.Low != nil && len(l.Low) != len(l.X) || len(l.Low) != len(l.High) {
			return fmt.Errorf("%d x, %d y, %d low and %d high values", len(l.X), len(l.Y), len(l.Low), len(l.High))
		}
		if l.Base != nil && len(l.Base) != len(l.X) {
			return fmt.Errorf("%d x and %d base values", len(l.X), len(l.Base))
		}
		if !finite(l.Width) || l.Width < 0 {
			return fmt.Errorf("width %v", l.Width)
		}
	case plots.KindHeat:
		if l.Heat == nil {
			return fmt.Errorf("no field")
		}
		if !finite(l.Heat.Min) || !finite(l.Heat.Max) || l.Heat.Min > l.Heat.Max || !finite(l.Heat.Max-l.Heat.Min) || l.Heat.Log && (l.Heat.Min < smallestLog || l.Heat.Max > largestLog) {
			return fmt.Errorf("impossible range %v to %v", l.Heat.Min, l.Heat.Max)
		}
	case plots.KindBins, plots.KindBox, plots.KindViolin, plots.KindStrip:
		return checkStat(l)
	case plots.KindImage, plots.KindRug:
	case plots.KindMark:
		return checkMark(l)
	default:
		return fmt.Errorf("unknown kind; a newer program made this figure")
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
