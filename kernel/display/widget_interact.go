package display

import (
	"fmt"
	"reflect"
	"runtime"
)

// Interact shows controls for the parameters of fn, and below them what fn
// prints, shows and returns, again whenever the user changes one:
//
//	display.Interact(func(n int, noise float64) any { return plots.Line{...} })
//	display.Interact(walk, display.Slider("steps", 10, 1000), display.Select("rule", "a", "b"))
//
// The controls are for the parameters in their order; for nil and for those that
// are left out there is a slider for a number, a box to tick for a bool and a
// text box for a string, with the parameter's name where the kernel finds it.
// fn runs once at the start, and then as a callback does: see Widget.
//
// What is no function, a parameter of a type that has no control, and a control
// that doesn't fit its parameter panic.
func Interact(fn any, controls ...Widget) {
	f := reflect.ValueOf(fn)
	if f.Kind() != reflect.Func || f.IsNil() {
		panic(fmt.Sprintf("display.Interact takes a function, not a %T", fn))
	}
	t := f.Type()
	if t.IsVariadic() {
		panic(fmt.Sprintf("display.Interact: %v takes any number of values: take a fixed number", t))
	}
	if len(controls) > t.NumIn() {
		panic(fmt.Sprintf("display.Interact: %d controls for the parameters of %v", len(controls), t))
	}
	out := Output()
	widgets := make([]Widget, t.NumIn())
	for i := range widgets {
		if i < len(controls) && !isNil(controls[i]) {
			widgets[i] = controls[i]
			checkControl(t, i, controls[i])
		} else {
			widgets[i] = defaultControl(f, i)
		}
		widgets[i].core().hear(func(any) { out.want() })
	}
	run := func() {
		in := make([]reflect.Value, len(widgets))
		for i, w := range widgets {
			in[i] = reflect.ValueOf(w.core().get()).Convert(t.In(i))
		}
		showResults(f.Call(in))
	}
	out.onChange(func(any) { out.Run(run) })
	box := VBox(append(widgets[:len(widgets):len(widgets)], out)...)
	defer Show(box) // also if fn panics; at the end, so that saved notebooks have the outputs
	out.Run(run)
}

// isNil recognises a control that was left out, also by a typed nil.
func isNil(w Widget) bool { return w == nil || reflect.ValueOf(w).IsNil() }

// showResults shows what fn returned, but for an error or an any that is nil.
func showResults(results []reflect.Value) {
	var values []any
	for i, r := range results {
		v := r.Interface()
		last := i == len(results)-1
		if v == nil && last && (len(results) == 1 || r.Type() == reflect.TypeFor[error]()) {
			continue
		}
		values = append(values, v)
	}
	if len(values) > 0 {
		process.emit(Event{Op: OpDisplay, Bundle: FormatTuple(values...)})
	}
}

// kindOf names the kinds of parameters that have controls.
func kindOf(t reflect.Type) string {
	switch k := t.Kind(); {
	case k >= reflect.Int && k <= reflect.Uint64:
		return "int"
	case k == reflect.Float32 || k == reflect.Float64:
		return "float64"
	case k == reflect.String:
		return "string"
	case k == reflect.Bool:
		return "bool"
	}
	return ""
}

// checkControl panics if a control's value can't become a parameter's.
func checkControl(t reflect.Type, i int, w Widget) {
	v := w.core().get()
	kind := kindOf(t.In(i))
	if kind == "" || v == nil || kindOf(reflect.TypeOf(v)) != kind && !(kind == "float64" && kindOf(reflect.TypeOf(v)) == "int") {
		panic(fmt.Sprintf("display.Interact: control %d is a %T, which gives no %v for parameter %d of %v", i+1, w, t.In(i), i+1, t))
	}
}

// defaultControl is the control of a parameter that none was given for.
func defaultControl(f reflect.Value, i int) Widget {
	var w Widget
	label := fmt.Sprintf("%v %d", f.Type().In(i), i+1)
	switch kindOf(f.Type().In(i)) {
	case "int":
		w = Slider(label, 0, 100).Start(50)
	case "float64":
		w = FloatSlider(label, 0, 1).Start(0.5)
	case "string":
		w = TextBox(label, "")
	case "bool":
		w = Checkbox(label, false)
	default:
		panic(fmt.Sprintf("display.Interact: parameter %d of %v is a %v; numbers, strings and bools have controls", i+1, f.Type(), f.Type().In(i)))
	}
	// The kernel has the source and puts the parameter's name there.
	if fn := runtime.FuncForPC(f.Pointer()); fn != nil {
		file, line := fn.FileLine(fn.Entry())
		w.core().state["_hpgo_parameter"] = map[string]any{"file": file, "line": line, "index": i}
	}
	return w
}
