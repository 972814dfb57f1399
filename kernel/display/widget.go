package display

import (
	"encoding/json"
	"sync"
	"time"
)

// Widget is a control or an area in the page, one of those that this package
// makes: Slider, FloatSlider, Bar, Button, Checkbox, Select, Radio, TextBox,
// TextArea, Label, Markup, Output, HBox and VBox. It shows itself as the last
// expression of a cell, or by Show.
//
// A value that the user changes in the page is there at once for Value and
// Listen, also while a cell runs. Callbacks run one at a time and only while no
// cell runs, so that they need no locks against cells; a cell that is started
// meanwhile waits for the callback that runs, and an interrupt stops that one.
// Changes that come faster than a callback can handle them are joined: it sees
// the newest value. What it prints and shows appears below the widget's cell. A
// callback keeps the code that it had when it was registered.
//
// A widget is in the page from its first showing on. Where no page is connected,
// as in an ordinary program, it is a value like any other and shows its text.
type Widget interface {
	core() *widget
}

// The wire of widgets: their comms' target and the form in which outputs refer
// to them. The kernel completes the state of what is opened here.
const (
	widgetTarget = "jupyter.widget"
	mimeWidget   = "application/vnd.jupyter.widget-view+json"
	modelPrefix  = "IPY_MODEL_"
)

// widgetEvery is the least time between two messages about one widget.
const widgetEvery = 50 * time.Millisecond

// widget is what all widgets have in common.
//
// Nothing is sent with mu held: receive takes it, and must not wait for the page.
type widget struct {
	model    string // what it is in the page
	key      string // of its value in the state; empty: it has none
	children []Widget
	decode   func(json.RawMessage) (value any, ok bool) // of the page's value
	encode   func(any) any                              // inverse of decode; nil: as it is
	words    func() string                              // its text

	sending sync.Mutex // held while a message is made and sent; mu is taken inside

	mu      sync.Mutex
	id      string // of its comm; empty: it was not shown yet
	closed  bool
	state   map[string]any // what the page shows or is going to
	late    map[string]any // changes that the page doesn't know yet
	due     time.Time      // when the next message may go
	timer   *time.Timer    // sends what is late; nil: nothing is
	value   any
	heard   []func(any) // told of each change at once; they don't block
	calls   []func(any) // callbacks
	waiting int         // how often callbacks are to be called
	clicks  bool        // each change counts, none may be joined with others
}

func (w *widget) core() *widget { return w }

// get returns the value.
func (w *widget) get() any {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.value
}

// set changes the value here and in the page.
func (w *widget) set(v any) {
	w.mu.Lock()
	w.value = v
	w.mu.Unlock()
	if w.encode != nil {
		v = w.encode(v)
	}
	w.put(w.key, v)
}

// put changes an entry of the state.
func (w *widget) put(key string, v any) {
	w.mu.Lock()
	w.state[key] = v
	if w.id == "" || w.closed {
		w.mu.Unlock()
		return
	}
	if w.late == nil {
		w.late = map[string]any{}
	}
	w.late[key] = v
	wait := time.Until(w.due)
	if wait > 0 && w.timer == nil {
		w.timer = time.AfterFunc(wait, w.flush)
	}
	w.mu.Unlock()
	if wait <= 0 {
		w.flush()
	}
}

// flush sends the changes that the page doesn't know.
func (w *widget) flush() {
	w.sending.Lock()
	defer w.sending.Unlock()
	w.mu.Lock()
	late, id := w.late, w.id
	w.late, w.due = nil, time.Now().Add(widgetEvery)
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
	w.mu.Unlock()
	if len(late) > 0 {
		w.send(CommMsg, id, map[string]any{"method": "update", "state": late, "buffer_paths": []any{}})
	}
}

// send makes and sends a message; the caller holds sending. What widgets say is
// always JSON, and a kernel that is gone takes this process with it.
func (w *widget) send(op, id string, data any) {
	c := Comm{Op: op, ID: id}
	c.Data, _ = json.Marshal(data)
	if op == CommOpen {
		c.Target = widgetTarget
	}
	_ = processComms.emit(c, w)
}

