package display

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// IntControl is a control whose value is an int: see Slider and Bar. Its methods
// may be called from any goroutine.
type IntControl struct {
	widget
	kind     string // the function that made it
	label    string
	min, max int
}

// Slider makes a slider for the integers from min to max, which starts at min:
//
//	n := display.Slider("n", 1, 1000).Start(10)
//	n.OnChange(func(v int) { fmt.Println("now", v) })
//	n
//
// A range that is empty panics.
func Slider(label string, min, max int) *IntControl {
	return newIntControl("Slider", "IntSliderModel", label, min, max)
}

// Bar makes a bar that shows how far something is from 0 to max; Set moves it.
// Unlike a Progress it can stand in a box.
func Bar(label string, max int) *IntControl {
	return newIntControl("Bar", "IntProgressModel", label, 0, max)
}

func newIntControl(kind, model, label string, min, max int) *IntControl {
	if min > max {
		panic(fmt.Sprintf("display.%s(%q): the range from %d to %d is empty: give the smaller bound first", kind, label, min, max))
	}
	c := &IntControl{kind: kind, label: label, min: min, max: max}
	c.widget = widget{model: model, key: "value", value: min, decode: c.read,
		state: map[string]any{"description": label, "min": min, "max": max, "value": min}}
	c.words = func() string { return fmt.Sprintf("%s: %d (%d to %d)", label, c.Value(), min, max) }
	return c
}

// read decodes a value of the page.
func (c *IntControl) read(raw json.RawMessage) (any, bool) {
	if n, err := strconv.Atoi(string(raw)); err == nil {
		return min(max(n, c.min), c.max), true
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || f != math.Trunc(f) {
		return nil, false
	}
	return int(min(max(f, float64(c.min)), float64(c.max))), true
}

// Start sets the value that the control starts with and returns it. A value out
// of its range panics.
func (c *IntControl) Start(v int) *IntControl {
	if v < c.min || v > c.max {
		panic(fmt.Sprintf("display.%s(%q): the start %d is not between %d and %d", c.kind, c.label, v, c.min, c.max))
	}
	c.Set(v)
	return c
}

// Step sets the distance between two values that a slider can have and returns
// the control. A distance below 1 panics.
func (c *IntControl) Step(n int) *IntControl {
	if n < 1 {
		panic(fmt.Sprintf("display.%s(%q): the step %d is below 1", c.kind, c.label, n))
	}
	c.put("step", n)
	return c
}

// Value returns the value that the control has now.
func (c *IntControl) Value() int { return c.get().(int) }

// Set changes the value here and in the page, to the nearest that is in range.
// No callback is called.
func (c *IntControl) Set(v int) { c.set(min(max(v, c.min), c.max)) }

// OnChange has f called when the user changes the value: see Widget.
func (c *IntControl) OnChange(f func(v int)) { onChange(&c.widget, f) }

// Listen returns a channel with the newest value that the user chose and nobody
// received yet. It gets values at once, also while a cell runs.
func (c *IntControl) Listen() <-chan int { return listen[int](&c.widget) }

// FloatControl is a control whose value is a float64: see FloatSlider. Its
// methods may be called from any goroutine.
type FloatControl struct {
	widget
	label    string
	min, max float64
}

// FloatSlider makes a slider for the numbers from min to max in 100 steps, which
// starts at min. A range that is empty or not finite panics.
func FloatSlider(label string, min, max float64) *FloatControl {
	if !(min < max) || math.IsInf(max-min, 0) {
		panic(fmt.Sprintf("display.FloatSlider(%q): the range from %v to %v is empty or not finite", label, min, max))
	}
	c := &FloatControl{label: label, min: min, max: max}
	c.widget = widget{model: "FloatSliderModel", key: "value", value: min, decode: c.read,
		state: map[string]any{"description": label, "min": min, "max": max, "value": min}}
	c.words = func() string { return fmt.Sprintf("%s: %v (%v to %v)", label, c.Value(), min, max) }
	return c.Step((max - min) / 100)
}

func (c *FloatControl) read(raw json.RawMessage) (any, bool) {
	f, err := strconv.ParseFloat(string(raw), 64)
	return min(max(f, c.min), c.max), err == nil
}

// Start sets the value that the control starts with and returns it. A value out
// of its range panics.
func (c *FloatControl) Start(v float64) *FloatControl {
	if !(v >= c.min && v <= c.max) {
		panic(fmt.Sprintf("display.FloatSlider(%q): the start %v is not between %v and %v", c.label, v, c.min, c.max))
	}
	c.Set(v)
	return c
}

// Step sets the distance between two values that the slider can have and returns
// the control. A distance that isn't above 0 panics.
func (c *FloatControl) Step(d float64) *FloatControl {
	if !(d > 0) {
		panic(fmt.Sprintf("display.FloatSlider(%q): the step %v is not above 0", c.label, d))
	}
	c.put("step", d)
	c.put("readout_format", "."+strconv.Itoa(digitsOf(d))+"f")
	return c
}

// digitsOf is how many digits behind the point tell neighbours of a distance
// apart.
func digitsOf(d float64) int {
	return min(max(int(math.Ceil(-math.Log10(d)-1e-9)), 0), 12)
}

// Value returns the value that the control has now.
func (c *FloatControl) Value() float64 { return c.get().(float64) }

// Set changes the value here and in the page, to the nearest that is in range;
// what is not a number changes nothing. No callback is called.
func (c *FloatControl) Set(v float64) {
	if v == v {
		c.set(min(max(v, c.min), c.max))
	}
}

// OnChange has f called when the user changes the value: see Widget.
func (c *FloatControl) OnChange(f func(v float64)) { onChange(&c.widget, f) }

// Listen returns a channel with the newest value that the user chose and nobody
// received yet. It gets values at once, also while a cell runs.
func (c *FloatControl) Listen() <-chan float64 { return listen[float64](&c.widget) }
