package display

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// wirePage takes what widgets send, in place of a page.
type wirePage struct {
	mu     sync.Mutex
	sent   []Comm
	wanted []string
	events []Event
}

// connectPage connects the process's widgets and displays to a page for a test.
func connectPage(t *testing.T) *wirePage {
	p := &wirePage{}
	SetComms(func(c Comm) error {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sent = append(p.sent, c)
		return nil
	}, func(id string) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.wanted = append(p.wanted, id)
	})
	SetTransport(func(e Event) error {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.events = append(p.events, e)
		return nil
	})
	t.Cleanup(func() {
		SetComms(nil, nil)
		SetTransport(nil)
	})
	return p
}

// take returns what was sent since the last call, in short.
func (p *wirePage) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, c := range p.sent {
		out = append(out, c.Op+" "+string(c.Data))
	}
	p.sent = nil
	return out
}

// says has the page send a message about a widget.
func says(w Widget, data string) {
	Receive(Comm{Op: CommMsg, ID: w.core().show(), Data: json.RawMessage(data)})
}

func pageSets(w Widget, value string) {
	says(w, `{"method":"update","state":{"`+w.core().key+`":`+value+`}}`)
}

// TestWidgetStates: what the kernel hears when a widget is shown.
func TestWidgetStates(t *testing.T) {
	p := connectPage(t)
	for _, test := range []struct {
		w    Widget
		text string
		open string
	}{
		{Slider("n", 1, 10).Start(4).Step(3), "n: 4 (1 to 10)", `{"_model_name":"IntSliderModel","description":"n","max":10,"min":1,"step":3,"value":4}`},
		{FloatSlider("x", 0, 0.5), "x: 0 (0 to 0.5)", `{"_model_name":"FloatSliderModel","description":"x","max":0.5,"min":0,"readout_format":".3f","step":0.005,"value":0}`},
		{Bar("done", 7), "done: 0 (0 to 7)", `{"_model_name":"IntProgressModel","description":"done","max":7,"min":0,"value":0}`},
		{Checkbox("on", true), "on: true", `{"_model_name":"CheckboxModel","description":"on","value":true}`},
		{Button("go"), "[go]", `{"_model_name":"ButtonModel","description":"go"}`},
		{Select("pick", "a", "b").Start("b"), "pick: b (of 2)", `{"_model_name":"DropdownModel","_options_labels":["a","b"],"description":"pick","index":1}`},
		{Radio("pick", "a", "b"), "pick: a (of 2)", `{"_model_name":"RadioButtonsModel","_options_labels":["a","b"],"description":"pick","index":0}`},
		{TextBox("text", "a\xff"), "text: a\ufffd", `{"_model_name":"TextModel","description":"text","value":"a` + "\ufffd" + `"}`},
		{TextArea("text", "a"), "text: a", `{"_model_name":"TextareaModel","description":"text","value":"a"}`},
		{Label("a"), "a", `{"_model_name":"LabelModel","description":"","value":"a"}`},
		{Markup("<i>"), "<i>", `{"_model_name":"HTMLModel","description":"","value":"\u003ci\u003e"}`},
		{Output(), "", `{"_model_name":"OutputModel"}`},
		{HBox(), "", `{"_model_name":"HBoxModel","children":[]}`},
	} {
		b := Format(test.w)
		sent := p.take()
		if want := `open {"buffer_paths":[],"state":` + test.open + `}`; len(sent) != 1 || sent[0] != want {
			t.Errorf("sent %q\nwant %q", sent, want)
		}
		if b.Data["text/plain"] != test.text || fmt.Sprint(test.w) != test.text {
			t.Errorf("text %q, want %q", b.Data["text/plain"], test.text)
		}
		ref, _ := b.Data[mimeWidget].(map[string]any)
		if ref["model_id"] != test.w.core().id || ref["version_major"] != 2 {
			t.Errorf("reference %v", ref)
		}
		if Format(test.w); len(p.take()) > 0 {
			t.Errorf("%s was opened twice", test.text)
		}
	}
	n, b := Slider("n", 0, 1), Button("b")
	Format(VBox(n, HBox(b, n)))
	sent := p.take()
	if len(sent) != 4 || !strings.Contains(sent[3], `"children":["IPY_MODEL_`+n.id+`","IPY_MODEL_`) {
		t.Errorf("a box: %q", sent)
	}
}

