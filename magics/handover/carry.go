package handover

import (
	"fmt"
	"reflect"
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

// Carry writes those of the variables, given as names and pointers in turn, that
// another process of the same code can have exactly as they are: numbers, text, and
// slices, arrays, maps and structs of these, with all of their fields. What is reached
// through pointers, interfaces, channels or functions stays.
func Carry(file, spare string, pairs ...any) Carried {
	c := Carried{Left: map[string]string{}}
	var can []any
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		v := reflect.ValueOf(pairs[i+1]).Elem()
		if why := inexact(v.Type(), 0); why != "" {
			c.Left[name] = why
			continue
		}
		v = whole(v)
		if _, err := (&encoder{}).encode(v, name, 0); err != nil {
			c.Left[name] = err.Error()
			continue
		}
		c.Names, can = append(c.Names, name), append(can, name, v.Interface())
	}
	if len(can) == 0 {
		return c
	}
	r := Save(file, spare, can...)
	c.File, c.Error = r.File, r.Error
	return c
}

// inexact says why values of a type can't be had elsewhere as they are; "": they can.
func inexact(t reflect.Type, depth int) string {
	if depth > maxDepth {
		return "its type is nested too deep"
	}
	if t == reflect.TypeFor[time.Time]() {
		return "it holds times with their places and monotonic clocks"
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return inexact(t.Elem(), depth+1)
	case reflect.Map:
		if dtype(t.Key()) == "" && t.Key().Kind() != reflect.String {
			return fmt.Sprintf("it holds a map with keys of %s", t.Key())
		}
		return inexact(t.Elem(), depth+1)
	case reflect.Struct:
		for i := range t.NumField() {
			if why := inexact(t.Field(i).Type, depth+1); why != "" {
				return why
			}
		}
		return ""
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

// Into gives the variable to which a pointer leads the value with index i of a file.
// It panics as Load does.
func Into(to any, file string, i int) {
	p := reflect.ValueOf(to).Elem()
	v := reflect.New(p.Type()).Elem() // p's elements may be others', too
	if err := load(file, i, whole(v)); err != nil {
		panic(err)
	}
	p.Set(v)
}
