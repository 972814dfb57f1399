package plots

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"
)

// column is one variable read from user data.
type column struct {
	v      []float64
	labels []string // set when the data are names
	unit   string
	since  time.Time // of moments, which v counts from here in seconds
}

func (c column) len() int { return max(len(c.v), len(c.labels)) }

var durationType = reflect.TypeFor[time.Duration]()

// columnOf reads a slice or array of numbers, durations or names; with data
// set, a string is the name of a field of its elements. The column is a copy:
// who reads it may change it.
func columnOf(data, v any) (column, error) {
	c, err := columnOrMoments(data, v)
	if err == nil && !c.since.IsZero() {
		err = errMoments()
	}
	return c, err
}

func columnOrMoments(data, v any) (column, error) {
	if name, ok := v.(string); ok && data != nil {
		return fieldColumn(data, name)
	}
	if c, ok := commonColumn(v); ok {
		return c, nil
	}
	r := reflect.ValueOf(v)
	for r.Kind() == reflect.Pointer && !r.IsNil() {
		r = r.Elem()
	}
	if r.Kind() != reflect.Slice && r.Kind() != reflect.Array {
		return column{}, fmt.Errorf("is %s, not a slice of numbers", typeText(v))
	}
	return readColumn(r.Len(), func(i int) reflect.Value { return r.Index(i) }, r.Type().Elem())
}

// commonColumn reads the types that long data have, a million values in the
// time of a copy.
func commonColumn(v any) (column, bool) {
	switch v := v.(type) {
	case []float64:
		return column{v: append(make([]float64, 0, len(v)), v...)}, true
	case []float32:
		return column{v: floats(v)}, true
	case []int:
		return column{v: floats(v)}, true
	case []int64:
		return column{v: floats(v)}, true
	case []int32:
		return column{v: floats(v)}, true
	case []uint64:
		return column{v: floats(v)}, true
	case []uint32:
		return column{v: floats(v)}, true
	case []uint8:
		return column{v: floats(v)}, true
	case []time.Duration:
		c := column{v: make([]float64, len(v)), unit: "s"}
		for i, d := range v {
			c.v[i] = float64(d) / 1e9
		}
		return c, true
	}
	return column{}, false
}

func floats[T float32 | int | int64 | int32 | uint64 | uint32 | uint8](v []T) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}

// fieldColumn reads one field of a slice of structs.
func fieldColumn(data any, name string) (column, error) {
	r := reflect.ValueOf(data)
	for r.Kind() == reflect.Pointer && !r.IsNil() {
		r = r.Elem()
	}
	if r.Kind() != reflect.Slice && r.Kind() != reflect.Array {
		return column{}, fmt.Errorf("Data is %s, not a slice of structs", typeText(data))
	}
	t := r.Type().Elem()
	pointers := t.Kind() == reflect.Pointer
	if pointers {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return column{}, fmt.Errorf("Data is %s, not a slice of structs", typeText(data))
	}
	f, ok := t.FieldByName(name)
	if !ok {
		return column{}, fmt.Errorf("%s has no field %s", t, name)
	}
	return readColumn(r.Len(), func(i int) reflect.Value {
		row := r.Index(i)
		if pointers {
			if row.IsNil() {
				return reflect.Value{}
			}
			row = row.Elem()
		}
		if len(f.Index) == 1 {
			return row.Field(f.Index[0])
		}
		v, err := row.FieldByIndexErr(f.Index)
		if err != nil { // of an embedded pointer that is nil
			return reflect.Value{}
		}
		return v
	}, f.Type)
}

func readColumn(n int, at func(int) reflect.Value, elem reflect.Type) (column, error) {
	switch {
	case elem.Kind() == reflect.String:
		return readNames(n, at), nil
	case elem.Kind() == reflect.Bool:
		return readNames(n, at), nil
	case elem == timeType:
		return readMoments(n, at)
	case elem.Kind() == reflect.Interface || elem.Kind() == reflect.Pointer:
		return readMixed(n, at, elem)
	}
	c := column{v: make([]float64, n)}
	if elem == durationType {
		c.unit = "s"
	}
	read, ok := reader(elem)
	if !ok && n > 0 {
		return column{}, fmt.Errorf("holds %s, which is no number", elem)
	}
	for i := range n {
		if v := at(i); v.IsValid() {
			c.v[i] = read(v)
		} else {
			c.v[i] = math.NaN()
		}
	}
	return c, nil
}

func readNames(n int, at func(int) reflect.Value) column {
	c := column{labels: make([]string, n)}
	for i := range n {
		switch v := at(i); v.Kind() {
		case reflect.String:
			c.labels[i] = v.String()
		case reflect.Bool:
			c.labels[i] = strconv.FormatBool(v.Bool())
		}
	}
	return c
}

