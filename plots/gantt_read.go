package plots

import (
	"fmt"
	"math"
	"reflect"
	"time"
	"unsafe"
)

// taskSpan is one span as read.
type taskSpan struct {
	row, name, kind string
	from, to        float64
	unit            string // of the times, the same for all
}

// table reads the spans from whatever form they came in.
func (g Gantt) table() ([]taskSpan, error) {
	if g.Spans != nil {
		for _, other := range []any{g.Data, g.From, g.To, g.Row, g.Name, g.Kind} {
			if other != nil {
				return nil, fmt.Errorf("Spans come alone, without Data or columns")
			}
		}
		return tasksTable(g.Spans)
	}
	var columns [5]elements
	n := -1
	for i, col := range []struct {
		name string
		v    any
		must bool
	}{{"From", g.From, true}, {"To", g.To, true}, {"Row", g.Row, false}, {"Name", g.Name, false}, {"Kind", g.Kind, false}} {
		if col.v == nil && !col.must {
			continue
		}
		var err error
		if columns[i], err = elementsOf(g.Data, col.v); err != nil {
			return nil, fmt.Errorf("%s %w", col.name, err)
		}
		if n >= 0 && columns[i].n != n {
			return nil, fmt.Errorf("From has %d values and %s has %d", n, col.name, columns[i].n)
		}
		n = columns[i].n
	}
	return columnsTable(columns, n)
}

func tasksTable(tasks []Task) ([]taskSpan, error) {
	var c clock
	out := make([]taskSpan, len(tasks))
	for i, t := range tasks {
		var err error
		s := taskSpan{row: t.Row, name: t.Name, kind: t.Kind}
		if s.row == "" {
			s.row = t.Name
		}
		if s.from, err = c.read(reflect.ValueOf(t.From)); err != nil {
			return nil, fmt.Errorf("span %d (%q): From %w", i+1, t.Name, err)
		}
		if s.to, err = c.read(reflect.ValueOf(t.To)); err != nil {
			return nil, fmt.Errorf("span %d (%q): To %w", i+1, t.Name, err)
		}
		out[i] = s
	}
	return c.settle(out), nil
}

func columnsTable(columns [5]elements, n int) ([]taskSpan, error) {
	from, to, row, name, kind := columns[0], columns[1], columns[2], columns[3], columns[4]
	var c clock
	out := make([]taskSpan, n)
	for i := range out {
		s := &out[i]
		var err error
		if s.from, err = c.read(from.at(i)); err != nil {
			return nil, fmt.Errorf("From of span %d %w", i+1, err)
		}
		if s.to, err = c.read(to.at(i)); err != nil {
			return nil, fmt.Errorf("To of span %d %w", i+1, err)
		}
		for _, text := range []struct {
			to   *string
			from elements
			name string
		}{{&s.row, row, "Row"}, {&s.name, name, "Name"}, {&s.kind, kind, "Kind"}} {
			if text.from.at == nil {
				continue
			}
			if *text.to, err = wordOf(text.from.at(i)); err != nil {
				return nil, fmt.Errorf("%s of span %d %w", text.name, i+1, err)
			}
		}
		if row.at == nil {
			s.row = s.name
		}
	}
	return c.settle(out), nil
}

// elements are the values of a column.
type elements struct {
	n  int
	at func(i int) reflect.Value
}

// elementsOf is columnOf for values that aren't numbers yet.
func elementsOf(data, v any) (elements, error) {
	name, named := v.(string)
	r := reflect.ValueOf(v)
	if named && data != nil {
		r = reflect.ValueOf(data)
	}
	for r.Kind() == reflect.Pointer && !r.IsNil() {
		r = r.Elem()
	}
	if r.Kind() != reflect.Slice && r.Kind() != reflect.Array {
		if named && data != nil {
			return elements{}, fmt.Errorf("Data is %s, not a slice of structs", typeText(data))
		}
		return elements{}, fmt.Errorf("is %s, not a slice", typeText(v))
	}
	if !named || data == nil {
		return elements{r.Len(), r.Index}, nil
	}
	t := r.Type().Elem()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return elements{}, fmt.Errorf("Data is %s, not a slice of structs", typeText(data))
	}
	f, ok := t.FieldByName(name)
	if !ok || len(f.Index) != 1 {
		return elements{}, fmt.Errorf("%s has no field %s", t, name)
	}
	return elements{r.Len(), func(i int) reflect.Value {
		row := r.Index(i)
		if row.Kind() == reflect.Pointer {
			if row.IsNil() {
				return reflect.Value{}
			}
			row = row.Elem()
		}
		return readable(row.Field(f.Index[0]))
	}}, nil
}

// readable gives access to a value of an unexported field: the structs of a
// cell rarely have exported ones.
func readable(v reflect.Value) reflect.Value {
	if v.CanInterface() || !v.CanAddr() {
		return v
	}
	return reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
}

// wordOf is a name or number as text.
func wordOf(v reflect.Value) (string, error) {
	for v.IsValid() && v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	switch {
	case !v.IsValid():
		return "", nil
	case v.CanInterface() && v.Type().Implements(reflect.TypeFor[fmt.Stringer]()) && !nilPointer(v.Interface()):
		return v.Interface().(fmt.Stringer).String(), nil
	case v.Kind() == reflect.String:
		return v.String(), nil
	case v.CanInt(), v.CanUint(), v.CanFloat(), v.Kind() == reflect.Bool:
		return fmt.Sprint(v), nil
	}
	return "", fmt.Errorf("is %s, which is no name", v.Type())
}

var timeType = reflect.TypeFor[time.Time]()

// clock reads times of one kind: moments, durations or numbers.
type clock struct {
	kind  reflect.Type // nil: none read yet; float64 for all plain numbers
	first time.Time    // what moments are counted from while they are read
}

// read returns seconds for moments and durations; NaN for what is missing,
// a zero time.Time among it.
func (c *clock) read(v reflect.Value) (float64, error) {
	for v.IsValid() && (v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer) {
		v = v.Elem()
	}
	if !v.IsValid() {
		return math.NaN(), nil
	}
	kind, f := reflect.TypeFor[float64](), 0.0
	if v.Type() == timeType && v.CanInterface() {
		t := v.Interface().(time.Time)
		if t.IsZero() {
			return math.NaN(), nil
		}
		if c.first.IsZero() {
			c.first = t
		}
		kind, f = timeType, t.Sub(c.first).Seconds()
	} else {
		var unit string
		var ok bool
		if f, unit, ok = number(v); !ok {
			return 0, fmt.Errorf("is %s, which is no time", v.Type())
		}
		if unit == "s" {
			kind = durationType
		}
	}
	if c.kind != nil && c.kind != kind {
		return 0, fmt.Errorf("is %s after others that are %s", v.Type(), c.kind)
	}
	c.kind = kind
	return f, nil
}

// settle counts moments from the earliest and gives the times their unit.
func (c *clock) settle(spans []taskSpan) []taskSpan {
	earliest, unit := 0.0, ""
	if c.kind == timeType {
		var x extentOf
		for _, s := range spans {
			x.add(s.from, s.to)
		}
		earliest = x.min
	}
	if c.kind == timeType || c.kind == durationType {
		unit = "s"
	}
	for i := range spans {
		spans[i].from -= earliest
		spans[i].to -= earliest
		spans[i].unit = unit
	}
	return spans
}
