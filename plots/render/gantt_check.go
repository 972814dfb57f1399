package render

import (
	"fmt"

	"hpgo/plots"
)

// Limits of a foreign timeline.
const (
	maxTimelineRows  = 10_000
	maxTimelineSpans = 1_000_000
	maxTimelineLanes = 64
)

// checkGantt refuses a timeline whose spans have no place.
func checkGantt(g *plots.GanttData) error {
	if err := checkAxis("time", g.Axis); err != nil {
		return err
	}
	if g.Axis.Log || g.Axis.Categories != nil {
		return fmt.Errorf("figure's time axis is not one of plain numbers")
	}
	if len(g.Rows) == 0 || len(g.Rows) > maxTimelineRows || len(g.Spans) > maxTimelineSpans {
		return fmt.Errorf("figure has %d rows with %d spans", len(g.Rows), len(g.Spans))
	}
	if len(g.Cells) != 0 && len(g.Cells) != len(g.Rows) {
		return fmt.Errorf("figure has %d rows and %d cells beside them", len(g.Rows), len(g.Cells))
	}
	for i, k := range g.Kinds {
		if k.Series < 0 {
			return fmt.Errorf("figure's kind %d (%q) has colour %d", i+1, k.Name, k.Series)
		}
	}
	for i, s := range g.Spans {
		if s.Row < -1 || s.Row >= len(g.Rows) || s.Kind < 0 || s.Kind >= len(g.Kinds) || s.Depth < 0 || s.Depth >= maxTimelineLanes ||
			!finite(s.From) || !finite(s.To) || s.From > s.To {
			return fmt.Errorf("figure's span %d (%q) has no place", i+1, s.Name)
		}
	}
	for i, m := range g.Marks {
		if m.Row < 0 || m.Row >= len(g.Rows) || !finite(m.At) {
			return fmt.Errorf("figure's mark %d (%q) has no place", i+1, m.Name)
		}
	}
	return nil
}
