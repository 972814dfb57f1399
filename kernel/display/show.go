package display

import (
	"strings"
)

// Show displays each value as an output of its own, in the richest form that
// Format finds.
func Show(values ...any) {
	for _, v := range values {
		process.emit(Event{Op: OpDisplay, Bundle: Format(v)})
	}
}

// Result shows the value of a cell's last expression as Out[n]. Generated code
// calls it; several values, as of a call with several results, are shown as a
// tuple, and no value shows nothing.
func Result(values ...any) {
	if len(values) == 0 {
		return
	}
	process.emit(Event{Op: OpResult, Bundle: FormatTuple(values...)})
}

// FormatTuple is Format for several values at once: text/plain is "(a, b)".
// When all but the first are nil, as in (value, error), the first one's rich
// forms are kept.
func FormatTuple(values ...any) Bundle {
	if len(values) == 1 {
		return Format(values[0])
	}
	parts := make([]string, len(values))
	restNil := true
	for i, v := range values {
		parts[i] = PrettyText(v)
		restNil = restNil && (i == 0 || v == nil)
	}
	if restNil && len(values) > 0 {
		if b := Format(values[0]); len(b.Data) > 1 {
			if text, ok := b.Data[mimeText].(string); ok && !strings.Contains(text, "\n") {
				parts[0] = text
			}
			b.Data[mimeText] = tuple(parts)
			return b
		}
	}
	return textBundle(tuple(parts))
}

func tuple(parts []string) string { return limitText("(" + strings.Join(parts, ", ") + ")") }

// Handle is an output that can be changed after it was shown. Its methods may
// be called from any goroutine, also after the cell has ended.
type Handle struct {
	id string
}

// ShowID displays v as an output that can be replaced: through the Handle, or
// by Update with the same id from anywhere. An empty id is replaced by a new,
// unique one. Showing again under the same id makes a second output; an update
// changes both.
func ShowID(id string, v any) *Handle {
	if id == "" {
		id = process.newID()
	}
	process.emit(Event{Op: OpDisplay, ID: id, Bundle: Format(v)})
	return &Handle{id: id}
}

// Update replaces the outputs that were shown under id.
func Update(id string, v any) {
	process.emit(Event{Op: OpUpdate, ID: id, Bundle: Format(v)})
}

// Update replaces what the handle's output shows.
func (h *Handle) Update(v any) { Update(h.id, v) }

// ID returns the display identifier.
func (h *Handle) ID() string { return h.id }

// String makes a handle readable when it is a cell's last expression.
func (h *Handle) String() string {
	if h == nil {
		return "<nil>"
	}
	return "display " + h.id
}

// Clear removes the outputs of the running cell: at once, or, with wait, when
// the next output comes, which avoids flicker in animations.
func Clear(wait bool) {
	process.emit(Event{Op: OpClear, Wait: wait})
}
