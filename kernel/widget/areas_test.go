package widget

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/display"
)

func bundle(text string) display.Bundle {
	return display.Bundle{Data: map[string]any{"text/plain": text, "application/vnd.hpgo.figure+json": 1}}
}

// TestArea: outputs are joined, replaced when the next run shows something, and
// sent not more often than somebody can look at them, but for the last.
func TestArea(t *testing.T) {
	table, _ := newTable()
	now := time.Unix(1000, 0)
	table.now = func() time.Time { return now }
	table.FromWorker(open("o", `{"_model_name":"OutputModel"}`))
	want := func(what string, got []display.Comm, state string) {
		t.Helper()
		if state != "" {
			state = `msg o {"buffer_paths":[],"method":"update","state":{"outputs":` + state + `}}`
		}
		if told(got) != state {
			t.Errorf("%s: sent %s\nwant %s", what, told(got), state)
		}
	}
	out := func(text string) string {
		return `{"name":"stdout","output_type":"stream","text":"` + text + `"}`
	}
	shown := func(text string) string {
		return `{"data":{"text/plain":"` + text + `"},"metadata":{},"output_type":"display_data"}`
	}
	table.Begin("o")
	want("first", table.Stream("o", "stdout", "a"), "["+out("a")+"]")
	want("too soon", table.Stream("o", "stdout", "b"), "")
	now = now.Add(time.Second)
	want("later", table.Display("o", display.Event{Op: display.OpDisplay, ID: "id", Bundle: bundle("x")}), "["+out("ab")+","+shown("x")+"]")
	want("the end of what is known", table.End("o"), "")
	now = now.Add(time.Second)
	changed, found := table.Update(display.Event{Op: display.OpUpdate, ID: "id", Bundle: bundle("y")})
	want("an update from elsewhere", changed, "["+out("ab")+","+shown("y")+"]")
	if !found || !table.HasOutput("id") || table.HasOutput("other") || table.HasOutput("") {
		t.Error("the output isn't known")
	}
	table.Begin("o")
	want("a run that shows nothing", table.End("o"), "[]")
	table.Begin("o")
	table.Stream("o", "stderr", "e")
	table.Display("o", display.Event{Op: display.OpClear, Wait: true})
	table.Stream("o", "stdout", "n")
	want("cleared, the end isn't too soon", table.End("o"), "["+out("n")+"]")
	table.Display("o", display.Event{Op: display.OpClear})
	want("an error", table.Fail("o", "Panic", "v", nil), `[{"ename":"Panic","evalue":"v","output_type":"error","traceback":[]}]`)
	if !table.IsArea("o") || table.IsArea("x") {
		t.Error("areas are mixed up")
	}
	want("no area", table.Stream("x", "stdout", "a"), "")
}

// TestAreaText: endless text is cut, and said so once.
func TestAreaText(t *testing.T) {
	table, _ := newTable()
	table.FromWorker(open("o", `{"_model_name":"OutputModel"}`))
	for range 40 {
		table.Stream("o", "stdout", strings.Repeat("x", 1<<16))
	}
	table.End("o")
	if text := table.models["o"].area.words(); len(text) > areaText+100 || strings.Count(text, "more text than an area shows") != 1 {
		t.Errorf("%d bytes, ends in %q", len(text), text[len(text)-50:])
	}
}

// TestComplete: the HTML and the text of each model, alone and in boxes.
func TestComplete(t *testing.T) {
	table, _ := filled()
	table.Begin("m12")
	table.Stream("m12", "stdout", "\x1b[31m<out>\x1b[0m\n")
	table.Display("m12", display.Event{Op: display.OpDisplay, Bundle: display.Bundle{Data: map[string]any{"text/plain": "fig", "image/svg+xml": "<?xml?><svg>s</svg>"}}})
	for id, want := range map[string][2]string{
		"m1":  {`<input type="range" min="0" max="100" step="1" value="5" disabled><output>5</output>`, "n: 5 (0 to 100)"},
		"m2":  {`<output>0.50</output>`, "a label that is long: 0.50 (0 to 1)"},
		"m3":  {`<progress value="3" max="10">`, "done: 3 of 10"},
		"m4":  {`<button type="button" disabled>go</button>`, "[go]"},
		"m5":  {`<option>a</option><option selected>b</option>`, "pick: b (of a, b)"},
		"m6":  {`<input type="radio" checked disabled><span>a</span>`, "pick: a (of a, b)"},
		"m7":  {`<input type="checkbox" checked disabled>`, "on: true"},
		"m8":  {`<input type="text" value="a" disabled>`, "text: a"},
		"m9":  {"<textarea rows=\"3\" disabled>\na\nb</textarea>", "text: a\nb"},
		"m10": {`<span data-text>a &lt; b</span>`, "a < b"},
		"m11": {`data-kind="HTMLModel"><b>a</b></div>`, "<b>a</b>"},
		"m12": {`<pre class="hpgo-stdout">&lt;out&gt;` + "\n</pre>" + `<img alt="fig" src="data:image/svg+xml;base64,PD94bWw/Pjxzdmc+czwvc3ZnPg==">`, "\x1b[31m<out>\x1b[0m\nfig"},
		"m14": {`<div class="hpgo-hbox" data-model="m13"`, "n: 5 (0 to 100)\n[go]\n\x1b[31m<out>\x1b[0m\nfig"},
	} {
		b := table.Complete(display.Bundle{Data: map[string]any{viewMIME: map[string]any{"model_id": id}, "text/plain": "old"}})
		html := fmt.Sprint(b.Data["text/html"])
		if !strings.Contains(html, want[0]) || b.Data["text/plain"] != want[1] || b.Data[viewMIME] == nil {
			t.Errorf("%s: text %q, HTML %s", id, b.Data["text/plain"], html)
		}
		if n := strings.Count(html, "</script>"); n != 1 || strings.Contains(pageScript, "</") {
			t.Errorf("%s: the script isn't whole", id)
		}
	}
	table.opt.Page = false
	b := table.Complete(display.Bundle{Data: map[string]any{viewMIME: map[string]any{"model_id": "m1"}}})
	if b.Data[viewMIME] != nil || strings.Contains(fmt.Sprint(b.Data["text/html"]), "<script") {
		t.Errorf("without a page: %v", b.Data)
	}
	for _, other := range []any{7, map[string]any{"model_id": "gone"}} {
		if b := table.Complete(display.Bundle{Data: map[string]any{viewMIME: other}}); len(b.Data) != 1 {
			t.Errorf("of %v: %v", other, b.Data)
		}
	}
}
