package handover

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"
)

// maxDepth bounds how deep a value may be nested: a cycle ends there.
const maxDepth = 64

var (
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
)

// errCycle is what a value gives that contains itself.
var errCycle = errors.New("the value is nested too deep, or contains itself")

// blob is bulk data in pieces; the pieces are the memory of the values.
type blob struct {
	node   *Node // whose At is its place
	pieces [][]byte
}

// encoder turns values into nodes and collects their bulk data.
type encoder struct {
	blobs []*blob
}

// encode turns one value into a node; path names it in errors.
func (e *encoder) encode(v reflect.Value, path string, depth int) (*Node, error) {
	if !v.IsValid() {
		return &Node{Kind: kindNone}, nil
	}
	if depth > maxDepth {
		return nil, fmt.Errorf("%s: %w", path, errCycle)
	}
	if n, err := scalar(v, path); n != nil || err != nil {
		return n, err
	}
	if n, ok, err := e.matrix(v, path); ok {
		return n, err
	}
	switch v.Kind() {
	case reflect.String:
		if !utf8.ValidString(v.String()) {
			return nil, fmt.Errorf("%s is text that is not UTF-8: hand over []byte(%s)", path, path)
		}
		return &Node{Kind: kindScalar, Dtype: "str", Text: v.String()}, nil
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return &Node{Kind: kindNone}, nil
		}
		return e.encode(v.Elem(), path, depth+1)
	case reflect.Slice, reflect.Array:
		return e.list(v, path, depth)
	case reflect.Map:
		return e.mapping(v, path, depth)
	case reflect.Struct:
		return e.record(v, path, depth)
	}
	return nil, refused(path, v.Type())
}

// refused is the error for what has no meaning elsewhere.
func refused(path string, t reflect.Type) error {
	return fmt.Errorf("%s is a %s, which can't be handed over: hand over numbers, text, slices, arrays, maps or structs of these", path, t)
}

// dtype is the name of a numeric kind, "" for others.
func dtype(t reflect.Type) string {
	switch t {
	case durationType:
		return "m8"
	case timeType:
		return "M8"
	}
	size := strconv.Itoa(int(t.Size()))
	switch t.Kind() {
	case reflect.Bool:
		return "b1"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "i" + size
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return "u" + size
	case reflect.Float32, reflect.Float64:
		return "f" + size
	case reflect.Complex64, reflect.Complex128:
		return "c" + size
	}
	return ""
}

// scalar encodes one number; nil for other values.
func scalar(v reflect.Value, path string) (*Node, error) {
	n := &Node{Kind: kindScalar, Dtype: dtype(v.Type())}
	switch {
	case n.Dtype == "":
		return nil, nil
	case n.Dtype == "M8":
		t, _ := reflect.TypeAssert[time.Time](v)
		ns, err := nanoseconds(t, path)
		if err != nil {
			return nil, err
		}
		n.Text = strconv.FormatInt(ns, 10)
	case v.CanInt():
		n.Text = strconv.FormatInt(v.Int(), 10)
	case v.CanUint():
		n.Text = strconv.FormatUint(v.Uint(), 10)
	case v.CanFloat():
		n.Text = formatFloat(v.Float())
	case v.CanComplex():
		c := v.Complex()
		n.Text = formatFloat(real(c)) + " " + formatFloat(imag(c))
	default:
		n.Text = strconv.FormatBool(v.Bool())
	}
	return n, nil
}

func formatFloat(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// bytesOf is the memory of n values of a type that begins at p.
func bytesOf(p unsafe.Pointer, n int, t reflect.Type) []byte {
	if n == 0 || t.Size() == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(p), n*int(t.Size()))
}

// memory is the elements of a slice or an array as bytes.
func memory(v reflect.Value) []byte {
	if v.Kind() == reflect.Slice {
		return bytesOf(v.UnsafePointer(), v.Len(), v.Type().Elem())
	}
	return bytesOf(addressable(v).Addr().UnsafePointer(), v.Len(), v.Type().Elem())
}

// addressable is v, or a copy of it that has an address.
func addressable(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v
	}
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	return c
}

// array makes a node of bulk numbers.
func (e *encoder) array(dtype string, shape []int, pieces ...[]byte) *Node {
	n := &Node{Kind: kindArray, Dtype: dtype, Shape: shape}
	e.blobs = append(e.blobs, &blob{n, pieces})
	return n
}

