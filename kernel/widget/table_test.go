package widget

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"hpgo/kernel/display"
)

var rewrite = flag.Bool("update", false, "rewrite the golden file")

// newTable makes a table whose ids are always the same, and what it notes.
func newTable() (*Table, *[]string) {
	notes := &[]string{}
	t := New(Options{Page: true, KernelID: "k", Note: func(s string) { *notes = append(*notes, s) },
		ParameterName: func(file string, line, index int) string { return fmt.Sprintf("%s:%d:%d", file, line, index) }})
	t.prefix = "T-"
	return t, notes
}

// open is what a cell sends to open a model.
func open(id, state string) display.Comm {
	return display.Comm{Op: display.CommOpen, ID: id, Target: Target, Data: json.RawMessage(`{"state":` + state + `,"buffer_paths":[]}`)}
}

func msg(id, data string) display.Comm {
	return display.Comm{Op: display.CommMsg, ID: id, Data: json.RawMessage(data)}
}

// told are messages in short.
func told(messages []display.Comm) string {
	var parts []string
	for _, m := range messages {
		parts = append(parts, strings.TrimSpace(m.Op+" "+m.ID+" "+string(m.Data)))
	}
	return strings.Join(parts, "\n")
}

// cells are the states that package display sends.
var cells = []string{
	`{"_model_name":"IntSliderModel","description":"n","max":100,"min":0,"value":5}`,
	`{"_model_name":"FloatSliderModel","description":"a label that is long","max":1,"min":0,"value":0.5,"step":0.01,"readout_format":".2f"}`,
	`{"_model_name":"IntProgressModel","description":"done","max":10,"min":0,"value":3}`,
	`{"_model_name":"ButtonModel","description":"go"}`,
	`{"_model_name":"DropdownModel","description":"pick","_options_labels":["a","b"],"index":1}`,
	`{"_model_name":"RadioButtonsModel","description":"pick","_options_labels":["a","b"],"index":0}`,
	`{"_model_name":"CheckboxModel","description":"on","value":true}`,
	`{"_model_name":"TextModel","description":"text","value":"a"}`,
	`{"_model_name":"TextareaModel","description":"text","value":"a\nb"}`,
	`{"_model_name":"LabelModel","description":"","value":"a < b"}`,
	`{"_model_name":"HTMLModel","description":"","value":"<b>a</b>"}`,
	`{"_model_name":"OutputModel"}`,
	`{"_model_name":"HBoxModel","children":["IPY_MODEL_m1","IPY_MODEL_m4"]}`,
	`{"_model_name":"VBoxModel","children":["IPY_MODEL_m13","IPY_MODEL_m12","IPY_MODEL_gone"]}`,
}

// filled is a table with one model of each kind, m1 and on.
func filled() (*Table, []display.Comm) {
	t, _ := newTable()
	var opened []display.Comm
	for i, s := range cells {
		opened = append(opened, t.FromWorker(open(fmt.Sprintf("m%d", i+1), s))...)
	}
	return t, opened
}

// TestOpenGolden holds the messages that open all models against a file.
func TestOpenGolden(t *testing.T) {
	_, opened := filled()
	var b bytes.Buffer
	for _, c := range opened {
		if c.Op != display.CommOpen || c.Target != Target || string(c.Metadata) != `{"version":"2.1.0"}` {
			t.Errorf("%s %s to %q with %s", c.Op, c.ID, c.Target, c.Metadata)
		}
		b.WriteString(c.ID + " ")
		if err := json.Indent(&b, c.Data, "", " "); err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n")
	}
	const file = "testdata/open.golden"
	if *rewrite {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, b.Bytes()) {
		t.Errorf("got\n%s\nwant\n%s", b.Bytes(), want)
	}
}

// TestOrder: a model that another refers to is opened before it, and once.
func TestOrder(t *testing.T) {
	_, opened := filled()
	seen := map[string]bool{}
	for _, c := range opened {
		if seen[c.ID] {
			t.Errorf("%s is opened twice", c.ID)
		}
		seen[c.ID] = true
		var m message
		if err := json.Unmarshal(c.Data, &m); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"layout", "style"} {
			if ref := m.State.text(key); ref != "" && !seen[strings.TrimPrefix(ref, modelPrefix)] {
				t.Errorf("%s refers to %s, which isn't open", c.ID, ref)
			}
		}
	}
}

