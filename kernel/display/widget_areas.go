package display

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Box holds widgets side by side or one below the other: see HBox and VBox.
type Box struct{ widget }

// HBox puts widgets side by side.
func HBox(widgets ...Widget) *Box { return newBox("HBoxModel", widgets) }

// VBox puts widgets one below the other.
func VBox(widgets ...Widget) *Box { return newBox("VBoxModel", widgets) }

func newBox(model string, widgets []Widget) *Box {
	for i, w := range widgets {
		if w == nil || reflect.ValueOf(w).IsNil() {
			panic(fmt.Sprintf("display.%s: widget %d is nil", strings.TrimSuffix(model, "Model"), i+1))
		}
	}
	b := &Box{}
	b.widget = widget{model: model, children: append([]Widget{}, widgets...), state: map[string]any{}}
	b.words = func() string {
		var lines []string
		for _, w := range widgets {
			if s := w.core().words(); s != "" {
				lines = append(lines, s)
			}
		}
		return strings.Join(lines, "\n")
	}
	return b
}

// OutputArea is an area for outputs: see Output.
type OutputArea struct{ widget }

// Output makes an area that shows what a function prints and shows:
//
//	out := display.Output()
//	b := display.Button("again")
//	b.OnClick(func() { out.Run(func() { fmt.Println(time.Now()) }) })
//	display.VBox(b, out)
func Output() *OutputArea {
	o := &OutputArea{}
	o.widget = widget{model: "OutputModel", state: map[string]any{}}
	o.words = func() string { return "" }
	return o
}

// Run calls f. What the process prints and shows meanwhile replaces what the area
// showed, when the first of it comes or f has ended. Where no page is connected,
// it is an ordinary output.
func (o *OutputArea) Run(f func()) {
	id := o.show()
	if id == "" {
		f()
		return
	}
	process.emit(Event{Op: OpInto, ID: id})
	defer func() {
		process.showHeld(time.Sleep)
		process.emit(Event{Op: OpBack, ID: id})
	}()
	f()
}

// Clear empties the area.
func (o *OutputArea) Clear() { o.Run(func() {}) }