// list encodes a slice or an array.
func (e *encoder) list(v reflect.Value, path string, depth int) (*Node, error) {
	elem, n := v.Type().Elem(), v.Len()
	leaf, shape, flat := fixed(elem)
	switch {
	case elem == timeType:
		return e.times(v, path)
	case elem.Size() == 0 && n > maxEmpty:
		return nil, fmt.Errorf("%s has %d elements without content, too many to hand over", path, n)
	case flat && leaf != timeType: // [n]T, [][m]T and so on: one piece of memory
		return e.array(dtype(leaf), append([]int{n}, shape...), memory(v)), nil
	case elem.Kind() == reflect.String:
		return e.strings(v, path)
	case elem.Kind() == reflect.Struct:
		return e.rows(v, path, depth)
	case elem.Kind() == reflect.Slice || elem.Kind() == reflect.Array:
		return e.nested(v, path, depth)
	}
	return e.items(v, path, depth)
}

// fixed looks through array types: [3][4]float64 is float64 with shape 3, 4.
func fixed(t reflect.Type) (leaf reflect.Type, shape []int, ok bool) {
	for t.Kind() == reflect.Array {
		shape = append(shape, t.Len())
		t = t.Elem()
	}
	return t, shape, dtype(t) != ""
}

// strings encodes a list of strings as their lengths and their bytes.
func (e *encoder) strings(v reflect.Value, path string) (*Node, error) {
	lengths := make([]int64, v.Len())
	pieces := make([][]byte, v.Len())
	size := int64(0)
	for i := range lengths {
		s := v.Index(i).String()
		if !utf8.ValidString(s) {
			return nil, fmt.Errorf("%s[%d] is text that is not UTF-8: hand it over as []byte", path, i)
		}
		lengths[i] = int64(len(s))
		size += int64(len(s))
		pieces[i] = unsafe.Slice(unsafe.StringData(s), len(s))
	}
	n := &Node{Kind: kindStrings, Size: size, Lengths: e.array("i8", []int{len(lengths)}, memory(reflect.ValueOf(lengths)))}
	e.blobs = append(e.blobs, &blob{n, pieces})
	return n, nil
}

// nested encodes a list of lists: rows of one length make one array of more
// dimensions.
func (e *encoder) nested(v reflect.Value, path string, depth int) (*Node, error) {
	if v.Len() == 0 {
		leaf, dims := v.Type(), 0
		for ; leaf.Kind() == reflect.Slice || leaf.Kind() == reflect.Array; leaf = leaf.Elem() {
			dims++
		}
		if d := dtype(leaf); d != "" {
			return e.array(d, make([]int, dims)), nil
		}
		return &Node{Kind: kindList}, nil
	}
	inner := &encoder{}
	list, err := inner.items(v, path, depth)
	if err != nil {
		return nil, err
	}
	first := list.Items[0]
	same := func(n *Node) bool {
		return n.Kind == kindArray && n.Dtype == first.Dtype && slices.Equal(n.Shape, first.Shape)
	}
	if slices.ContainsFunc(list.Items, func(n *Node) bool { return !same(n) }) {
		e.blobs = append(e.blobs, inner.blobs...)
		return list, nil
	}
	pieces := make([][]byte, 0, len(list.Items))
	for _, b := range inner.blobs {
		pieces = append(pieces, b.pieces...)
	}
	return e.array(first.Dtype, append([]int{len(list.Items)}, first.Shape...), pieces...), nil
}

// items encodes a list element by element.
func (e *encoder) items(v reflect.Value, path string, depth int) (*Node, error) {
	list := &Node{Kind: kindList, Items: make([]*Node, v.Len())}
	for i := range list.Items {
		n, err := e.encode(v.Index(i), fmt.Sprintf("%s[%d]", path, i), depth+1)
		if err != nil {
			return nil, err
		}
		list.Items[i] = n
	}
	return list, nil
}

