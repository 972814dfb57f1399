package display

import (
	"fmt"
	"reflect"
)

// Limits of a table that is shown without being asked for.
const (
	headRows   = 50 // rows at the start of a cut table
	tailRows   = 10 // and at its end
	maxColumns = 30
	maxCell    = 80 // bytes of one cell
)

// TableView is a value shown as a table; Table makes one. Its methods return a
// changed copy: display.Show(display.Table(rows).Caption("runs").Limit(200)).
type TableView struct {
	value   any
	caption string
	limit   int
	columns []string
}

// Table shows slices of structs, maps, slices of slices, matrices and lists as
// a table; other values are shown as they are.
func Table(v any) TableView { return TableView{value: v, limit: headRows + tailRows} }

// Caption sets the line above the table.
func (t TableView) Caption(text string) TableView { t.caption = text; return t }

// Limit sets how many rows are shown; 0 and less shows all.
func (t TableView) Limit(rows int) TableView { t.limit = rows; return t }

// Columns names the columns, for matrices and for slices of slices.
func (t TableView) Columns(names ...string) TableView { t.columns = names; return t }

func (t TableView) bundle() Bundle {
	if t.value == nil {
		return textBundle("<nil>")
	}
	src, ok := sourceOf(reflect.ValueOf(t.value), true)
	if !ok {
		return Format(t.value)
	}
	g := src.grid(t.limit)
	g.caption = t.caption
	for i, name := range t.columns {
		if i < len(g.head) {
			g.head[i].name = name
		}
	}
	return Bundle{Data: map[string]any{mimeText: limitText(g.text()), mimeHTML: g.html()}}
}

// fromTabular shows a value that is a table by nature. Small maps keep their
// one-line text beside the HTML table.
func fromTabular(v any) (b Bundle, ok bool) {
	r := reflect.ValueOf(v)
	src, ok := sourceOf(r, false)
	if !ok {
		return Bundle{}, false
	}
	return guarded(v, func() Bundle {
		g := src.grid(headRows + tailRows)
		text := ""
		if r.Kind() == reflect.Map {
			text = oneLine(newPrinter().top(v))
		}
		if text == "" || textWidth(text) > lineWidth {
			text = g.text()
		}
		return Bundle{Data: map[string]any{mimeText: limitText(text), mimeHTML: g.html()}}
	}), true
}

// source is anything with rows and columns, read lazily: only the rows that
// are shown are formatted.
type source struct {
	head []column
	rows int
	keys int // columns that name the row
	more int // columns left out
	row  func(i int) []reflect.Value
}

// column is a heading with what the cells below it have in common.
type column struct {
	name    string
	numeric bool
	decimal int // digits after the point; -1: as they come
}

// matrix is what gonum.org/v1/gonum/mat.Matrix has, and others too.
type matrix interface {
	Dims() (r, c int)
	At(i, j int) float64
}

// sourceOf finds the table in a value; asked widens the search to any list.
func sourceOf(v reflect.Value, asked bool) (source, bool) {
	if m, ok := v.Interface().(matrix); ok {
		return matrixSource(m)
	}
	if saysItself(v.Type()) {
		return source{}, false
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && asked {
			return sourceOf(v.Elem(), asked)
		}
	case reflect.Map:
		if v.Len() > 0 {
			return mapSource(v), true
		}
	case reflect.Slice, reflect.Array:
		return listSource(v, asked)
	}
	return source{}, false
}

func listSource(v reflect.Value, asked bool) (source, bool) {
	elem := v.Type().Elem()
	if v.Len() == 0 {
		return source{}, false
	}
	if fields, ok := rowType(elem); ok {
		head, more := fieldColumns(fields)
		return source{head: head, rows: v.Len(), more: more, row: func(i int) []reflect.Value {
			return fieldValues(v.Index(i), len(head))
		}}, true
	}
	inner := elem.Kind() == reflect.Slice || elem.Kind() == reflect.Array
	if inner && !saysItself(elem) && (asked || isNumber(elem.Elem().Kind())) && elem.Elem().Kind() != reflect.Uint8 {
		width := 0
		for i := range v.Len() {
			width = max(width, v.Index(i).Len())
		}
		if width == 0 {
			return source{}, false
		}
		head, more := indexColumns(width)
		return source{head: head, rows: v.Len(), more: more, row: func(i int) []reflect.Value {
			return listValues(v.Index(i), len(head))
		}}, true
	}
	if !asked {
		return source{}, false
	}
	return source{head: []column{{name: "value"}}, rows: v.Len(), row: func(i int) []reflect.Value {
		return []reflect.Value{v.Index(i)}
	}}, true
}

func mapSource(v reflect.Value) source {
	entries := sortedEntries(v)
	fields, ok := rowType(v.Type().Elem())
	if !ok {
		return source{head: []column{{name: "key"}, {name: "value"}}, rows: v.Len(), keys: 1,
			row: func(i int) []reflect.Value {
				if i >= len(entries) {
					return nil
				}
				return []reflect.Value{entries[i].key, entries[i].value}
			}}
	}
	head, more := fieldColumns(fields)
	return source{head: append([]column{{name: "key"}}, head...), rows: v.Len(), keys: 1, more: more,
		row: func(i int) []reflect.Value {
			if i >= len(entries) {
				return nil
			}
			return append([]reflect.Value{entries[i].key}, fieldValues(entries[i].value, len(head))...)
		}}
}

func matrixSource(m matrix) (s source, ok bool) {
	defer func() {
		if recover() != nil {
			s, ok = source{}, false
		}
	}()
	r, c := m.Dims()
	if r <= 0 || c <= 0 {
		return source{}, false
	}
	head, more := indexColumns(c)
	return source{head: head, rows: r, more: more, row: func(i int) []reflect.Value {
		row := make([]reflect.Value, len(head))
		for j := range row {
			row[j] = reflect.ValueOf(m.At(i, j))
		}
		return row
	}}, true
}

// rowType reports whether values of a type are rows: structs, or pointers to
// some, that don't say themselves what they are (as time.Time does).
func rowType(t reflect.Type) (reflect.Type, bool) {
	if saysItself(t) {
		return nil, false
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t, t.Kind() == reflect.Struct && t.NumField() > 0 && !saysItself(t)
}

var (
	stringerType  = reflect.TypeFor[fmt.Stringer]()
	errorType     = reflect.TypeFor[error]()
	formatterType = reflect.TypeFor[fmt.Formatter]()
)

// saysItself reports whether a type has a text of its own.
func saysItself(t reflect.Type) bool {
	return t.Implements(stringerType) || t.Implements(errorType) || t.Implements(formatterType)
}

func fieldColumns(t reflect.Type) ([]column, int) {
	n := min(t.NumField(), maxColumns)
	head := make([]column, n)
	for i := range head {
		head[i] = column{name: t.Field(i).Name}
	}
	return head, t.NumField() - n
}

// fieldValues are the first n fields of a struct or of what a pointer leads
// to; a nil pointer has none.
func fieldValues(v reflect.Value, n int) []reflect.Value {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	v = openFields(v)
	row := make([]reflect.Value, n)
	for i := range row {
		row[i] = fieldOf(v, i)
	}
	return row
}

func indexColumns(width int) ([]column, int) {
	n := min(width, maxColumns)
	head := make([]column, n)
	for i := range head {
		head[i] = column{name: fmt.Sprint(i)}
	}
	return head, width - n
}

func listValues(v reflect.Value, n int) []reflect.Value {
	row := make([]reflect.Value, min(n, v.Len()))
	for i := range row {
		row[i] = v.Index(i)
	}
	return row
}

func isNumber(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Complex128 }