// TestFromPage: what the page says is kept, checked, echoed and passed on.
func TestFromPage(t *testing.T) {
	for _, test := range []struct {
		name, data string
		answer     string
		worker     bool
		note       string
	}{
		{"value", `{"method":"update","state":{"value":7},"buffer_paths":[]}`, `msg m1 {"buffer_paths":[],"method":"echo_update","state":{"value":7}}`, true, ""},
		{"null for a number", `{"method":"update","state":{"value":null}}`, `msg m1 {"buffer_paths":[],"method":"echo_update","state":{"value":null}}`, true, ""},
		{"another kind", `{"method":"update","state":{"value":"x"}}`, "", false, `message of the page about a IntSlider ignored: value can't be "x"`},
		{"unknown key", `{"method":"update","state":{"colour":"x"}}`, "", false, `message of the page about a IntSlider ignored: colour can't be "x"`},
		{"what it is", `{"method":"update","state":{"_model_name":"VBoxModel"}}`, "", false, `message of the page about a IntSlider ignored: _model_name can't be "VBoxModel"`},
		{"unknown method", `{"method":"explode"}`, "", false, `message of the page about a IntSlider ignored: method "explode" is not known`},
		{"no object", `7`, "", false, "message of the page about a IntSlider ignored: json: cannot unmarshal number into Go value of type widget.message"},
		{"custom", `{"method":"custom","content":{"event":"click"}}`, "", true, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			table, notes := newTable()
			table.FromWorker(open("m1", cells[0]))
			answers, worker := table.FromPage(msg("m1", test.data))
			if told(answers) != test.answer || worker != test.worker || strings.Join(*notes, "\n") != test.note {
				t.Errorf("got %q, %v, noted %q", told(answers), worker, *notes)
			}
		})
	}
	table, notes := newTable()
	if answers, worker := table.FromPage(msg("nobody", `{"method":"update"}`)); answers != nil || worker || len(*notes) > 0 {
		t.Errorf("about nobody: %v, %v, %q", answers, worker, *notes)
	}
}

// TestStates: both ways by which a page asks for states, after changes of both
// sides; a closed model is gone.
func TestStates(t *testing.T) {
	table, notes := newTable()
	table.FromWorker(open("m1", `{"_model_name":"IntSliderModel","description":"","_hpgo_parameter":{"file":"cell 3","line":2,"index":1},"max":9,"min":0,"value":1}`))
	table.FromWorker(open("o", `{"_model_name":"OutputModel"}`))
	table.FromWorker(msg("m1", `{"method":"update","state":{"max":12}}`))
	table.FromPage(msg("m1", `{"method":"update","state":{"value":8}}`))
	table.Begin("o")
	table.Stream("o", "stdout", "hello")
	state := func(c display.Comm) map[string]json.RawMessage {
		var m message
		if err := json.Unmarshal(c.Data, &m); err != nil {
			t.Fatal(err)
		}
		return m.State
	}
	answers, worker := table.FromPage(msg("m1", `{"method":"request_state"}`))
	if worker || len(answers) != 1 {
		t.Fatalf("%v, %v", answers, worker)
	}
	s := state(answers[0])
	if string(s["value"]) != "8" || string(s["max"]) != "12" || string(s["description"]) != `"cell 3:2:1"` || s[parameterKey] != nil {
		t.Errorf("state %s", answers[0].Data)
	}
	answers, _ = table.FromPage(msg("o", `{"method":"request_state"}`))
	if got := string(state(answers[0])["outputs"]); got != `[{"name":"stdout","output_type":"stream","text":"hello"}]` {
		t.Errorf("outputs %s", got)
	}
	table.FromWorker(display.Comm{Op: display.CommClose, ID: "o"})
	answers = table.Control(msg("c", `{"method":"request_states"}`))
	var all struct {
		Method string
		States map[string]struct {
			Name    string `json:"model_name"`
			Module  string `json:"model_module"`
			Version string `json:"model_module_version"`
			State   anyState
		}
	}
	if err := json.Unmarshal(answers[0].Data, &all); err != nil {
		t.Fatal(err)
	}
	m := all.States["m1"]
	if answers[0].ID != "c" || all.Method != "update_states" || len(all.States) != 3 || m.Name != "IntSliderModel" || m.Module != controlsModule || m.Version != "2.0.0" || string(m.State["value"]) != "8" {
		t.Errorf("states %s", answers[0].Data)
	}
	if table.Control(msg("c", `{"method":"x"}`)) != nil || table.Control(display.Comm{Op: display.CommOpen}) != nil || len(*notes) != 1 {
		t.Errorf("notes %q", *notes)
	}
}

type anyState = map[string]json.RawMessage

// FuzzFromPage: nothing that a page says makes the table panic, or lets it send
// what is no JSON.
func FuzzFromPage(f *testing.F) {
	for _, s := range []string{`{"method":"update","state":{"value":7}}`, `{"method":"update","state":{"children":["IPY_MODEL_m14"]}}`,
		`{"method":"update","state":{"outputs":[{}],"index":null}}`, `{"method":"request_states"}`, `{"state":7}`, "{", ""} {
		for id := range 14 {
			f.Add(fmt.Sprintf("m%d", id+1), s)
		}
	}
	f.Fuzz(func(t *testing.T, id, data string) {
		table, _ := filled()
		answers, _ := table.FromPage(msg(id, data))
		answers = append(answers, table.Control(msg(id, data))...)
		for _, a := range answers {
			if !json.Valid(a.Data) {
				t.Errorf("%s isn't JSON", a.Data)
			}
		}
		table.Complete(display.Bundle{Data: map[string]any{viewMIME: map[string]any{"model_id": "m14"}}})
		table.Complete(display.Bundle{Data: map[string]any{viewMIME: map[string]any{"model_id": id}}})
	})
}
