package display

import (
	"encoding/json"
)

// TextControl is a control or an area whose value is a text: see TextBox,
// TextArea, Label and Markup. Its methods may be called from any goroutine.
type TextControl struct{ widget }

// TextBox makes a box for one line of text.
func TextBox(label, text string) *TextControl { return newText("TextModel", label, text) }

// TextArea makes a box for several lines of text.
func TextArea(label, text string) *TextControl { return newText("TextareaModel", label, text) }

// Label makes a line of text that the user can't change, and Set can.
func Label(text string) *TextControl { return newText("LabelModel", "", text) }

// Markup makes a piece of HTML that the user can't change, and Set can.
func Markup(html HTML) *TextControl { return newText("HTMLModel", "", string(html)) }

func newText(model, label, text string) *TextControl {
	text = validUTF8(text)
	c := &TextControl{}
	c.widget = widget{model: model, key: "value", value: text,
		decode: func(raw json.RawMessage) (any, bool) {
			var s *string
			if json.Unmarshal(raw, &s) != nil || s == nil {
				return nil, false
			}
			return *s, true
		},
		state: map[string]any{"description": label, "value": text}}
	c.words = func() string {
		if label == "" {
			return c.Value()
		}
		return label + ": " + c.Value()
	}
	return c
}

// Value returns the text.
func (c *TextControl) Value() string { return c.get().(string) }

// Set changes the text here and in the page. No callback is called.
func (c *TextControl) Set(text string) { c.set(validUTF8(text)) }

// OnChange has f called when the user changes the text: see Widget.
func (c *TextControl) OnChange(f func(text string)) { onChange(&c.widget, f) }

// Listen returns a channel with the newest text that the user typed and nobody
// received yet. It gets texts at once, also while a cell runs.
func (c *TextControl) Listen() <-chan string { return listen[string](&c.widget) }