// TestWidgetValues: values of the page, in range and out of it, of right and
// wrong kinds.
func TestWidgetValues(t *testing.T) {
	connectPage(t)
	n, f, on, s, pick := Slider("n", 0, 10), FloatSlider("f", -1, 1), Checkbox("on", false), TextBox("s", "a"), Select("p", "a", "b")
	for _, test := range []struct {
		w     Widget
		value string
		want  any
	}{
		{n, "7", 7}, {n, "7.0", 7}, {n, "11", 10}, {n, "-3", 0}, {n, "1.5", 0}, {n, `"x"`, 0}, {n, "null", 0}, {n, "1e300", 10},
		{f, "0.25", 0.25}, {f, "7", 1.0}, {f, `"x"`, 1.0},
		{on, "true", true}, {on, "1", true}, {on, "false", false},
		{s, `"b"`, "b"}, {s, "null", "b"}, {s, "1", "b"},
		{pick, "1", "b"}, {pick, "2", "b"}, {pick, "-1", "b"}, {pick, "null", "b"}, {pick, "0", "a"},
	} {
		if pageSets(test.w, test.value); test.w.core().get() != test.want {
			t.Errorf("%v after %s, want %v", test.w, test.value, test.want)
		}
	}
	for _, nonsense := range []string{"", "7", `{"method":"update"}`, `{"method":"update","state":7}`, `{"method":"x"}`, `{"method":"custom","content":{"event":"click"}}`} {
		says(n, nonsense)
	}
	if n.Value() != 10 {
		t.Errorf("after nonsense: %d", n.Value())
	}
	n.Set(99)
	f.Set(-7)
	pick.Set("c")
	if n.Value() != 10 || f.Value() != -1 || pick.Value() != "a" {
		t.Errorf("set to %v, %v, %v", n, f, pick)
	}
}

// TestWidgetUpdates: a loop that sets a value sends few messages, the last value
// among them.
func TestWidgetUpdates(t *testing.T) {
	p := connectPage(t)
	bar := Bar("b", 1_000_000)
	bar.Set(5)
	Format(bar)
	p.take()
	for i := range 100_000 {
		bar.Set(i)
	}
	Flush()
	sent := p.take()
	if len(sent) > 100 || !strings.Contains(sent[len(sent)-1], `"value":99999}`) {
		t.Errorf("%d messages, the last %s", len(sent), sent[len(sent)-1])
	}
	bar.Set(7) // nobody flushes: a timer does
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if sent := p.take(); len(sent) == 1 && strings.Contains(sent[0], `"value":7}`) {
			break
		} else if len(sent) > 0 || time.Now().After(end) {
			t.Fatalf("sent %q", sent)
		}
	}
	bar.Close()
	bar.Close()
	bar.Set(8)
	if sent := p.take(); len(sent) != 1 || sent[0] != "close {}" {
		t.Errorf("closed: %q", sent)
	}
	if b := Format(bar); b.Data[mimeWidget] != nil {
		t.Errorf("shown after the close: %v", b)
	}
}

// TestWidgetCallbacks: changes are joined, clicks are not, listeners hear at once.
func TestWidgetCallbacks(t *testing.T) {
	p := connectPage(t)
	n, b := Slider("n", 0, 10), Button("b")
	var got []string
	n.OnChange(func(v int) { got = append(got, fmt.Sprint("n ", v)) })
	b.OnClick(func() { got = append(got, "click") })
	heard, clicks := n.Listen(), b.Listen()
	for _, v := range []string{"1", "2", "2", "3"} {
		pageSets(n, v)
	}
	for range 3 {
		says(b, `{"method":"custom","content":{"event":"click"}}`)
	}
	if v := <-heard; v != 3 {
		t.Errorf("heard %d", v)
	}
	if v := <-clicks; v != 3 || b.Clicks() != 3 {
		t.Errorf("heard %d clicks", v)
	}
	if len(got) > 0 || len(p.wanted) != 2 {
		t.Errorf("called %q, wanted %q", got, p.wanted)
	}
	for _, id := range p.wanted {
		RunCallbacks(id)
	}
	RunCallbacks("nobody")
	if s := strings.Join(got, ", "); s != "n 3, click, click, click" {
		t.Errorf("called: %s", s)
	}
	pageSets(n, "3")
	n.Set(4)
	if len(p.wanted) != 2 {
		t.Error("no change wants a call")
	}
}