// rows encodes a list of structs column by column.
func (e *encoder) rows(v reflect.Value, path string, depth int) (*Node, error) {
	n := &Node{Kind: kindRows, Count: v.Len()}
	fields, err := fieldsOf(v.Type().Elem(), path)
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		column := reflect.MakeSlice(reflect.SliceOf(f.typ), v.Len(), v.Len())
		for i := range v.Len() {
			column.Index(i).Set(v.Index(i).Field(f.index))
		}
		c, err := e.encode(column, path+"."+f.goName, depth+1)
		if err != nil {
			return nil, err
		}
		n.Names, n.Items = append(n.Names, f.name), append(n.Items, c)
	}
	return n, nil
}

// record encodes one struct.
func (e *encoder) record(v reflect.Value, path string, depth int) (*Node, error) {
	n := &Node{Kind: kindStruct}
	fields, err := fieldsOf(v.Type(), path)
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		c, err := e.encode(v.Field(f.index), path+"."+f.goName, depth+1)
		if err != nil {
			return nil, err
		}
		n.Names, n.Items = append(n.Names, f.name), append(n.Items, c)
	}
	return n, nil
}

// mapping encodes a map as the lists of its keys and values, in the order of
// the keys.
func (e *encoder) mapping(v reflect.Value, path string, depth int) (*Node, error) {
	t := v.Type()
	if k := t.Key(); dtype(k) == "" && k.Kind() != reflect.String && k.Kind() != reflect.Interface {
		return nil, fmt.Errorf("%s is a %s: only maps with keys that are numbers or text can be handed over", path, t)
	}
	sorted := v.MapKeys()
	slices.SortFunc(sorted, func(a, b reflect.Value) int { return compare(a, b) })
	keys := reflect.MakeSlice(reflect.SliceOf(t.Key()), 0, len(sorted))
	values := reflect.MakeSlice(reflect.SliceOf(t.Elem()), 0, len(sorted))
	for _, k := range sorted {
		keys, values = reflect.Append(keys, k), reflect.Append(values, v.MapIndex(k))
	}
	n := &Node{Kind: kindMap}
	var err error
	if n.Keys, err = e.encode(keys, path+" (keys)", depth+1); err != nil {
		return nil, err
	}
	if n.Values, err = e.encode(values, path+" (values)", depth+1); err != nil {
		return nil, err
	}
	return n, nil
}

// compare orders keys of one kind; others stay as they come.
func compare(a, b reflect.Value) int {
	switch {
	case a.Kind() == reflect.Interface:
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	case a.Kind() == reflect.String:
		return strings.Compare(a.String(), b.String())
	case a.CanInt():
		return order(a.Int() < b.Int(), a.Int() > b.Int())
	case a.CanUint():
		return order(a.Uint() < b.Uint(), a.Uint() > b.Uint())
	case a.CanFloat():
		return order(a.Float() < b.Float(), a.Float() > b.Float())
	}
	return 0
}

func order(less, more bool) int {
	switch {
	case less:
		return -1
	case more:
		return 1
	}
	return 0
}

// matrix encodes what has the method RawMatrix of gonum's dense matrices; ok
// says that the value has it. Gonum itself isn't imported here.
func (e *encoder) matrix(v reflect.Value, path string) (n *Node, ok bool, err error) {
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil, false, nil
	}
	m := v.MethodByName("RawMatrix")
	if !m.IsValid() || m.Type().NumIn() != 0 || m.Type().NumOut() != 1 || m.Type().Out(0).Kind() != reflect.Struct {
		return nil, false, nil
	}
	raw := m.Call(nil)[0]
	data, isFloats := raw.FieldByName("Data"), false
	sizes := [3]int{}
	for i, name := range []string{"Rows", "Cols", "Stride"} {
		f := raw.FieldByName(name)
		if !f.IsValid() || !f.CanInt() {
			return nil, false, nil
		}
		sizes[i] = int(f.Int())
	}
	if data.IsValid() && data.Kind() == reflect.Slice {
		isFloats = dtype(data.Type().Elem()) != ""
	}
	if !isFloats {
		return nil, false, nil
	}
	rows, cols, stride := sizes[0], sizes[1], sizes[2]
	pieces := make([][]byte, rows)
	for i := range rows {
		if end := i*stride + cols; end > data.Len() {
			return nil, true, fmt.Errorf("%s has %d numbers, fewer than its %d rows need", path, data.Len(), rows)
		}
		pieces[i] = memory(data.Slice(i*stride, i*stride+cols))
	}
	return e.array(dtype(data.Type().Elem()), []int{rows, cols}, pieces...), true, nil
}
