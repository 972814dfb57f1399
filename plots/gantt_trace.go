package plots

import (
	"fmt"
	"strconv"
)

// encodeTrace hands a trace over to be read where the figure is drawn.
func (g Gantt) encodeTrace(d Data) (Data, error) {
	for _, other := range []any{g.Data, g.From, g.To, g.Row, g.Name, g.Kind} {
		if other != nil || g.Spans != nil {
			return Data{}, fmt.Errorf("gantt: Trace comes alone, without spans, Data or columns")
		}
	}
	switch g.View {
	case ByGoroutine, "goroutines", ByProcessor, ByRegion:
	default:
		return Data{}, fmt.Errorf("gantt: View is %q; it may be %q, %q or %q", g.View, "goroutines", ByProcessor, ByRegion)
	}
	raw, err := recorded(g.Trace, "trace.Stop writes the end of it, and a reader can be read only once")
	if err != nil {
		return Data{}, fmt.Errorf("gantt: Trace %w", err)
	}
	options := map[string]string{"view": string(g.View)}
	if lo, hi := g.X.Limits[0], g.X.Limits[1]; lo != hi {
		if !finite(lo) || !finite(hi) {
			return Data{}, fmt.Errorf("gantt: the trace can't be cut to %v to %v s", lo, hi)
		}
		options["from"] = strconv.FormatFloat(min(lo, hi), 'g', -1, 64)
		options["to"] = strconv.FormatFloat(max(lo, hi), 'g', -1, 64)
	}
	if g.MaxRows > 0 {
		options["rows"] = strconv.Itoa(g.MaxRows)
	}
	if g.Height != 0 {
		if d.Height, err = side("Height", g.Height, 0); err != nil {
			return Data{}, err
		}
	}
	d.Recording = &RecordingData{Trace: raw, Options: options}
	return d, nil
}
