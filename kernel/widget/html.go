package widget

import (
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"

	"hpgo/kernel/display"
)

const (
	viewMIME = "application/vnd.jupyter.widget-view+json"
	textMIME = "text/plain"
	htmlMIME = "text/html"
)

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

// pageScript is page.js as it is put into outputs: without comments and indents.
var pageScript = regexp.MustCompile(`(?m)^\s*(// .*\n)?`).ReplaceAllString(pageJS, "")

var escapes = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]`)

// plainText is text without the escape sequences of terminals.
func plainText(s string) string { return escapes.ReplaceAllString(s, "") }

// ownMIME reports whether only hpgo reads data of a type.
func ownMIME(mime string) bool { return strings.HasPrefix(mime, "application/vnd.hpgo.") }

// Complete adds to a bundle that refers to a widget what pages without ipywidgets
// show, and the text of what stands in its areas.
func (t *Table) Complete(b display.Bundle) display.Bundle {
	view, has := b.Data[viewMIME]
	if !has {
		return b
	}
	var ref struct {
		ID string `json:"model_id"`
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if json.Unmarshal(raw(view), &ref) != nil || t.models[ref.ID] == nil {
		return b
	}
	out := display.Bundle{Data: map[string]any{}, Metadata: b.Metadata}
	for mime, v := range b.Data {
		out.Data[mime] = v
	}
	if !t.opt.Page {
		delete(out.Data, viewMIME)
	}
	if text := t.text(ref.ID); text != "" {
		out.Data[textMIME] = text
	}
	if _, own := b.Data[htmlMIME]; !own {
		out.Data[htmlMIME] = t.page(ref.ID)
	}
	return out
}

// page is the HTML form of a widget.
func (t *Table) page(id string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<div class="hpgo-widget" data-kernel="%s"><style>%s</style>`, html.EscapeString(t.opt.KernelID), pageCSS)
	t.write(&b, id)
	b.WriteString(`<p class="hpgo-note">The controls show their state at the time of saving; they work where the kernel runs.</p>`)
	if t.opt.Page && t.opt.KernelID != "" {
		b.WriteString("<script data-hpgo-server>" + pageScript + "</script>")
	}
	b.WriteString("</div>")
	return b.String()
}

