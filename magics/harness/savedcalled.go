package harness

import (
	"bytes"
	"reflect"
	"time"
	"unsafe"
)

// RecordChanged is the kind of the record that Restore sends about a variable that
// has another value than at SaveCalled and keeps it: the variable's name.
const RecordChanged = "changed"

// mostKept is how many bytes the copies of a variable may take: copies are live
// while code is measured, and how often the collector runs depends on what lives.
const mostKept = 1 << 20

// SaveCalled keeps a copy of a variable whose methods measured code calls, with
// the elements of its slices. Of a pointer it keeps what that points to. Unlike
// what Go assigns, what a method changes is its type's own affair: part of it given
// back and part not would be a value that the type never made. So there is a copy
// only of what is wholly made of numbers, strings, functions, arrays, structs and
// slices of such, and refers to nothing else: not of what holds a map, a channel or
// a pointer that is set, or a lock or an atomic value, which others may be using.
func SaveCalled(name string, variable any) {
	v := reflect.ValueOf(variable).Elem()
	pointer := v.Kind() == reflect.Pointer
	if pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	k := &keptValue{start: uintptr(v.Addr().UnsafePointer()), size: v.Type().Size()}
	k.whole = k.keep(v.Type(), v.Addr().UnsafePointer(), 1)
	if pointer && !k.whole || len(k.parts) == 0 {
		return
	}
	saved.Lock()
	defer saved.Unlock()
	if saved.values == nil {
		saved.values = map[string]any{}
	}
	saved.values[name] = k
}

// keptValue is the copy of a variable, or of what it points to.
type keptValue struct {
	parts []keptPart // itself, then the elements of its slices
	whole bool       // that is all of it
	start uintptr    // where it lies
	size  uintptr
	bytes uintptr // of all copies
}

// keptPart is a piece of memory and its copy, as slices of one length.
type keptPart struct{ at, copy reflect.Value }

// keep copies n values of a type; false: they refer to something that can't be
// kept, or are too large.
func (k *keptValue) keep(t reflect.Type, p unsafe.Pointer, n int) bool {
	if k.bytes += uintptr(n) * t.Size(); k.bytes > mostKept {
		return false
	}
	part := keptPart{reflect.SliceAt(t, p, n), reflect.MakeSlice(reflect.SliceOf(t), n, n)}
	reflect.Copy(part.copy, part.at)
	k.parts = append(k.parts, part)
	if still(t) || t.Size() == 0 {
		return true
	}
	for i := range n {
		if !k.follow(part.at.Index(i)) {
			return false
		}
	}
	return true
}

// follow copies the elements of the slices in a value that is copied already.
func (k *keptValue) follow(v reflect.Value) bool {
	t := v.Type()
	if still(t) {
		return true
	}
	switch t.Kind() {
	case reflect.Struct:
		if locks(t) {
			return false
		}
		for i := range t.NumField() {
			if !k.follow(v.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Array:
		for i := range t.Len() {
			if !k.follow(v.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		return v.Cap() == 0 || k.keep(t.Elem(), v.UnsafePointer(), v.Len())
	case reflect.Pointer:
		// One that leads back to the value itself, as of an empty list, is no other's.
		to := v.Pointer()
		return to == 0 || k.start <= to && to < k.start+k.size
	case reflect.UnsafePointer, reflect.Map, reflect.Chan, reflect.Interface:
		return v.IsZero()
	}
	return false
}

// still reports whether a value of a type is copied by an assignment.
func still(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() { // it points to its zone, which never changes
			return true
		}
		if locks(t) {
			return false
		}
		for i := range t.NumField() {
			if !still(t.Field(i).Type) {
				return false
			}
		}
		return true
	case reflect.Array:
		return still(t.Elem())
	case reflect.Slice, reflect.Map, reflect.Pointer, reflect.Interface, reflect.Chan, reflect.UnsafePointer:
		return false
	}
	return true // a function, too: what it closes over stays as it is
}

// locks reports whether a struct is one that goroutines share.
func locks(t reflect.Type) bool {
	return t.PkgPath() == "sync" || t.PkgPath() == "sync/atomic"
}

// restore puts everything back and tells what came of it, as a kind of record; ""
// if nothing had changed.
func (k *keptValue) restore() string {
	changed := false
	for _, p := range k.parts {
		changed = changed || !bytes.Equal(bytesOf(p.at), bytesOf(p.copy))
	}
	switch {
	case !changed:
		return ""
	case !k.whole:
		return RecordChanged
	}
	for _, p := range k.parts {
		reflect.Copy(p.at, p.copy)
	}
	return RecordRestored
}

// bytesOf is the memory of a slice's elements.
func bytesOf(slice reflect.Value) []byte {
	return unsafe.Slice((*byte)(slice.UnsafePointer()), uintptr(slice.Len())*slice.Type().Elem().Size())
}
