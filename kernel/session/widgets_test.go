package session

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"hpgo/kernel/display"
)

// page is a front end with widgets: it keeps their states and what is said.
type page struct {
	t       *testing.T
	session *Session

	mu      sync.Mutex
	states  map[string]map[string]any
	order   []string // of models
	closed  []string
	streams strings.Builder
	shown   []display.Bundle
	changed chan struct{} // closed and replaced at each change
}

// patience is how long a test waits for something.
const patience = time.Minute

func startPage(t *testing.T) *page {
	p := &page{t: t, states: map[string]map[string]any{}, changed: make(chan struct{})}
	p.session = New(Options{Dir: t.TempDir(), Comms: p.hear, KernelID: "kernel-of-the-test"})
	if err := p.session.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.session.Close() })
	return p
}

func (p *page) change(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
	close(p.changed)
	p.changed = make(chan struct{})
}

// hear takes the kernel's comm messages.
func (p *page) hear(c display.Comm) {
	p.change(func() {
		var m struct {
			State map[string]any `json:"state"`
		}
		json.Unmarshal(c.Data, &m)
		switch {
		case c.Op == display.CommOpen:
			p.states[c.ID] = map[string]any{}
			p.order = append(p.order, c.ID)
		case c.Op == display.CommClose:
			p.closed = append(p.closed, c.ID)
			delete(p.states, c.ID)
			return
		}
		for k, v := range m.State {
			p.states[c.ID][k] = v
		}
	})
}

func (p *page) Stream(_, text string) { p.change(func() { p.streams.WriteString(text) }) }
func (p *page) Display(e display.Event) {
	p.change(func() { p.shown = append(p.shown, e.Bundle) })
}

// run runs a cell that must succeed.
func (p *page) run(code string) Result {
	p.t.Helper()
	res := p.session.Execute(context.Background(), code, p)
	if res.Err != nil {
		p.t.Fatalf("%s\n%v", code, res.Err)
	}
	return res
}

// find returns the newest model of a kind with a description.
func (p *page) find(model, description string) string {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := len(p.order) - 1; i >= 0; i-- {
		s := p.states[p.order[i]]
		if s["_model_name"] == model && (description == "" || s["description"] == description) {
			return p.order[i]
		}
	}
	p.t.Fatalf("no %s %q among %v", model, description, p.states)
	return ""
}

// send is what the page says about a model.
func (p *page) send(id, method string, more string) {
	p.session.Comm(context.Background(), display.Comm{Op: display.CommMsg, ID: id, Data: json.RawMessage(`{"method":"` + method + `",` + more + `}`)})
}

func (p *page) set(id, key string, value any) {
	v, _ := json.Marshal(value)
	p.send(id, "update", fmt.Sprintf(`"state":{"%s":%s},"buffer_paths":[]`, key, v))
}

// await waits until something is so.
func (p *page) await(what string, so func() bool) {
	p.t.Helper()
	late := time.After(patience)
	for {
		p.mu.Lock()
		ok, changed := so(), p.changed
		p.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-late:
			p.t.Fatalf("%s: not so; said %q, states %v", what, p.streams.String(), p.states)
		}
	}
}

func (p *page) awaitText(text string) {
	p.t.Helper()
	p.await("the text "+text, func() bool { return strings.Contains(p.streams.String(), text) })
}

// TestParameterNames finds the names of parameters in the text from a function's
// line on.
func TestParameterNames(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"display.Interact(func(n int, f float64) any {", "n f "},
		{"\tfunc(a, b int, c string) {}", "a b c"},
		{"func draw(n int,\n\tf func(int) int,\n) {", "n f "},
		{"func (p *Point) Move(dx, dy int) {", "dx dy "},
		{"func[T any](x T) {}", "  "},
		{"go func(int, string) {}", "  "},
		{"func(_ int, y int) {}", " y "},
		{"func() {}", "  "},
		{"no function", "  "},
		{"func(n int", "  "},
		{"func(n int} )", "  "},
		{"functional(n)", "  "},
	} {
		got := []string{parameterIn(test.text, 0), parameterIn(test.text, 1), parameterIn(test.text, 2)}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q, want %q", test.text, got, test.want)
		}
	}
}

