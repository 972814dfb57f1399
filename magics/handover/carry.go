package handover

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// CarriedMIME is the MIME type under which a Carried travels.
const CarriedMIME = "application/vnd.hpgo.carried+json"

// Carried says what Carry did.
type Carried struct {
	File  string   `json:"file"`  // what was written; "": nothing was
	Names []string `json:"names"` // of the variables in it, by index
	// Left says of the others why another process can't have them as they are.
	Left  map[string]string `json:"left"`
	Error string            `json:"error"` // why nothing was written
}

// MIMEBundle gives it to the kernel.
func (c Carried) MIMEBundle() map[string]any {
	return map[string]any{CarriedMIME: c, "text/plain": fmt.Sprintf("%d variables carried", len(c.Names))}
}

// Carry writes those of the variables, given as names and values in turn, that
// another process of the same code can have exactly as they are: numbers, text, and
// slices, arrays, maps and structs of these. What is reached through pointers,
// interfaces, channels or functions, or hidden in fields that aren't exported, stays.
func Carry(file, spare string, pairs ...any) Carried {
	c := Carried{Left: map[string]string{}}
	var can []any
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		v := reflect.ValueOf(pairs[i+1])
		if why := inexact(v, 0); why != "" {
			c.Left[name] = why
			continue
		}
		if _, err := (&encoder{}).encode(v, name, 0); err != nil {
			c.Left[name] = err.Error()
			continue
		}
		c.Names, can = append(c.Names, name), append(can, name, pairs[i+1])
	}
	if len(can) == 0 {
		return c
	}
	r := Save(file, spare, can...)
	c.File, c.Error = r.File, r.Error
	return c
}

// inexact says why a value can't be had elsewhere as it is; "": it can.
func inexact(v reflect.Value, depth int) string {
	if !v.IsValid() {
		return "it is nil"
	}
	return inexactType(v.Type(), depth)
}

// inexactType says the same of all values of a type.
func inexactType(t reflect.Type, depth int) string {
	if depth > maxDepth {
		return "its type is nested too deep"
	}
	if t == reflect.TypeFor[time.Time]() {
		return "it holds times with their places and monotonic clocks"
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return inexactType(t.Elem(), depth+1)
	case reflect.Map:
		if dtype(t.Key()) == "" && t.Key().Kind() != reflect.String {
			return fmt.Sprintf("it holds a map with keys of %s", t.Key())
		}
		return inexactType(t.Elem(), depth+1)
	case reflect.Struct:
		return inexactFields(t, depth)
	case reflect.String:
		return ""
	case reflect.Uintptr:
		return "it holds addresses"
	}
	if dtype(t) != "" {
		return ""
	}
	return "it holds " + map[reflect.Kind]string{reflect.Pointer: "pointers", reflect.UnsafePointer: "pointers", reflect.Interface: "values of interfaces",
		reflect.Func: "functions", reflect.Chan: "channels"}[t.Kind()]
}

// inexactFields looks at a struct's fields.
func inexactFields(t reflect.Type, depth int) string {
	if t.NumField() == 0 {
		return "it is a struct without fields"
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			return fmt.Sprintf("%s has the field %s, which isn't exported", t, f.Name)
		}
		if name, ok := nameOf(f); !ok || name != f.Name && strings.Contains(string(f.Tag), "handover") {
			return fmt.Sprintf("the field %s of %s is left out by its tag", f.Name, t)
		}
		if why := inexactType(f.Type, depth+1); why != "" {
			return why
		}
	}
	return ""
}

// Into gives the variable to which a pointer leads the value with index i of a file.
// It panics as Load does.
func Into(to any, file string, i int) {
	if err := load(file, i, reflect.ValueOf(to).Elem()); err != nil {
		panic(err)
	}
}
