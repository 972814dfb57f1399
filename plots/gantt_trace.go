package plots

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
)

// maxTrace limits a trace, which travels to the kernel in one message.
const maxTrace = 512 << 20

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
	raw, err := traceBytes(g.Trace)
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

// traceBytes reads a trace from any form in which a cell may have it. A buffer
// is not drained and a file is read from its start, so that a figure can be
// shown twice, and a file that was just written needn't be rewound.
func traceBytes(v any) ([]byte, error) {
	var raw []byte
	var err error
	switch t := v.(type) {
	case []byte:
		raw = t
	case *bytes.Buffer:
		if t == nil {
			return nil, fmt.Errorf("is a nil *bytes.Buffer")
		}
		raw = t.Bytes()
	case string:
		if raw, err = os.ReadFile(t); err != nil {
			return nil, fmt.Errorf("can't be read: %w", err)
		}
	case io.Reader:
		if nilPointer(t) {
			return nil, fmt.Errorf("is a nil %T", t)
		}
		if s, ok := t.(io.Seeker); ok {
			if _, err := s.Seek(0, io.SeekStart); err != nil {
				return nil, fmt.Errorf("can't be read: %w", err)
			}
		}
		if raw, err = io.ReadAll(io.LimitReader(t, maxTrace+1)); err != nil {
			return nil, fmt.Errorf("can't be read: %w", err)
		}
	default:
		return nil, fmt.Errorf("is %s, not bytes, a reader or the path of a file", typeText(v))
	}
	switch {
	case len(raw) == 0:
		return nil, fmt.Errorf("is empty; trace.Stop writes the end of it, and a reader can be read only once")
	case len(raw) > maxTrace:
		return nil, fmt.Errorf("has more than %s; trace a shorter time", SI(maxTrace, "B"))
	}
	return raw, nil
}

// text tells what a recording is, until it is read.
func (r *RecordingData) text() string {
	what, size := "profile", len(r.Profile)
	if r.Trace != nil {
		what, size = "execution trace", len(r.Trace)
	}
	return fmt.Sprintf("%s of %s\n", what, SI(float64(size), "B"))
}