// readMixed reads interfaces, each of which has a type of its own, and pointers.
// A nil or NaN is a gap. Numbers, durations, names and moments don't mix: they would be
// read in the wrong unit.
func readMixed(n int, at func(int) reflect.Value, elem reflect.Type) (column, error) {
	holds := func(i int) reflect.Value {
		v := held(at(i))
		if v.CanFloat() && math.IsNaN(v.Float()) {
			return reflect.Value{}
		}
		return v
	}
	first, of := -1, elem
	for i := range n {
		v := holds(i)
		switch {
		case !v.IsValid():
		case first < 0:
			first, of = i, v.Type()
		case mixed(of, v.Type()):
			return column{}, fmt.Errorf("mixes %s, its value %d, with %s, its value %d", of, first+1, v.Type(), i+1)
		}
	}
	switch {
	case first < 0:
		return column{v: gaps(n)}, nil
	case kindOf(of) != ofNumbers: // of one type
		return readColumn(n, holds, of)
	}
	c := column{v: gaps(n)}
	for i := range n {
		v := holds(i)
		if !v.IsValid() {
			continue
		}
		read, _ := reader(v.Type())
		c.v[i] = read(v)
	}
	return c, nil
}

// held is what interfaces and pointers lead to; it is invalid for nil.
func held(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	return v
}

func gaps(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

// What the values of a column may be.
const (
	ofNumbers = iota
	ofDurations
	ofNames
	ofMoments
	ofOthers
)

func kindOf(t reflect.Type) int {
	switch _, number := reader(t); {
	case t == durationType:
		return ofDurations
	case number:
		return ofNumbers
	case t.Kind() == reflect.String || t.Kind() == reflect.Bool:
		return ofNames
	case t == timeType:
		return ofMoments
	}
	return ofOthers
}

func mixed(a, b reflect.Type) bool {
	return a != b && (kindOf(a) != kindOf(b) || kindOf(a) == ofOthers)
}

// reader reads values of a type of numbers.
func reader(t reflect.Type) (func(reflect.Value) float64, bool) {
	v := reflect.Zero(t)
	switch {
	case t.Kind() == reflect.Interface:
		return nil, false
	case t == durationType:
		return func(v reflect.Value) float64 { return float64(v.Int()) / 1e9 }, true
	case v.CanInt():
		return func(v reflect.Value) float64 { return float64(v.Int()) }, true
	case v.CanUint():
		return func(v reflect.Value) float64 { return float64(v.Uint()) }, true
	case v.CanFloat():
		return reflect.Value.Float, true
	}
	return nil, false
}

// number reads one value of any type; a missing row is a gap.
func number(v reflect.Value) (f float64, unit string, ok bool) {
	v = held(v)
	if !v.IsValid() {
		return math.NaN(), "", true
	}
	read, ok := reader(v.Type())
	if !ok {
		return 0, "", false
	}
	if v.Type() == durationType {
		unit = "s"
	}
	return read(v), unit, true
}

func isMap(v any) bool { return v != nil && reflect.TypeOf(v).Kind() == reflect.Map }

// mapColumns splits a map into its keys, in order, and its values.
func mapColumns(v any) (keys, values column, err error) {
	r := reflect.ValueOf(v)
	names := r.MapKeys()
	slices.SortStableFunc(names, compareKeys)
	keys, err = readColumn(len(names), func(i int) reflect.Value { return names[i] }, r.Type().Key())
	if err != nil {
		return keys, values, err
	}
	values, err = readColumn(len(names), func(i int) reflect.Value { return r.MapIndex(names[i]) }, r.Type().Elem())
	if err == nil && !values.since.IsZero() {
		err = errMoments()
	}
	return keys, values, err
}

func compareKeys(a, b reflect.Value) int {
	a, b = held(a), held(b)
	switch {
	case a.Kind() != b.Kind():
		return cmp.Compare(a.Kind(), b.Kind())
	case a.Kind() == reflect.Bool:
		return cmp.Compare(strconv.FormatBool(a.Bool()), strconv.FormatBool(b.Bool()))
	case a.IsValid() && a.Type() == timeType && b.Type() == timeType:
		return a.Interface().(time.Time).Compare(b.Interface().(time.Time))
	case a.Kind() == reflect.String:
		return cmp.Compare(a.String(), b.String())
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	}
	return 0
}

// ordinals are the labels of bars that have none: 1, 2, 3, ...
func ordinals(data, values any) any {
	c, err := columnOf(data, values)
	if err != nil {
		return nil
	}
	labels := make([]string, c.len())
	for i := range labels {
		labels[i] = strconv.Itoa(i + 1)
	}
	return labels
}

func typeText(v any) string {
	if v == nil {
		return "nil"
	}
	return reflect.TypeOf(v).String()
}
