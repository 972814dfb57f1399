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
}

func (c column) len() int { return max(len(c.v), len(c.labels)) }

var durationType = reflect.TypeFor[time.Duration]()

// columnOf reads a slice or array of numbers, durations or names; with data
// set, a string is the name of a field of its elements. The column is a copy:
// who reads it may change it.
func columnOf(data, v any) (column, error) {
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
	if !ok || len(f.Index) != 1 {
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
		return row.Field(f.Index[0])
	}, f.Type)
}

func readColumn(n int, at func(int) reflect.Value, elem reflect.Type) (column, error) {
	if elem.Kind() == reflect.String {
		c := column{labels: make([]string, n)}
		for i := range n {
			if v := at(i); v.IsValid() {
				c.labels[i] = v.String()
			}
		}
		return c, nil
	}
	c := column{v: make([]float64, n)}
	if elem == durationType {
		c.unit = "s"
	}
	read, ok := reader(elem)
	for i := range n {
		v := at(i)
		switch {
		case !v.IsValid():
			c.v[i] = math.NaN()
		case ok:
			c.v[i] = read(v)
		default: // an interface: each value has a type of its own
			f, unit, ok := number(v)
			if !ok {
				return column{}, fmt.Errorf("holds %s, which is no number", elem)
			}
			c.v[i] = f
			if unit != "" {
				c.unit = unit
			}
		}
	}
	return c, nil
}

// reader reads values of a type of numbers.
func reader(t reflect.Type) (func(reflect.Value) float64, bool) {
	v := reflect.Zero(t)
	switch {
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
	for v.IsValid() && v.Kind() == reflect.Interface {
		v = v.Elem()
	}
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
	slices.SortFunc(names, compareKeys)
	keys, err = readColumn(len(names), func(i int) reflect.Value { return names[i] }, r.Type().Key())
	if err != nil {
		return keys, values, err
	}
	values, err = readColumn(len(names), func(i int) reflect.Value { return r.MapIndex(names[i]) }, r.Type().Elem())
	return keys, values, err
}

func compareKeys(a, b reflect.Value) int {
	switch {
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
