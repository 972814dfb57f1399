package handover

import (
	"fmt"
	"reflect"
	"strings"
)

// field is a field of a struct that is handed over.
type field struct {
	index  int
	goName string
	name   string // on the other side: see nameOf
	typ    reflect.Type
}

// fieldsOf returns the exported fields of a struct.
func fieldsOf(t reflect.Type, path string) ([]field, error) {
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		if name, ok := nameOf(f); ok {
			fields = append(fields, field{i, f.Name, name, f.Type})
		}
	}
	if len(fields) == 0 {
		return nil, fmt.Errorf("%s is a %s, which has no exported fields: hand over what it holds", path, t)
	}
	return fields, nil
}

// nameOf is the name of a field on the other side: its handover tag, that of its
// json tag, or its own; false for one that json leaves out. The types of tables
// have a handover tag where json can't say the name of the column.
func nameOf(f reflect.StructField) (string, bool) {
	if name, ok := f.Tag.Lookup("handover"); ok {
		return name, true
	}
	switch name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name {
	case "-":
		return "", false
	case "":
		return f.Name, true
	default:
		return name, true
	}
}

// fieldOf finds the field of a struct that a name of the other side means.
func fieldOf(t reflect.Type, name string) (int, bool) {
	fields, err := fieldsOf(t, "")
	if err != nil {
		return 0, false
	}
	for _, same := range []func(f field) bool{
		func(f field) bool { return f.name == name },
		func(f field) bool { return f.goName == name },
		func(f field) bool { return strings.EqualFold(f.goName, strings.ReplaceAll(name, "_", "")) },
	} {
		for _, f := range fields {
			if same(f) {
				return f.index, true
			}
		}
	}
	return 0, false
}
