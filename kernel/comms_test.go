package main

import (
	"encoding/json"
	"strings"
	"testing"

	"hpgo/kernel/jupyter/jupytertest"
)

// widgetCell makes a slider whose callback prints.
const widgetCell = `import "hpgo/kernel/display"
n := display.Slider("n", 0, 100)
n.OnChange(func(v int) { fmt.Println("now", v) })
n`

// commID finds the comm of a model among what was published.
func commID(t *testing.T, published []jupytertest.Message, model string) string {
	t.Helper()
	for _, m := range published {
		data, _ := m.Content["data"].(map[string]any)
		state, _ := data["state"].(map[string]any)
		if m.Type == "comm_open" && state["_model_name"] == model {
			if m.Text("target_name") != "jupyter.widget" || string(m.Raw.Metadata) != `{"version":"2.1.0"}` {
				t.Errorf("comm_open %v with %s", m, m.Raw.Metadata)
			}
			return m.Text("comm_id")
		}
	}
	t.Fatalf("no %s in %v", model, published)
	return ""
}

// commMessages are the comm messages among what was published, in short.
func commMessages(published []jupytertest.Message) string {
	var all []string
	for _, m := range published {
		if text, err := json.Marshal(m.Content["data"]); err == nil && strings.HasPrefix(m.Type, "comm_") {
			all = append(all, m.Type+" "+string(text))
		}
	}
	return strings.Join(all, "\n")
}

// TestKernelWidgets speaks ipywidgets' protocol with the kernel as a page does.
func TestKernelWidgets(t *testing.T) {
	s, other := serve(t), serve(t)
	_, published := s.Execute(widgetCell)
	id := commID(t, published, "IntSliderModel")
	_, published = other.Execute(widgetCell)
	otherID := commID(t, published, "IntSliderModel")
	update := func(s *served, id, value string) []jupytertest.Message {
		return s.Published(s.SendComm("comm_msg", map[string]any{"comm_id": id, "data": map[string]any{
			"method": "update", "state": map[string]any{"value": json.RawMessage(value)}, "buffer_paths": []any{}}}))
	}
	if got := commMessages(update(s, id, "7")); got != `comm_msg {"buffer_paths":[],"method":"echo_update","state":{"value":7}}` {
		t.Errorf("the echo is %s", got)
	}
	s.PublishedWhere("what the callback prints", func(m jupytertest.Message) bool { return m.Type == "stream" && m.Text("text") == "now 7\n" })
	if got := commMessages(update(s, id, `"x"`)); got != "" {
		t.Errorf("a text for a number: %s", got)
	}
	if got := commMessages(update(s, otherID, "9")); got != "comm_close {}" {
		t.Errorf("another kernel's widget: %s", got)
	}
	if _, published := other.Execute("n.Value()"); !strings.Contains(shown(published), "0") {
		t.Errorf("the other kernel's value: %s", shown(published))
	}

	// A page without ipywidgets refuses the comm; another page goes on.
	s.Published(s.SendComm("comm_close", map[string]any{"comm_id": id, "data": map[string]any{}}))
	// A page that was loaded again finds what there is.
	reply, _ := s.Request("shell", "comm_info_request", map[string]any{"target_name": "jupyter.widget"})
	if comms, _ := reply.Content["comms"].(map[string]any); comms[id] == nil || len(comms) != 3 {
		t.Errorf("comms %v", comms)
	}
	s.Published(s.SendComm("comm_open", map[string]any{"comm_id": "page", "target_name": "jupyter.widget.control", "data": map[string]any{}}))
	states := commMessages(s.Published(s.SendComm("comm_msg", map[string]any{"comm_id": "page", "data": map[string]any{"method": "request_states"}})))
	if !strings.Contains(states, `"method":"update_states"`) || !strings.Contains(states, `"value":7`) || strings.Count(states, `"model_name"`) != 3 {
		t.Errorf("states %s", states)
	}
	s.Published(s.SendComm("comm_close", map[string]any{"comm_id": "page", "data": map[string]any{}}))

	// With the worker its widgets end.
	_, published = s.Execute("os.Exit(1)")
	closes := 0
	for _, m := range published {
		if m.Type == "comm_close" && m.Text("comm_id") == id {
			closes++
		}
	}
	if closes != 1 {
		t.Errorf("%d closes in %v", closes, published)
	}
}
