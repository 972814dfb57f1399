package widget

import (
	"slices"
	"time"

	"hpgo/kernel/display"
)

const (
	// areaEvery is the least time between two states of an area.
	areaEvery = 100 * time.Millisecond
	// areaText is the most text that an area shows.
	areaText = 1 << 20
)

// area collects the outputs of an OutputModel.
type area struct {
	outputs []*output
	fresh   bool // the next output takes the place of all
	text    int  // bytes of text
	sent    time.Time
	dirty   bool // the page doesn't know all
	stale   bool // nor does the model's state
}

// changed says that the outputs are others now.
func (a *area) changed() { a.dirty, a.stale = true, true }

// output is one output in a notebook's form.
type output struct {
	id   string // for updates
	form map[string]any
}

// Begin makes the outputs that follow replace those of an area.
func (t *Table) Begin(id string) {
	t.with(id, func(a *area) { a.fresh = true })
}

// End says that an area's outputs are complete.
func (t *Table) End(id string) []display.Comm {
	t.with(id, func(a *area) {
		a.renew()
		a.sent = time.Time{}
	})
	return t.send(id)
}

// Stream adds text to an area.
func (t *Table) Stream(id, name, text string) []display.Comm {
	t.with(id, func(a *area) { a.stream(name, text) })
	return t.send(id)
}

// Display adds or clears outputs of an area; the bundle is drawn.
func (t *Table) Display(id string, e display.Event) []display.Comm {
	t.with(id, func(a *area) {
		if e.Op != display.OpClear {
			a.add(&output{e.ID, displayForm(e.Bundle)})
			return
		}
		a.fresh = true
		if !e.Wait {
			a.renew()
		}
	})
	return t.send(id)
}

// Fail adds an error to an area, as the last of its outputs.
func (t *Table) Fail(id, name, value string, traceback []string) []display.Comm {
	t.with(id, func(a *area) {
		a.add(&output{form: map[string]any{"output_type": "error", "ename": name, "evalue": value, "traceback": append([]string{}, traceback...)}})
		a.sent = time.Time{}
	})
	return t.send(id)
}

// IsArea reports whether a model is an open area.
func (t *Table) IsArea(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.models[id] != nil && t.models[id].area != nil
}

// HasOutput reports whether an area has an output with this ID.
func (t *Table) HasOutput(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range t.models {
		if m.area != nil && slices.ContainsFunc(m.area.outputs, func(o *output) bool { return id != "" && o.id == id }) {
			return true
		}
	}
	return false
}

// Update replaces outputs with the event's ID in all areas, if there are some.
func (t *Table) Update(e display.Event) (changed []display.Comm, found bool) {
	var ids []string
	t.mu.Lock()
	for _, id := range t.order {
		if a := t.models[id].area; a != nil && a.replace(e) {
			ids = append(ids, id)
		}
	}
	t.mu.Unlock()
	for _, id := range ids {
		changed = append(changed, t.send(id)...)
	}
	return changed, len(ids) > 0
}

// with does something to an area, if it is there.
func (t *Table) with(id string, do func(*area)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if m := t.models[id]; m != nil && m.area != nil {
		do(m.area)
	}
}

// send returns the message with an area's state, unless one was just sent: a
// later one, at the latest that of End, has it all.
func (t *Table) send(id string) []display.Comm {
	t.mu.Lock()
	defer t.mu.Unlock()
	m := t.models[id]
	if m == nil || m.area == nil || !m.area.dirty || t.now().Sub(m.area.sent) < areaEvery {
		return nil
	}
	m.area.sent, m.area.dirty = t.now(), false
	return []display.Comm{update(id, "update", state{"outputs": m.state()["outputs"]})}
}

// renew empties an area that is to be filled anew.
func (a *area) renew() {
	if a.fresh {
		a.outputs, a.text, a.fresh = nil, 0, false
		a.changed()
	}
}

func (a *area) add(o *output) {
	a.renew()
	a.outputs = append(a.outputs, o)
	a.changed()
}

func (a *area) stream(name, text string) {
	a.renew()
	if a.text += len(text); a.text > areaText {
		if a.text-len(text) <= areaText {
			a.add(&output{form: streamForm("stderr", "[more text than an area shows]\n")})
		}
		return
	}
	a.changed()
	if n := len(a.outputs); n > 0 && a.outputs[n-1].form["name"] == name {
		last := a.outputs[n-1].form
		last["text"] = last["text"].(string) + text
		return
	}
	a.add(&output{form: streamForm(name, text)})
}

// replace updates the outputs with an ID; false: there are none.
func (a *area) replace(e display.Event) bool {
	found := false
	for _, o := range a.outputs {
		if e.ID != "" && o.id == e.ID {
			o.form, found = displayForm(e.Bundle), true
			a.changed()
		}
	}
	return found
}

func (a *area) forms() []map[string]any {
	forms := make([]map[string]any, 0, len(a.outputs))
	for _, o := range a.outputs {
		forms = append(forms, o.form)
	}
	return forms
}

func streamForm(name, text string) map[string]any {
	return map[string]any{"output_type": "stream", "name": name, "text": text}
}

// displayForm is a bundle as an output, without the data that only hpgo reads.
func displayForm(b display.Bundle) map[string]any {
	data, metadata := map[string]any{}, map[string]any{}
	for mime, v := range b.Data {
		if !ownMIME(mime) {
			data[mime] = v
		}
	}
	for k, v := range b.Metadata {
		metadata[k] = v
	}
	return map[string]any{"output_type": "display_data", "data": data, "metadata": metadata}
}
