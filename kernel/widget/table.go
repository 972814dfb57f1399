package widget

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"hpgo/kernel/display"
)

// Targets of the comms of ipywidgets, and the versions of its protocols.
const (
	Target        = "jupyter.widget"
	ControlTarget = "jupyter.widget.control"

	openMetadata = `{"version":"2.1.0"}`
)

const (
	modelPrefix = "IPY_MODEL_"
	// parameterKey is where a cell says which function's parameter a control is
	// for, so that the control can get its name.
	parameterKey = "_hpgo_parameter"
)

// Options say where a table's widgets are shown.
type Options struct {
	// Page says that a page shows the widgets. Else they end with the run, and
	// their outputs are only what they look like.
	Page bool
	// KernelID is the kernel's id at the Jupyter server; empty: HTML forms stay
	// without a script.
	KernelID string
	// ParameterName finds the name of a function's parameter, given the place of
	// the function and the number of the parameter; empty: unknown.
	ParameterName func(file string, line, index int) string
	// Note receives what was wrong with a message of the page.
	Note func(text string)
}

// Table holds the widgets of a session. Its methods may be called from any
// goroutine; what they return goes to the page, in that order.
type Table struct {
	opt    Options
	prefix string // of the ids of the table's own models
	now    func() time.Time

	mu     sync.Mutex
	models map[string]*model
	order  []string // ids, as they were opened
}

// model is an open model.
type model struct {
	own  state // all but what the area has
	area *area // of an OutputModel
}

// state is the whole state.
func (m *model) state() state {
	if m.area != nil && m.area.stale {
		m.own["outputs"], m.area.stale = raw(m.area.forms()), false
	}
	return m.own
}

// New returns a table without widgets.
func New(o Options) *Table {
	if o.ParameterName == nil {
		o.ParameterName = func(string, int, int) string { return "" }
	}
	if o.Note == nil {
		o.Note = func(string) {}
	}
	var b [8]byte
	rand.Read(b[:]) // never fails: see crypto/rand
	return &Table{opt: o, prefix: "hpgo-" + hex.EncodeToString(b[:]) + "-", now: time.Now, models: map[string]*model{}}
}

// message is the data of a comm message of the protocol.
type message struct {
	Method  string          `json:"method,omitempty"`
	State   state           `json:"state,omitempty"`
	Paths   json.RawMessage `json:"buffer_paths,omitempty"`
	Content json.RawMessage `json:"content,omitempty"`
}

// FromWorker takes a message of a cell about a widget.
func (t *Table) FromWorker(c display.Comm) []display.Comm {
	t.mu.Lock()
	defer t.mu.Unlock()
	var m message
	if len(c.Data) > 0 && json.Unmarshal(c.Data, &m) != nil {
		return []display.Comm{c}
	}
	switch known := t.models[c.ID]; {
	case c.Op == display.CommOpen:
		return t.open(c.ID, m.State)
	case known == nil:
	case c.Op == display.CommClose:
		t.forget(c.ID)
	case m.Method == "update":
		for k, v := range m.State {
			known.own[k] = v
		}
	}
	return []display.Comm{c}
}

// open makes a model of what a cell says, after the models that it refers to.
func (t *Table) open(id string, own state) []display.Comm {
	var made []display.Comm
	use := func(suffix string, s func() state) string {
		ref := t.prefix + suffix
		if t.models[ref] == nil {
			made = append(made, t.add(ref, s()))
		}
		return ref
	}
	t.name(own)
	layout := use("layout", layoutState)
	style := models[own.text("_model_name")].style
	if style != "" {
		wide := isWide(own)
		suffix := strings.ToLower(strings.TrimSuffix(style, "StyleModel")) + "-style"
		if wide {
			suffix += "-wide"
		}
		style = use(suffix, func() state { return styleState(style, wide) })
	}
	return append(made, t.add(id, complete(own, layout, style)))
}

// name gives a control the name of its parameter.
func (t *Table) name(own state) {
	at, has := own[parameterKey]
	if !has {
		return
	}
	delete(own, parameterKey)
	var p struct {
		File  string
		Line  int
		Index int
	}
	if json.Unmarshal(at, &p) != nil {
		return
	}
	if name := t.opt.ParameterName(p.File, p.Line, p.Index); name != "" {
		own["description"] = raw(name)
	}
}

