package handover

import (
	"reflect"
	"strconv"
)

// opened is a type whose values lie in memory as those of t do, and in which every
// field of a struct is exported, without a tag and named by its place: an interpreter
// has names of its own. Seen as such, a value is whole. A struct without fields, which
// the encoder doesn't know, is an array without elements. t must not contain itself.
func opened(t reflect.Type) reflect.Type {
	switch t.Kind() {
	case reflect.Slice:
		if elem := opened(t.Elem()); elem != t.Elem() {
			return reflect.SliceOf(elem)
		}
	case reflect.Array:
		if elem := opened(t.Elem()); elem != t.Elem() {
			return reflect.ArrayOf(t.Len(), elem)
		}
	case reflect.Map: // its keys are numbers or text
		if elem := opened(t.Elem()); elem != t.Elem() {
			return reflect.MapOf(t.Key(), elem)
		}
	case reflect.Struct:
		switch {
		case t == timeType:
			return t
		case t.NumField() == 0:
			return reflect.TypeFor[[0]byte]()
		}
		fields := make([]reflect.StructField, t.NumField())
		for i := range fields {
			fields[i] = reflect.StructField{Name: "F" + strconv.Itoa(i), Type: opened(t.Field(i).Type)}
		}
		return reflect.StructOf(fields)
	}
	return t
}

// whole sees an addressable value as one of its opened type, in the same memory.
func whole(v reflect.Value) reflect.Value {
	if t := opened(v.Type()); t != v.Type() {
		return reflect.NewAt(t, v.Addr().UnsafePointer()).Elem()
	}
	return v
}