// TestSliderValue: a value of the page is there at once, also while a cell runs;
// one of a cell is in the page.
func TestSliderValue(t *testing.T) {
	p := startPage(t)
	res := p.run("import \"hpgo/kernel/display\"\nn := display.Slider(\"n\", 0, 100).Start(5)\nheard := n.Listen()\nn")
	if got := res.Value.Data["text/plain"]; got != "n: 5 (0 to 100)" {
		t.Errorf("text %q", got)
	}
	if html := fmt.Sprint(res.Value.Data["text/html"]); !strings.Contains(html, `data-kernel="kernel-of-the-test"`) || !strings.Contains(html, "<script") {
		t.Errorf("HTML %s", html)
	}
	id := p.find("IntSliderModel", "n")
	p.set(id, "value", 42)
	if res := p.run("n.Value()"); res.Value.Data["text/plain"] != "42" {
		t.Errorf("value %v", res.Value.Data)
	}
	done := make(chan Result)
	go func() { done <- p.run("fmt.Println(\"waiting\", <-heard)\nfmt.Println(<-heard)") }()
	p.awaitText("waiting 42")
	p.set(id, "value", 43)
	p.awaitText("43")
	<-done
	p.run("n.Set(1000)")
	p.await("the cell's value", func() bool { return p.states[id]["value"] == 100.0 })
	p.run("n.Close()")
	p.await("the close", func() bool { return len(p.closed) == 1 && p.closed[0] == id })
}

// TestCallbacks: they run when no cell does, with the newest value; what they
// print goes to the widget's cell; a panic leaves everything as it is.
func TestCallbacks(t *testing.T) {
	p := startPage(t)
	p.run(`import ("hpgo/kernel/display"; "time")
n, b := display.Slider("n", 0, 100), display.Button("go")
busy, sum, got := false, 0, []int{}
n.OnChange(func(v int) {
	if busy { fmt.Println("WRONG") }
	got = append(got, v)
	time.Sleep(20*time.Millisecond)
	fmt.Println("now", v)
})
b.OnClick(func() { var m map[string]int; sum++; m["x"] = sum })
display.VBox(n, b)`)
	id, button := p.find("IntSliderModel", "n"), p.find("ButtonModel", "go")
	other := &page{t: t, changed: make(chan struct{})}
	done := make(chan Result)
	go func() {
		done <- p.session.Execute(context.Background(), "busy = true\nfmt.Println(\"begun\")\ntime.Sleep(300*time.Millisecond)\nbusy = false", other)
	}()
	other.awaitText("begun")
	for i := range 50 {
		p.set(id, "value", i+1)
	}
	if res := <-done; res.Err != nil {
		t.Fatal(res.Err)
	}
	p.awaitText("now 50")
	res := p.run("len(got)")
	if text := fmt.Sprint(res.Value.Data["text/plain"]); text != "1" {
		t.Errorf("the callback ran %s times", text)
	}
	p.send(button, "custom", `"content":{"event":"click"}`)
	p.send(button, "custom", `"content":{"event":"click"}`)
	p.awaitText("assignment to entry in nil map")
	p.awaitText("cell 1:10")
	p.awaitText(`b.OnClick(func()`)
	if res := p.run("sum"); fmt.Sprint(res.Value.Data["text/plain"]) == "0" {
		t.Errorf("sum %v", res.Value.Data)
	}
	if strings.Contains(p.streams.String()+other.streams.String(), "WRONG") {
		t.Error("a callback ran beside a cell")
	}
}

