package display

import (
	"reflect"
	"unsafe"
)

// openFields returns a struct whose fields fieldOf can open: a copy when the
// value itself has no address. Reflection calls no methods of unexported
// fields; the notebook's own types are the reader's, though, and a lower-case
// field of type time.Duration should read 1.5s and not 1500000000.
func openFields(v reflect.Value) reflect.Value {
	if v.CanAddr() || !v.CanInterface() || !hasOwnFields(v.Type()) {
		return v
	}
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	return c
}

// fieldOf is v.Field(i), opened when the notebook declared it.
func fieldOf(v reflect.Value, i int) reflect.Value {
	f, decl := v.Field(i), v.Type().Field(i)
	if decl.IsExported() || !f.CanAddr() || !isSession(decl.PkgPath) {
		return f
	}
	return reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
}

// hasOwnFields reports whether a struct has unexported fields of the notebook.
func hasOwnFields(t reflect.Type) bool {
	for i := range t.NumField() {
		if f := t.Field(i); !f.IsExported() && isSession(f.PkgPath) {
			return true
		}
	}
	return false
}
