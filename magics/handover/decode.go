package handover

import (
	"fmt"
	"reflect"
)

// dtypes are the Go types of dtypes.
var dtypes = map[string]reflect.Type{
	"b1": reflect.TypeFor[bool](),
	"i1": reflect.TypeFor[int8](), "i2": reflect.TypeFor[int16](), "i4": reflect.TypeFor[int32](), "i8": reflect.TypeFor[int](),
	"u1": reflect.TypeFor[uint8](), "u2": reflect.TypeFor[uint16](), "u4": reflect.TypeFor[uint32](), "u8": reflect.TypeFor[uint64](),
	"f4": reflect.TypeFor[float32](), "f8": reflect.TypeFor[float64](),
	"c8": reflect.TypeFor[complex64](), "c16": reflect.TypeFor[complex128](),
	"m8": durationType, "M8": timeType,
	"str": reflect.TypeFor[string](), "int": reflect.TypeFor[int](),
}

func goName(dtype string) string {
	if t := dtypes[dtype]; t != nil {
		return t.String()
	}
	return dtype
}

// decode sets v to what a node holds.
func (s *source) decode(n *Node, v reflect.Value, path string) error {
	if n == nil {
		return fmt.Errorf("%s: the value is missing", path)
	}
	if v.Kind() == reflect.Interface && v.NumMethod() == 0 {
		t, err := typeOf(n)
		if err != nil || t == nil { // nil: None
			return err
		}
		to := reflect.New(t).Elem()
		if err := s.decode(n, to, path); err != nil {
			return err
		}
		v.Set(to)
		return nil
	}
	if v.Kind() == reflect.Pointer {
		if n.Kind == kindNone {
			v.SetZero()
			return nil
		}
		v.Set(reflect.New(v.Type().Elem()))
		return s.decode(n, v.Elem(), path)
	}
	switch n.Kind {
	case kindArray:
		return s.decodeArray(n, v, path)
	case kindStrings:
		list, err := s.strings(n)
		if err != nil {
			return err
		}
		if v.Type() == reflect.TypeFor[[]string]() {
			v.Set(reflect.ValueOf(list))
			return nil
		}
		return s.decodeList(len(list), v, path, n, func(i int, to reflect.Value) error {
			return set(to, reflect.ValueOf(list[i]), path)
		})
	case kindList:
		return s.decodeList(len(n.Items), v, path, n, func(i int, to reflect.Value) error {
			return s.decode(n.Items[i], to, fmt.Sprintf("%s[%d]", path, i))
		})
	case kindMap:
		return s.decodeMap(n, v, path)
	case kindStruct:
		return s.decodeRecord(n, v, path)
	case kindRows:
		return s.decodeRows(n, v, path)
	case kindScalar:
		x, err := scalarValue(n)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return set(v, x, path)
	}
	return unfit(n, v, path)
}

// unfit is the error for a value that a Go type can't hold.
func unfit(n *Node, v reflect.Value, path string) error {
	return fmt.Errorf("%s is a %s and can't become %s", path, n.describe(), v.Type())
}

// typeOf is the Go type of a node where none is asked for; nil for None.
func typeOf(n *Node) (reflect.Type, error) {
	switch n.Kind {
	case kindArray:
		t := dtypes[n.Dtype]
		if t == nil {
			return nil, fmt.Errorf("arrays of %q are unknown", n.Dtype)
		}
		for range n.Shape {
			t = reflect.SliceOf(t)
		}
		return t, nil
	case kindStrings:
		return reflect.TypeFor[[]string](), nil
	case kindList:
		return reflect.TypeFor[[]any](), nil
	case kindRows:
		return reflect.TypeFor[[]map[string]any](), nil
	case kindStruct:
		return reflect.TypeFor[map[string]any](), nil
	case kindScalar:
		if t := dtypes[n.Dtype]; t != nil {
			return t, nil
		}
		return nil, fmt.Errorf("values of %q are unknown", n.Dtype)
	case kindMap:
		if n.Keys != nil && n.Keys.Kind == kindStrings {
			return reflect.TypeFor[map[string]any](), nil
		}
		return reflect.TypeFor[map[any]any](), nil
	}
	return nil, nil
}

// decodeArray sets v, slices or arrays of as many dimensions as the node has.
func (s *source) decodeArray(n *Node, v reflect.Value, path string) error {
	own := dtypes[n.Dtype]
	if own == nil {
		return fmt.Errorf("%s: arrays of %q are unknown", path, n.Dtype)
	}
	leaf := v.Type()
	for range n.Shape {
		if leaf.Kind() != reflect.Slice && leaf.Kind() != reflect.Array {
			return unfit(n, v, path)
		}
		leaf = leaf.Elem()
	}
	stored := own // the type in which the elements are in the file
	if own == timeType {
		stored = reflect.TypeFor[int64]()
	} else if leaf.Kind() == own.Kind() || dtype(leaf) == n.Dtype {
		stored = leaf
	}
	flat, err := s.flat(n, stored)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if stored != leaf {
		if flat, err = converted(flat, own, leaf, path); err != nil {
			return err
		}
	}
	return shape(flat, n.Shape, v, path)
}

// converted turns a flat array into one of another element type.
func converted(flat reflect.Value, own, leaf reflect.Type, path string) (reflect.Value, error) {
	to := reflect.MakeSlice(reflect.SliceOf(leaf), flat.Len(), flat.Len())
	for i := range flat.Len() {
		x := flat.Index(i)
		if own == timeType {
			x = reflect.ValueOf(timeOf(x.Int()))
		}
		e := to.Index(i)
		if e.Kind() == reflect.Interface && e.NumMethod() == 0 {
			e.Set(x)
		} else if err := set(e, x, path); err != nil {
			return to, err
		}
	}
	return to, nil
}

