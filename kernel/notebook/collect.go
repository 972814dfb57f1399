package notebook

import (
	"fmt"
	"maps"
	"strings"
	"sync"

	"hpgo/kernel/display"
	"hpgo/kernel/session"
)

// shownOutputs remembers, over all cells of a run, which outputs were shown
// under which display id, so that an update reaches every one of them.
type shownOutputs map[string][]*Output

// collector is the sink of one cell: it builds the cell's outputs the way
// nbclient does. It may be called from any goroutine; what comes after close
// is dropped, because the cell's outputs are the caller's by then.
type collector struct {
	mu         sync.Mutex
	cell       *Cell
	shown      shownOutputs
	text       *strings.Builder // grows the last output while it is a stream
	clearFirst bool             // clear_output(wait=True) came; the next output clears
	closed     bool
	bad        error // the first value that is no JSON
}

var _ session.Sink = (*collector)(nil)

func newCollector(c *Cell, shown shownOutputs) *collector {
	return &collector{cell: c, shown: shown}
}

// Stream appends text, to the last output when that is the same stream.
func (k *collector) Stream(name, text string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed || text == "" {
		return
	}
	k.beforeOutput()
	if n := len(k.cell.Outputs); k.text == nil || k.cell.Outputs[n-1].Name != name {
		k.append(&Output{Type: StreamOutput, Name: name})
		k.text = &strings.Builder{}
	}
	k.text.WriteString(text)
}

// Display appends, updates or clears.
func (k *collector) Display(e display.Event) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return
	}
	switch e.Op {
	case display.OpClear:
		if e.Wait {
			k.clearFirst = true
		} else {
			k.clear()
		}
	case display.OpUpdate:
		k.update(e)
	case display.OpResult:
		k.rich(ResultOutput, e)
	default:
		k.rich(DisplayOutput, e)
	}
}

// close ends the collection: result and error are appended, streams folded.
func (k *collector) close(r session.Result) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if r.Page != nil { // front ends without a pager show it as an output
		k.rich(DisplayOutput, display.Event{Bundle: *r.Page})
	}
	if r.Value != nil {
		k.rich(ResultOutput, display.Event{Bundle: *r.Value})
	}
	if r.Err != nil {
		k.beforeOutput()
		k.append(&Output{Type: ErrorOutput, EName: r.Err.Name, EValue: r.Err.Value, Traceback: r.Err.Traceback})
	}
	k.endStream()
	if r.Count > 0 {
		k.cell.ExecutionCount = &r.Count
	}
	kept := k.cell.Outputs[:0]
	for _, out := range k.cell.Outputs {
		switch out.Type {
		case StreamOutput:
			if out.Text = FoldStream(out.Text); out.Text == "" {
				continue
			}
		case ResultOutput:
			out.ExecutionCount = k.cell.ExecutionCount
		}
		kept = append(kept, out)
	}
	k.cell.Outputs = kept
	k.closed = true
	return k.bad
}

func (k *collector) rich(kind string, e display.Event) {
	k.beforeOutput()
	out := &Output{Type: kind}
	out.Data, out.Metadata = k.bundle(e.Bundle)
	k.append(out)
	if e.ID != "" {
		k.shown[e.ID] = append(k.shown[e.ID], out)
	}
}

func (k *collector) update(e display.Event) {
	for _, out := range k.shown[e.ID] {
		out.Data, out.Metadata = k.bundle(e.Bundle)
	}
}

// bundle copies a bundle into file form; JSON values become plain trees.
func (k *collector) bundle(b display.Bundle) (data, metadata Object) {
	data, metadata = Object{}, Object{}
	for mime, v := range b.Data {
		data[mime] = k.plain(mime, v)
	}
	for mime, v := range b.Metadata {
		metadata[mime] = k.plain(mime, v)
	}
	return data, metadata
}

func (k *collector) plain(mime string, v any) any {
	switch v.(type) {
	case string, bool, nil:
		return v
	}
	plain, err := plainJSON(v)
	if err != nil {
		if k.bad == nil {
			k.bad = fmt.Errorf("output %s: %w", mime, err)
		}
		return fmt.Sprint(v)
	}
	return plain
}

func (k *collector) append(out *Output) {
	k.endStream()
	k.cell.Outputs = append(k.cell.Outputs, out)
}

func (k *collector) endStream() {
	if k.text != nil {
		k.cell.Outputs[len(k.cell.Outputs)-1].Text = k.text.String()
		k.text = nil
	}
}

func (k *collector) beforeOutput() {
	if k.clearFirst {
		k.clear()
	}
}

// clear drops the outputs, also from the display ids: a later update must
// not bring back what was cleared.
func (k *collector) clear() {
	k.clearFirst = false
	k.text = nil
	gone := make(map[*Output]bool, len(k.cell.Outputs))
	for _, out := range k.cell.Outputs {
		gone[out] = true
	}
	k.cell.Outputs = nil
	for id, outs := range maps.Clone(k.shown) {
		var kept []*Output
		for _, out := range outs {
			if !gone[out] {
				kept = append(kept, out)
			}
		}
		k.shown[id] = kept
	}
}
