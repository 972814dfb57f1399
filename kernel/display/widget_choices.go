package display

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// BoolControl is a control that is on or off: see Checkbox. Its methods may be
// called from any goroutine.
type BoolControl struct{ widget }

// Checkbox makes a box to tick, which starts as on says.
func Checkbox(label string, on bool) *BoolControl {
	c := &BoolControl{}
	c.widget = widget{model: "CheckboxModel", key: "value", value: on,
		decode: func(raw json.RawMessage) (any, bool) {
			return string(raw) == "true", string(raw) == "true" || string(raw) == "false"
		},
		state: map[string]any{"description": label, "value": on}}
	c.words = func() string { return fmt.Sprintf("%s: %v", label, c.Value()) }
	return c
}

// Value reports whether the control is on.
func (c *BoolControl) Value() bool { return c.get().(bool) }

// Set turns the control on or off, here and in the page. No callback is called.
func (c *BoolControl) Set(on bool) { c.set(on) }

// OnChange has f called when the user changes the value: see Widget.
func (c *BoolControl) OnChange(f func(on bool)) { onChange(&c.widget, f) }

// Listen returns a channel with the newest value that the user chose and nobody
// received yet. It gets values at once, also while a cell runs.
func (c *BoolControl) Listen() <-chan bool { return listen[bool](&c.widget) }

// ButtonControl is a button: see Button. Its methods may be called from any
// goroutine.
type ButtonControl struct{ widget }

// Button makes a button:
//
//	b := display.Button("again")
//	b.OnClick(func() { fmt.Println("clicked") })
//	b
func Button(label string) *ButtonControl {
	c := &ButtonControl{}
	c.widget = widget{model: "ButtonModel", value: 0, clicks: true, state: map[string]any{"description": label}}
	c.words = func() string { return "[" + label + "]" }
	return c
}

// Clicks returns how often the button was clicked.
func (c *ButtonControl) Clicks() int { return c.get().(int) }

// OnClick has f called for each click: see Widget.
func (c *ButtonControl) OnClick(f func()) {
	if f == nil {
		panic("display: OnClick takes a function, not nil")
	}
	c.onChange(func(any) { f() })
}

// Listen returns a channel that receives the number of clicks so far at each
// click, also while a cell runs.
func (c *ButtonControl) Listen() <-chan int { return listen[int](&c.widget) }

// ChoiceControl is a control with which one of several texts is chosen: see
// Select and Radio. Its methods may be called from any goroutine.
type ChoiceControl struct {
	widget
	kind    string
	label   string
	options []string
}

// Select makes a list that folds out, to choose one of the options; it starts
// with the first. Without options it panics.
func Select(label string, options ...string) *ChoiceControl {
	return newChoice("Select", "DropdownModel", label, options)
}

// Radio is Select with all options visible.
func Radio(label string, options ...string) *ChoiceControl {
	return newChoice("Radio", "RadioButtonsModel", label, options)
}

func newChoice(kind, model, label string, options []string) *ChoiceControl {
	if len(options) == 0 {
		panic(fmt.Sprintf("display.%s(%q) has no options: name them behind the label", kind, label))
	}
	options = append([]string(nil), options...)
	c := &ChoiceControl{kind: kind, label: label, options: options}
	c.widget = widget{model: model, key: "index", value: options[0],
		decode: func(raw json.RawMessage) (any, bool) {
			i, err := strconv.Atoi(string(raw))
			if err != nil || i < 0 || i >= len(options) {
				return nil, false
			}
			return options[i], true
		},
		encode: func(v any) any { return c.index(v.(string)) },
		state:  map[string]any{"description": label, "_options_labels": options, "index": 0}}
	c.words = func() string { return fmt.Sprintf("%s: %s (of %d)", label, c.Value(), len(options)) }
	return c
}

// index finds an option; -1 if there is none such.
func (c *ChoiceControl) index(option string) int {
	for i, o := range c.options {
		if o == option {
			return i
		}
	}
	return -1
}

// Start sets the option that the control starts with and returns the control.
// One that it doesn't have panics.
func (c *ChoiceControl) Start(option string) *ChoiceControl {
	if c.index(option) < 0 {
		panic(fmt.Sprintf("display.%s(%q): the start %q is not among the options %q", c.kind, c.label, option, c.options))
	}
	c.Set(option)
	return c
}

// Value returns the option that is chosen.
func (c *ChoiceControl) Value() string { return c.get().(string) }

// Set chooses an option, here and in the page; one that there isn't changes
// nothing. No callback is called.
func (c *ChoiceControl) Set(option string) {
	if c.index(option) >= 0 {
		c.set(option)
	}
}

// OnChange has f called when the user chooses: see Widget.
func (c *ChoiceControl) OnChange(f func(option string)) { onChange(&c.widget, f) }

// Listen returns a channel with the newest option that the user chose and nobody
// received yet. It gets options at once, also while a cell runs.
func (c *ChoiceControl) Listen() <-chan string { return listen[string](&c.widget) }