// shape hands out the elements of a flat slice to the rows of v, which share
// their memory.
func shape(flat reflect.Value, dims []int, v reflect.Value, path string) error {
	if len(dims) == 0 {
		v.Set(flat.Index(0))
		return nil
	}
	if v.Kind() == reflect.Array && v.Len() != dims[0] {
		return fmt.Errorf("%s has %d elements and can't become %s", path, dims[0], v.Type())
	}
	if len(dims) == 1 && v.Kind() == reflect.Slice {
		v.Set(flat.Convert(v.Type()))
		return nil
	}
	if v.Kind() == reflect.Slice {
		v.Set(reflect.MakeSlice(v.Type(), dims[0], dims[0]))
	}
	if len(dims) == 1 {
		reflect.Copy(v, flat)
		return nil
	}
	step := 1
	for _, d := range dims[1:] {
		step *= d
	}
	for i := range dims[0] {
		if err := shape(flat.Slice3(i*step, (i+1)*step, (i+1)*step), dims[1:], v.Index(i), path); err != nil {
			return err
		}
	}
	return nil
}

// decodeList sets a slice or an array element by element.
func (s *source) decodeList(count int, v reflect.Value, path string, n *Node, element func(int, reflect.Value) error) error {
	switch {
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), count, count))
	case v.Kind() != reflect.Array:
		return unfit(n, v, path)
	case v.Len() != count:
		return fmt.Errorf("%s has %d elements and can't become %s", path, count, v.Type())
	}
	for i := range count {
		if err := element(i, v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// decodeMap sets a map.
func (s *source) decodeMap(n *Node, v reflect.Value, path string) error {
	if v.Kind() != reflect.Map {
		return unfit(n, v, path)
	}
	keys := reflect.New(reflect.SliceOf(v.Type().Key())).Elem()
	values := reflect.New(reflect.SliceOf(v.Type().Elem())).Elem()
	if err := s.decode(n.Keys, keys, path+" (keys)"); err != nil {
		return err
	}
	if err := s.decode(n.Values, values, path+" (values)"); err != nil {
		return err
	}
	if keys.Len() != values.Len() {
		return fmt.Errorf("%s has %d keys and %d values", path, keys.Len(), values.Len())
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), keys.Len()))
	for i := range keys.Len() {
		if !keys.Index(i).Comparable() {
			return fmt.Errorf("%s: %v can't be a key of a Go map", path, keys.Index(i))
		}
		v.SetMapIndex(keys.Index(i), values.Index(i))
	}
	return nil
}

// decodeRecord sets a struct, or a map with the names as keys.
func (s *source) decodeRecord(n *Node, v reflect.Value, path string) error {
	if len(n.Names) != len(n.Items) {
		return fmt.Errorf("%s: a record has %d names and %d values", path, len(n.Names), len(n.Items))
	}
	return s.decodeFields(n, v, path, func(i int, to reflect.Value) error {
		return s.decode(n.Items[i], to, path+"."+n.Names[i])
	})
}

// decodeFields sets the fields of a struct, or the keys of a map.
func (s *source) decodeFields(n *Node, v reflect.Value, path string, value func(int, reflect.Value) error) error {
	switch {
	case v.Kind() == reflect.Struct:
	case v.Kind() == reflect.Map && v.Type().Key().Kind() == reflect.String:
		v.Set(reflect.MakeMap(v.Type()))
	default:
		return unfit(n, v, path)
	}
	for i, name := range n.Names {
		if v.Kind() == reflect.Map {
			to := reflect.New(v.Type().Elem()).Elem()
			if err := value(i, to); err != nil {
				return err
			}
			v.SetMapIndex(reflect.ValueOf(name).Convert(v.Type().Key()), to)
			continue
		}
		f, ok := fieldOf(v.Type(), name)
		if !ok {
			return fmt.Errorf("%s: %s has no field for %q", path, v.Type(), name)
		}
		if err := value(i, v.Field(f)); err != nil {
			return err
		}
	}
	return nil
}

// decodeRows sets a list of structs or maps, or a struct or map of columns.
func (s *source) decodeRows(n *Node, v reflect.Value, path string) error {
	if v.Kind() == reflect.Struct || v.Kind() == reflect.Map {
		return s.decodeRecord(n, v, path)
	}
	if v.Kind() != reflect.Slice || len(n.Names) != len(n.Items) || len(n.Items) == 0 && n.Count > maxEmpty {
		return unfit(n, v, path)
	}
	columns := make([]reflect.Value, len(n.Items))
	for c, item := range n.Items {
		elem := reflect.TypeFor[any]()
		if row := v.Type().Elem(); row.Kind() == reflect.Struct {
			f, ok := fieldOf(row, n.Names[c])
			if !ok {
				return fmt.Errorf("%s: %s has no field for %q", path, row, n.Names[c])
			}
			elem = row.Field(f).Type
		} else if row.Kind() == reflect.Map {
			elem = row.Elem()
		}
		columns[c] = reflect.New(reflect.SliceOf(elem)).Elem()
		if err := s.decode(item, columns[c], path+"."+n.Names[c]); err != nil {
			return err
		}
		if columns[c].Len() != n.Count {
			return fmt.Errorf("%s.%s has %d values for %d rows", path, n.Names[c], columns[c].Len(), n.Count)
		}
	}
	return s.decodeList(n.Count, v, path, n, func(i int, to reflect.Value) error {
		return s.decodeFields(n, to, path, func(c int, field reflect.Value) error {
			field.Set(columns[c].Index(i))
			return nil
		})
	})
}
