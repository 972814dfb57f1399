package plots

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
)

// groups are the named groups of values that a layer shows, in the order of
// their places on the category axis. Values are read when they are needed.
type groups struct {
	names  []string
	column func(i int) (column, error)
}

// groupsOf finds the groups: the values of a map, rows with labels, the rows of
// Data by the field Group, or one slice, which is one group by the name of the
// layer.
func groupsOf(name string, data, values, labels any, by string) (groups, error) {
	switch {
	case by != "" && data == nil:
		return groups{}, fmt.Errorf("Group is the name of a field, and there is no Data")
	case data != nil:
		return groupsOfFields(name, data, values, labels, by)
	case isMap(values):
		return groupsOfMap(values, labels)
	}
	r := reflect.ValueOf(values)
	if k := r.Kind(); (k != reflect.Slice && k != reflect.Array) || !rowsOf(r.Type().Elem()) {
		names, err := groupNames(labels, 1, name)
		return groups{names, func(int) (column, error) { return columnOf(nil, values) }}, err
	}
	names, err := groupNames(labels, r.Len(), name)
	return groups{names, func(i int) (column, error) { return columnOf(nil, r.Index(i).Interface()) }}, err
}

func rowsOf(t reflect.Type) bool { return t.Kind() == reflect.Slice || t.Kind() == reflect.Array }

func groupsOfMap(values, labels any) (groups, error) {
	if labels != nil {
		return groups{}, fmt.Errorf("Values is a map, which brings its own Labels")
	}
	r := reflect.ValueOf(values)
	if !rowsOf(r.Type().Elem()) {
		return groups{}, fmt.Errorf("Values is %s, not a map from names to slices; Bars show one value for each name", typeText(values))
	}
	keys := r.MapKeys()
	slices.SortFunc(keys, compareKeys)
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = fmt.Sprint(k.Interface())
	}
	if dup := duplicate(names); dup != "" {
		return groups{}, fmt.Errorf("the group %q comes twice", dup)
	}
	return groups{names, func(i int) (column, error) { return columnOf(nil, r.MapIndex(keys[i]).Interface()) }}, nil
}

// groupNames are the labels of n groups; without any they are numbered, and a
// single one has the name given.
func groupNames(labels any, n int, single string) ([]string, error) {
	if labels == nil {
		names := []string{single}
		for i := 1; n != 1 && i <= n; i++ {
			names = append(names[:i-1], fmt.Sprint(i))
		}
		return names[:min(n, len(names))], nil
	}
	c, err := columnOf(nil, labels)
	if err != nil {
		return nil, fmt.Errorf("Labels %w", err)
	}
	if c.len() != n {
		return nil, fmt.Errorf("Labels has %d values and Values has %d groups", c.len(), n)
	}
	names := c.text()
	if dup := duplicate(names); dup != "" {
		return nil, fmt.Errorf("the group %q comes twice", dup)
	}
	return names, nil
}

// text is the column as names.
func (c column) text() []string {
	if c.labels != nil {
		return c.labels
	}
	out := make([]string, len(c.v))
	for i, v := range c.v {
		out[i] = strconv.FormatFloat(v, 'f', -1, 64)
		if c.unit != "" || math.Abs(v) > 1e15 {
			out[i] = SI(v, c.unit)
		}
	}
	return out
}

// groupsOfFields takes the groups from rows of structs: those with the same
// value in the field Group are one, in the order in which they first come. A
// field that holds slices makes each row a group.
func groupsOfFields(name string, data, values, labels any, by string) (groups, error) {
	field, ok := values.(string)
	if !ok {
		return groups{}, fmt.Errorf("Values is %s; with Data it is the name of a field", typeText(values))
	}
	if labels != nil {
		return groups{}, fmt.Errorf("Labels doesn't go with Data, where Group names the field")
	}
	if name == "" {
		name = field
	}
	var names []string
	if by != "" {
		c, err := fieldColumn(data, by)
		if err != nil {
			return groups{}, fmt.Errorf("Group %w", err)
		}
		names = c.text()
	}
	if rows, ok := fieldRows(data, field); ok {
		if names == nil {
			var err error
			names, err = groupNames(nil, len(rows), name)
			return groups{names, func(i int) (column, error) { return columnOf(nil, rows[i]) }}, err
		}
		if dup := duplicate(names); dup != "" {
			return groups{}, fmt.Errorf("the group %q comes twice", dup)
		}
		return groups{names, func(i int) (column, error) { return columnOf(nil, rows[i]) }}, nil
	}
	if names == nil {
		return groups{[]string{name}, func(int) (column, error) { return fieldColumn(data, field) }}, nil
	}
	return splitRows(data, field, names), nil
}

// fieldRows are the slices that a field of a slice of structs holds.
func fieldRows(data any, field string) ([]any, bool) {
	r := reflect.ValueOf(data)
	if !rowsOf(r.Type()) {
		return nil, false
	}
	t := r.Type().Elem()
	pointers := t.Kind() == reflect.Pointer
	if pointers {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil, false
	}
	f, ok := t.FieldByName(field)
	if !ok || len(f.Index) != 1 || !f.IsExported() || !rowsOf(f.Type) {
		return nil, false
	}
	rows := make([]any, r.Len())
	for i := range rows {
		row := r.Index(i)
		if pointers {
			if row.IsNil() {
				row = reflect.New(t) // nothing measured
			}
			row = row.Elem()
		}
		rows[i] = row.Field(f.Index[0]).Interface()
	}
	return rows, true
}

// splitRows parts the values of a field by the names of their rows.
func splitRows(data any, field string, names []string) groups {
	var order axisNames
	at := order.place(names)
	var parts []column
	return groups{order.names, func(i int) (column, error) {
		if parts == nil {
			c, err := fieldColumn(data, field)
			if err != nil || c.labels != nil {
				return c, err
			}
			parts = make([]column, len(order.names))
			for row, v := range c.v {
				p := &parts[int(at[row])]
				p.v, p.unit = append(p.v, v), c.unit
			}
		}
		return parts[i], nil
	}}
}
