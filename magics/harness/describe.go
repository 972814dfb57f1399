package harness

import (
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"hpgo/kernel/display"
)

// DescribeMIME is the MIME type under which a Description travels.
const DescribeMIME = "application/vnd.hpgo.whos+json"

// Limits of a description.
const (
	maxText  = 60    // runes of a value
	maxSteps = 20000 // values visited to add up a size
	maxList  = 20    // longer lists are shown by their length only
)

// Variable describes one variable.
type Variable struct {
	Name  string `json:"name"`
	Size  int64  `json:"size"`  // bytes with all that is held by slices, strings and pointers
	Least bool   `json:"least"` // Size is a lower bound
	Value string `json:"value"` // short, one line
}

// Description is a list of variables.
type Description []Variable

// MIMEBundle gives the description to the kernel.
func (d Description) MIMEBundle() map[string]any {
	return map[string]any{DescribeMIME: []Variable(d), "text/plain": fmt.Sprintf("%d variables", len(d))}
}

// Describe describes variables, given as names and values in turn.
func Describe(pairs ...any) Description {
	d := Description{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		d = append(d, describe(name, pairs[i+1]))
	}
	return d
}

func describe(name string, value any) (v Variable) {
	v = Variable{Name: name, Size: -1, Value: "?"}
	// Another goroutine may be changing the value: reflection can then panic.
	defer func() { _ = recover() }()
	if value == nil {
		return Variable{Name: name, Size: 16, Value: "<nil>"}
	}
	r := reflect.ValueOf(value)
	m := meter{seen: map[uintptr]bool{}, left: maxSteps}
	v.Size = m.size(r)
	v.Least = m.least
	v.Value = short(r)
	return v
}

// short is one line about a value. Maps are never walked: another goroutine
// that writes to one meanwhile would end the process.
func short(r reflect.Value) string {
	switch r.Kind() {
	case reflect.Map:
		if r.IsNil() {
			return "nil"
		}
		return fmt.Sprintf("len %d", r.Len())
	case reflect.Slice, reflect.Array:
		if r.Kind() == reflect.Slice && r.IsNil() {
			return "nil"
		}
		if n := r.Len(); n > maxList || !plain(r.Type().Elem(), 0) {
			if r.Kind() == reflect.Slice && r.Cap() != n {
				return fmt.Sprintf("len %d cap %d", n, r.Cap())
			}
			return fmt.Sprintf("len %d", n)
		}
	case reflect.Chan:
		if r.IsNil() {
			return "nil"
		}
		return fmt.Sprintf("len %d cap %d", r.Len(), r.Cap())
	case reflect.Func:
		if r.IsNil() {
			return "nil"
		}
		return "func"
	case reflect.Pointer:
		if r.IsNil() {
			return "nil"
		}
		if err, ok := r.Interface().(error); ok && standard(r.Type().Elem()) {
			return cut(oneLine(fmt.Sprintf("%q", err.Error())))
		}
		if e := r.Elem(); e.Kind() == reflect.Struct && plain(e.Type(), 0) {
			return cut("&" + oneLine(display.PrettyText(e.Interface())))
		}
		return fmt.Sprintf("%#x", r.Pointer())
	case reflect.String:
		s := r.String()
		if len(s) > 4*maxText {
			s = s[:4*maxText] // quoting a megabyte to show a line of it is a waste
		}
		return cut(fmt.Sprintf("%q", strings.ToValidUTF8(s, "\uFFFD")))
	case reflect.Struct:
		if !plain(r.Type(), 0) {
			return "{...}"
		}
	}
	return cut(oneLine(display.PrettyText(r.Interface())))
}

// standard reports whether a type is of the standard library, whose methods can
// be called without surprise.
func standard(t reflect.Type) bool {
	first, _, _ := strings.Cut(t.PkgPath(), "/")
	return first != "" && !strings.Contains(first, ".") && first != "hpgo" && first != "main"
}

// plain reports whether values of a type hold nothing but numbers, strings and
// booleans, so that showing one is short and touches nothing shared.
func plain(t reflect.Type, depth int) bool {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if depth > 2 || !plain(t.Field(i).Type, depth+1) {
				return false
			}
		}
		return true
	case reflect.Array:
		return t.Len() <= maxList && plain(t.Elem(), depth+1)
	case reflect.Map, reflect.Slice, reflect.Pointer, reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return false
	}
	return true
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// cut shortens a text to maxText runes.
func cut(s string) string {
	if utf8.RuneCountInString(s) <= maxText {
		return s
	}
	return string([]rune(s)[:maxText-1]) + "…"
}

// meter adds up the memory of a value; what is reached twice counts once.
type meter struct {
	seen  map[uintptr]bool
	left  int
	least bool
}

// size is the memory of a value and all that it holds.
func (m *meter) size(r reflect.Value) int64 { return int64(r.Type().Size()) + m.held(r) }

// held is what a value refers to outside of itself.
func (m *meter) held(r reflect.Value) int64 {
	if m.left--; m.left < 0 {
		m.least = true
		return 0
	}
	switch r.Kind() {
	case reflect.String:
		return int64(r.Len())
	case reflect.Slice:
		if r.IsNil() || m.again(r.Pointer()) {
			return 0
		}
		return int64(r.Cap())*int64(r.Type().Elem().Size()) + m.elements(r)
	case reflect.Array:
		return m.elements(r)
	case reflect.Struct:
		total := int64(0)
		for i := range r.NumField() {
			total += m.held(r.Field(i))
		}
		return total
	case reflect.Pointer:
		if r.IsNil() || m.again(r.Pointer()) {
			return 0
		}
		return m.size(r.Elem())
	case reflect.Interface:
		if r.IsNil() {
			return 0
		}
		return m.size(r.Elem())
	case reflect.Map:
		if r.IsNil() || m.again(r.Pointer()) {
			return 0
		}
		m.least = true
		t := r.Type()
		return int64(r.Len()) * int64(t.Key().Size()+t.Elem().Size())
	case reflect.Chan:
		if r.IsNil() || m.again(r.Pointer()) {
			return 0
		}
		m.least = true
		return int64(r.Cap()) * int64(r.Type().Elem().Size())
	case reflect.Func:
		m.least = m.least || !r.IsNil() // what a closure holds can't be seen
	}
	return 0
}

// elements is what the elements of a list hold outside of themselves.
func (m *meter) elements(r reflect.Value) int64 {
	if flat(r.Type().Elem()) {
		return 0
	}
	total := int64(0)
	for i := range r.Len() {
		total += m.held(r.Index(i))
		if m.left < 0 {
			break
		}
	}
	return total
}

// flat reports whether values of a type refer to nothing.
func flat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if !flat(t.Field(i).Type) {
				return false
			}
		}
		return true
	case reflect.Array:
		return flat(t.Elem())
	case reflect.String, reflect.Slice, reflect.Map, reflect.Pointer, reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return false
	}
	return true
}

// again notes an address and reports whether it was seen before.
func (m *meter) again(p uintptr) bool {
	if m.seen[p] {
		return true
	}
	m.seen[p] = true
	return false
}