// add keeps a model and returns the message that opens it.
func (t *Table) add(id string, s state) display.Comm {
	m := &model{own: s}
	if s.text("_model_name") == "OutputModel" {
		m.area = &area{}
	}
	t.models[id] = m
	t.order = append(t.order, id)
	return display.Comm{Op: display.CommOpen, ID: id, Target: Target, Metadata: json.RawMessage(openMetadata),
		Data: raw(map[string]any{"state": s, "buffer_paths": []any{}})}
}

func (t *Table) forget(id string) {
	delete(t.models, id)
	for i, o := range t.order {
		if o == id {
			t.order = append(t.order[:i], t.order[i+1:]...)
			return
		}
	}
}

// update is the message with a model's new values.
func update(id, method string, s state) display.Comm {
	return display.Comm{Op: display.CommMsg, ID: id, Data: raw(map[string]any{"method": method, "state": s, "buffer_paths": []any{}})}
}

// FromPage takes a message of the page about a widget, and says whether the
// worker must hear of it.
func (t *Table) FromPage(c display.Comm) (answers []display.Comm, worker bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	known := t.models[c.ID]
	if known == nil || c.Op != display.CommMsg {
		return nil, false
	}
	var m message
	if err := json.Unmarshal(c.Data, &m); err != nil {
		t.note(c.ID, err.Error())
		return nil, false
	}
	switch m.Method {
	case "request_state":
		return []display.Comm{update(c.ID, "update", known.state())}, false
	case "custom":
		return nil, true
	case "update":
		for k, v := range m.State {
			if was, has := known.own[k]; !has || !sameKind(was, v) || isStructure(k) {
				t.note(c.ID, fmt.Sprintf("%s can't be %.40s", k, v))
				return nil, false
			}
		}
		for k, v := range m.State {
			known.own[k] = v
		}
		echo := update(c.ID, "echo_update", m.State)
		echo.Buffers = c.Buffers
		return []display.Comm{echo}, true
	}
	t.note(c.ID, fmt.Sprintf("method %.40q is not known", m.Method))
	return nil, false
}

func (t *Table) note(id, text string) {
	what := strings.TrimSuffix(t.models[id].own.text("_model_name"), "Model")
	t.opt.Note(fmt.Sprintf("message of the page about a %s ignored: %s", what, text))
}

// isStructure reports whether an entry of a state says what a model is or refers
// to, which is not the page's to change: boxes in themselves have no end.
func isStructure(key string) bool {
	return strings.HasPrefix(key, "_") || key == "children" || key == "layout" || key == "style"
}

// sameKind reports whether a value may take another's place: what JSON calls a
// number stays one. null may become anything and the other way round.
func sameKind(was, is json.RawMessage) bool {
	a, b := jsonKind(was), jsonKind(is)
	return b != 0 && (a == b || a == 'n' || b == 'n')
}

// jsonKind is the first letter of a value's kind: { [ " t n 0.
func jsonKind(v json.RawMessage) byte {
	if len(v) == 0 {
		return 0
	}
	switch c := v[0]; {
	case c == '-' || c >= '0' && c <= '9':
		return '0'
	case c == 'f':
		return 't'
	default:
		return c
	}
}

// Control takes a message on a comm of ControlTarget, by which a page that was
// loaded again asks for all states.
func (t *Table) Control(c display.Comm) []display.Comm {
	var m message
	if c.Op != display.CommMsg {
		return nil
	}
	if err := json.Unmarshal(c.Data, &m); err != nil || m.Method != "request_states" {
		t.opt.Note(fmt.Sprintf("message of the page about all widgets ignored: method %.40q is not known", m.Method))
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	states := map[string]any{}
	for id, m := range t.models {
		states[id] = map[string]any{"model_name": m.own["_model_name"], "model_module": m.own["_model_module"],
			"model_module_version": m.own["_model_module_version"], "state": m.state()}
	}
	return []display.Comm{{Op: display.CommMsg, ID: c.ID, Data: raw(map[string]any{"method": "update_states", "states": states, "buffer_paths": []any{}})}}
}

// IsOpen reports whether a model is open.
func (t *Table) IsOpen(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.models[id] != nil
}