// TestInteract: controls by reflection with the parameters' names, outputs that
// are replaced, figures drawn.
func TestInteract(t *testing.T) {
	p := startPage(t)
	p.run(`import ("hpgo/kernel/display"; "hpgo/plots")
display.Interact(func(n int, f float64, name string, on bool) any {
	fmt.Println("n is", n, name, on)
	if on { panic("on") }
	return plots.Line{Y: []float64{1, f, float64(n)}}
}, nil, nil, display.Select("which", "a", "b"))
fmt.Println("after")`)
	out := p.find("OutputModel", "")
	text := func(what string, want ...string) {
		t.Helper()
		p.await(what, func() bool {
			s, _ := json.Marshal(p.states[out]["outputs"])
			for _, w := range want {
				if !strings.Contains(string(s), w) {
					return false
				}
			}
			return true
		})
	}
	text("the first outputs", "n is 50 a false", "image/svg+xml")
	p.mu.Lock()
	bundle := p.shown[len(p.shown)-1]
	p.mu.Unlock()
	if words := fmt.Sprint(bundle.Data["text/plain"]); !strings.HasPrefix(words, "n: 50 (0 to 100)\nf: 0.50 (0 to 1)\nwhich: a (of a, b)\non: false\nn is 50 a false\n") {
		t.Errorf("text %q", words)
	}
	if got := p.streams.String(); got != "after\n" {
		t.Errorf("the cell printed %q", got)
	}
	p.set(p.find("IntSliderModel", "n"), "value", 7)
	text("the second outputs", "n is 7 a")
	p.set(p.find("DropdownModel", "which"), "index", 1)
	text("the third outputs", "n is 7 b")
	p.set(p.find("CheckboxModel", "on"), "value", true)
	text("the panic", "n is 7 b true", `"ename":"Panic"`, "cell 1:4")
	p.set(p.find("CheckboxModel", "on"), "value", false)
	text("the outputs after it", "n is 7 b false", "image/svg+xml")
}

// TestInterruptCallback: an endless callback can be stopped, and the cell that
// waits for it runs, with the variables.
func TestInterruptCallback(t *testing.T) {
	p := startPage(t)
	p.run("import \"hpgo/kernel/display\"\nb := display.Button(\"go\")\nb.OnClick(func() { fmt.Println(\"on\"); for i := 0; ; i++ {} })\nb")
	p.send(p.find("ButtonModel", "go"), "custom", `"content":{"event":"click"}`)
	p.awaitText("on")
	p.session.Interrupt()
	p.awaitText("Interrupted")
	if res := p.run("b.Clicks()"); res.Value.Data["text/plain"] != "1" {
		t.Errorf("clicks %v", res.Value.Data)
	}
}

// TestListenBetweenCells: a goroutine that follows a widget shows what it finds at
// once, below the last cell or in an area.
func TestListenBetweenCells(t *testing.T) {
	p := startPage(t)
	p.run(`import "hpgo/kernel/display"
n, out := display.Slider("n", 0, 100), display.Output()
go func() {
	for v := range n.Listen() {
		fmt.Println("printed", v)
		out.Run(func() { fmt.Println("in the area", v) })
	}
}()
display.VBox(n, out)`)
	area := p.find("OutputModel", "")
	p.set(p.find("IntSliderModel", "n"), "value", 3)
	p.awaitText("printed 3")
	p.await("the area's text", func() bool { return strings.Contains(fmt.Sprint(p.states[area]["outputs"]), "in the area 3") })
}

// TestWidgetsOfADeadWorker are closed in the page.
func TestWidgetsOfADeadWorker(t *testing.T) {
	p := startPage(t)
	p.run("import \"hpgo/kernel/display\"\ndisplay.Slider(\"n\", 0, 9)")
	id := p.find("IntSliderModel", "n")
	if res := p.session.Execute(context.Background(), "os.Exit(3)", p); res.Err == nil {
		t.Error("no error")
	}
	p.await("the close", func() bool { return len(p.closed) == 1 && p.closed[0] == id })
	p.set(id, "value", 3) // to nobody
	p.run("display.Slider(\"m\", 0, 9)")
	p.find("IntSliderModel", "m")
}