// show makes the widget known to the page, its children first, and returns its
// id; empty if there is no page or it was closed.
func (w *widget) show() string {
	if !processComms.connected() {
		return ""
	}
	w.sending.Lock()
	defer w.sending.Unlock()
	w.mu.Lock()
	id, closed := w.id, w.closed
	w.mu.Unlock()
	if id != "" || closed {
		if closed {
			return ""
		}
		return id
	}
	refs := make([]string, 0, len(w.children))
	for _, child := range w.children {
		if ref := child.core().show(); ref != "" {
			refs = append(refs, modelPrefix+ref)
		}
	}
	id = process.newID()
	w.mu.Lock()
	w.id = id
	if w.children != nil {
		w.state["children"] = refs
	}
	state := map[string]any{"_model_name": w.model}
	for k, v := range w.state {
		state[k] = v
	}
	w.mu.Unlock()
	w.send(CommOpen, id, map[string]any{"state": state, "buffer_paths": []any{}})
	return id
}

// Close removes the widget from the page.
func (w *widget) Close() {
	w.sending.Lock()
	defer w.sending.Unlock()
	w.mu.Lock()
	id, again := w.id, w.closed
	w.closed = true
	w.mu.Unlock()
	if id != "" && !again {
		w.send(CommClose, id, map[string]any{})
	}
}

// bundle shows the widget. The kernel adds what front ends without ipywidgets
// show, and the text of what stands in areas.
func (w *widget) bundle() Bundle {
	b := textBundle(w.words())
	if id := w.show(); id != "" {
		w.flush()
		b.Data[mimeWidget] = map[string]any{"version_major": 2, "version_minor": 0, "model_id": id}
	}
	return b
}

// String is the widget's text.
func (w *widget) String() string { return w.words() }

// receive takes a message of the page. What isn't understood is passed over: the
// kernel has noted it.
func (w *widget) receive(c Comm) {
	var m struct {
		Method  string                     `json:"method"`
		State   map[string]json.RawMessage `json:"state"`
		Content struct {
			Event string `json:"event"`
		} `json:"content"`
	}
	if c.Op != CommMsg || json.Unmarshal(c.Data, &m) != nil {
		return
	}
	switch {
	case m.Method == "update" && w.decode != nil:
		if v, ok := w.decode(m.State[w.key]); ok {
			w.changed(v, json.RawMessage(m.State[w.key]))
		}
	case m.Method == "custom" && m.Content.Event == "click" && w.clicks:
		n, _ := w.get().(int)
		w.changed(n+1, nil)
	}
}

// changed takes a value of the page; raw is what it is in the state.
func (w *widget) changed(v any, raw json.RawMessage) {
	w.mu.Lock()
	if v == w.value {
		w.mu.Unlock()
		return
	}
	w.value = v
	if raw != nil {
		w.state[w.key] = raw
		delete(w.late, w.key)
	}
	heard, call := w.heard, len(w.calls) > 0
	w.mu.Unlock()
	for _, f := range heard {
		f(v)
	}
	if call {
		w.want()
	}
}

// want has the callbacks called, unless that is already to come.
func (w *widget) want() {
	w.mu.Lock()
	first, id := w.waiting == 0, w.id
	if first || w.clicks {
		w.waiting++
	}
	w.mu.Unlock()
	if first && id != "" {
		processComms.want(id)
	}
}

// runCallbacks calls the callbacks, for clicks as often as there were some.
func (w *widget) runCallbacks() {
	w.mu.Lock()
	times := w.waiting
	w.waiting = 0
	w.mu.Unlock()
	for range times {
		w.mu.Lock()
		calls, v := w.calls, w.value
		w.mu.Unlock()
		for _, f := range calls {
			f(v)
		}
	}
}

// onChange registers a callback.
func (w *widget) onChange(f func(any)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, f)
}

// onChange registers a callback for values of a type. A nil one would fail where
// nobody sees what is wrong.
func onChange[T any](w *widget, f func(T)) {
	if f == nil {
		panic("display: OnChange takes a function, not nil")
	}
	w.onChange(func(v any) { f(v.(T)) })
}

// hear registers what is told at once.
func (w *widget) hear(f func(any)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard = append(w.heard, f)
}

// listen makes a channel that holds the newest value that nobody has received.
func listen[T any](w *widget) <-chan T {
	c := make(chan T, 1)
	var mu sync.Mutex
	w.hear(func(v any) {
		mu.Lock()
		defer mu.Unlock()
		select {
		case <-c:
		default:
		}
		c <- v.(T)
	})
	return c
}