// children returns the ids of a model's children that are open.
func (t *Table) children(s state) []string {
	var refs, ids []string
	_ = json.Unmarshal(s["children"], &refs) // none is none
	for _, r := range refs {
		if id := strings.TrimPrefix(r, modelPrefix); t.models[id] != nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// options returns a choice's options and the index of the one that is chosen.
func (s state) options() (labels []string, index int) {
	index = -1
	_ = json.Unmarshal(s["_options_labels"], &labels) // none is none
	_ = json.Unmarshal(s["index"], &index)            // null is none
	return labels, index
}

// number is a number as it stands in the state.
func (s state) number(key string) string { return html.EscapeString(string(s[key])) }

// readout is a slider's value as it is shown beside it.
func (s state) readout() string {
	var f float64
	format := s.text("readout_format")
	if json.Unmarshal(s["value"], &f) != nil || !strings.HasPrefix(format, ".") {
		return s.number("value")
	}
	digits := 2
	fmt.Sscanf(format, ".%df", &digits)
	return fmt.Sprintf("%.*f", digits, f)
}

// write writes a model as plain HTML. What JavaScript looks for are the attributes
// data-model and data-kind and the one element that takes the value.
func (t *Table) write(b *strings.Builder, id string) {
	s := t.models[id].state()
	kind := s.text("_model_name")
	label, value := html.EscapeString(s.text("description")), html.EscapeString(s.text("value"))
	open := func(tag, class string) {
		fmt.Fprintf(b, `<%s class="hpgo-%s" data-model="%s" data-kind="%s">`, tag, class, html.EscapeString(id), html.EscapeString(kind))
	}
	switch kind {
	case "HBoxModel", "VBoxModel":
		open("div", strings.ToLower(strings.TrimSuffix(kind, "Model")))
		for _, child := range t.children(s) {
			t.write(b, child)
		}
		b.WriteString("</div>")
	case "OutputModel":
		open("div", "output")
		for _, o := range t.models[id].area.outputs {
			writeOutput(b, o.form)
		}
		b.WriteString("</div>")
	case "IntSliderModel", "FloatSliderModel":
		open("div", "row")
		fmt.Fprintf(b, `<label><span class="hpgo-label">%s</span><input type="range" min="%s" max="%s" step="%s" value="%s" disabled><output>%s</output></label></div>`,
			label, s.number("min"), s.number("max"), s.number("step"), s.number("value"), s.readout())
	case "IntProgressModel":
		open("div", "row")
		fmt.Fprintf(b, `<label><span class="hpgo-label">%s</span><progress value="%s" max="%s"></progress></label></div>`, label, s.number("value"), s.number("max"))
	case "ButtonModel":
		open("div", "row")
		fmt.Fprintf(b, `<button type="button" disabled>%s</button></div>`, label)
	case "CheckboxModel":
		checked := ""
		if string(s["value"]) == "true" {
			checked = " checked"
		}
		open("div", "row")
		fmt.Fprintf(b, `<label><span class="hpgo-label"></span><input type="checkbox"%s disabled><span>%s</span></label></div>`, checked, label)
	case "DropdownModel", "RadioButtonsModel":
		s.writeChoice(b, open, label)
	case "TextModel":
		open("div", "row")
		fmt.Fprintf(b, `<label><span class="hpgo-label">%s</span><input type="text" value="%s" disabled></label></div>`, label, value)
	case "TextareaModel":
		open("div", "row")
		fmt.Fprintf(b, `<label><span class="hpgo-label">%s</span><textarea rows="3" disabled>%s</textarea></label></div>`, label, "\n"+value)
	case "LabelModel":
		open("div", "row")
		fmt.Fprintf(b, `<span data-text>%s</span></div>`, value)
	case "HTMLModel":
		open("div", "markup")
		b.WriteString(s.text("value") + "</div>")
	default:
		fmt.Fprintf(b, `<p>%s</p>`, html.EscapeString(kind))
	}
}

// writeChoice writes a list that folds out, or radio buttons.
func (s state) writeChoice(b *strings.Builder, open func(tag, class string), label string) {
	labels, index := s.options()
	if s.text("_model_name") == "DropdownModel" {
		open("div", "row")
		fmt.Fprintf(b, `<label><span class="hpgo-label">%s</span><select disabled>`, label)
		for i, l := range labels {
			selected := ""
			if i == index {
				selected = " selected"
			}
			fmt.Fprintf(b, `<option%s>%s</option>`, selected, html.EscapeString(l))
		}
		b.WriteString("</select></label></div>")
		return
	}
	open("fieldset", "row")
	fmt.Fprintf(b, `<legend class="hpgo-label">%s</legend><div>`, label)
	for i, l := range labels {
		checked := ""
		if i == index {
			checked = " checked"
		}
		fmt.Fprintf(b, `<label><input type="radio"%s disabled><span>%s</span></label>`, checked, html.EscapeString(l))
	}
	b.WriteString("</div></fieldset>")
}

// writeOutput writes an output of an area in the best form that HTML has.
func writeOutput(b *strings.Builder, form map[string]any) {
	switch form["output_type"] {
	case "stream":
		fmt.Fprintf(b, `<pre class="hpgo-%s">%s</pre>`, form["name"], html.EscapeString(plainText(form["text"].(string))))
		return
	case "error":
		lines, _ := form["traceback"].([]string)
		fmt.Fprintf(b, `<pre class="hpgo-stderr">%s</pre>`, html.EscapeString(plainText(strings.Join(lines, "\n"))))
		return
	}
	data, _ := form["data"].(map[string]any)
	text := func(mime string) string { s, _ := data[mime].(string); return s }
	switch {
	case text(htmlMIME) != "":
		b.WriteString(`<div>` + text(htmlMIME) + `</div>`)
	case text("image/svg+xml") != "":
		// In an <img> it passes front ends that take <svg> away.
		fmt.Fprintf(b, `<img alt="%s" src="data:image/svg+xml;base64,%s">`, html.EscapeString(text(textMIME)), base64.StdEncoding.EncodeToString([]byte(text("image/svg+xml"))))
	case text("image/png") != "":
		fmt.Fprintf(b, `<img alt="%s" src="data:image/png;base64,%s">`, html.EscapeString(text(textMIME)), html.EscapeString(text("image/png")))
	default:
		fmt.Fprintf(b, `<pre>%s</pre>`, html.EscapeString(text(textMIME)))
	}
}

// text is what a widget is in words.
func (t *Table) text(id string) string {
	s := t.models[id].state()
	label := s.text("description")
	switch kind := s.text("_model_name"); kind {
	case "HBoxModel", "VBoxModel":
		var lines []string
		for _, child := range t.children(s) {
			if line := t.text(child); line != "" {
				lines = append(lines, line)
			}
		}
		return strings.Join(lines, "\n")
	case "OutputModel":
		return t.models[id].area.words()
	case "IntSliderModel", "FloatSliderModel":
		return fmt.Sprintf("%s: %s (%s to %s)", label, s.readout(), s["min"], s["max"])
	case "IntProgressModel":
		return fmt.Sprintf("%s: %s of %s", label, s["value"], s["max"])
	case "ButtonModel":
		return "[" + label + "]"
	case "CheckboxModel":
		return fmt.Sprintf("%s: %s", label, s["value"])
	case "DropdownModel", "RadioButtonsModel":
		labels, index := s.options()
		if index < 0 || index >= len(labels) {
			return label + ":"
		}
		return fmt.Sprintf("%s: %s (of %s)", label, labels[index], strings.Join(labels, ", "))
	case "TextModel", "TextareaModel":
		return label + ": " + s.text("value")
	default:
		return s.text("value")
	}
}

// words is the text of an area's outputs.
func (a *area) words() string {
	var b strings.Builder
	for _, o := range a.outputs {
		switch o.form["output_type"] {
		case "stream":
			b.WriteString(o.form["text"].(string))
			continue
		case "error":
			fmt.Fprintf(&b, "%s: %s\n", o.form["ename"], o.form["evalue"])
			continue
		}
		if data, ok := o.form["data"].(map[string]any); ok {
			if text, ok := data[textMIME].(string); ok {
				b.WriteString(text + "\n")
			}
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}