// TestInteract: which controls there are, what stands in the area, when it runs.
func TestInteract(t *testing.T) {
	p := connectPage(t)
	type level float32
	var ran []string
	n := Slider("n", 1, 9)
	Interact(func(a int8, l level, s string, on bool, x float64) (any, error) {
		ran = append(ran, fmt.Sprint(a, " ", l, " ", s, " ", on, " ", x))
		return len(ran), nil
	}, n, nil, Select("s", "p", "q"), (*BoolControl)(nil), Slider("int for a float", 2, 3))
	var ops []string
	for _, e := range p.events {
		ops = append(ops, strings.TrimSpace(fmt.Sprint(e.Op, " ", e.Bundle.Data["text/plain"])))
	}
	if len(ops) != 4 || ops[0] != "into <nil>" || ops[1] != "display 1" || ops[2] != "back <nil>" || !strings.HasPrefix(ops[3], "display n: 1 (1 to 9)\n") {
		t.Errorf("events %q", ops)
	}
	pageSets(n, "5")
	pageSets(n, "6")
	if len(p.wanted) != 1 || p.wanted[0] != p.events[0].ID {
		t.Fatalf("wanted %q", p.wanted)
	}
	RunCallbacks(p.wanted[0])
	if got := strings.Join(ran, "|"); got != "1 0.5 p false 2|6 0.5 p false 2" {
		t.Errorf("ran %s", got)
	}
}

// TestBadWidgets: mistakes are said where they are made, with the way out.
func TestBadWidgets(t *testing.T) {
	connectPage(t)
	two := func(int, []string) {}
	for want, make := range map[string]func(){
		`display.Slider("n"): the range from 5 to 4 is empty: give the smaller bound first`:                                func() { Slider("n", 5, 4) },
		`display.Bar("b"): the range from 0 to -1 is empty: give the smaller bound first`:                                  func() { Bar("b", -1) },
		`display.Slider("n"): the start 6 is not between 0 and 5`:                                                          func() { Slider("n", 0, 5).Start(6) },
		`display.Slider("n"): the step 0 is below 1`:                                                                       func() { Slider("n", 0, 5).Step(0) },
		`display.FloatSlider("x"): the range from 1 to 1 is empty or not finite`:                                           func() { FloatSlider("x", 1, 1) },
		`display.FloatSlider("x"): the start NaN is not between 0 and 1`:                                                   func() { FloatSlider("x", 0, 1).Start(nan()) },
		`display.FloatSlider("x"): the step -1 is not above 0`:                                                             func() { FloatSlider("x", 0, 1).Step(-1) },
		`display.Select("s") has no options: name them behind the label`:                                                   func() { Select("s") },
		`display.Radio("s"): the start "c" is not among the options ["a" "b"]`:                                             func() { Radio("s", "a", "b").Start("c") },
		`display: OnChange takes a function, not nil`:                                                                      func() { Slider("n", 0, 5).OnChange(nil) },
		`display: OnClick takes a function, not nil`:                                                                       func() { Button("b").OnClick(nil) },
		`display.HBox: widget 2 is nil`:                                                                                    func() { HBox(Button("a"), nil) },
		`display.VBox: widget 1 is nil`:                                                                                    func() { VBox((*IntControl)(nil)) },
		`display.Interact takes a function, not a int`:                                                                     func() { Interact(7) },
		`display.Interact takes a function, not a <nil>`:                                                                   func() { Interact(nil) },
		`display.Interact: parameter 2 of func(int, []string) is a []string; numbers, strings and bools have controls`:     func() { Interact(two) },
		`display.Interact: control 1 is a *display.TextControl, which gives no int for parameter 1 of func(int, []string)`: func() { Interact(two, TextBox("", "")) },
		`display.Interact: 3 controls for the parameters of func(int, []string)`:                                           func() { Interact(two, nil, nil, nil) },
		`display.Interact: func(...int) takes any number of values: take a fixed number`:                                   func() { Interact(func(...int) {}) },
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); got != want {
					t.Errorf("got  %s\nwant %s", got, want)
				}
			}()
			make()
		}()
	}
}

func nan() float64 { var zero float64; return zero / zero }

// TestWidgetsWithoutPage: an ordinary program goes on, with texts.
func TestWidgetsWithoutPage(t *testing.T) {
	n := Slider("n", 0, 5)
	n.OnChange(func(int) {})
	n.Set(3)
	out := Output()
	ran := false
	out.Run(func() { ran = true })
	if b := Format(VBox(n, out)); b.Data["text/plain"] != "n: 3 (0 to 5)" || b.Data[mimeWidget] != nil || !ran {
		t.Errorf("%v, %v", b, ran)
	}
	n.Close()
}
