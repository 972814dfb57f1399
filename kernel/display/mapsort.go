package display

import (
	"cmp"
	"reflect"
	"slices"
)

// entry is one key of a map with its value.
type entry struct {
	key, value reflect.Value
	text       string // of keys that have no order of their own
}

// sortedEntries returns a map's entries in the order of their keys: numbers,
// strings and false before true as such, anything else by its text. Of a very
// large map it returns a sample, so that showing it takes bounded time.
func sortedEntries(m reflect.Value) []entry {
	limit := min(m.Len(), sortedKeys)
	entries := make([]entry, 0, limit)
	for it := m.MapRange(); len(entries) < limit && it.Next(); {
		entries = append(entries, entry{key: it.Key(), value: it.Value()})
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return compareKeys(&a, &b) })
	return entries
}

func compareKeys(a, b *entry) int {
	x, y := a.key, b.key
	if x.Kind() == reflect.Interface {
		x, y = x.Elem(), y.Elem()
	}
	if !x.IsValid() || !y.IsValid() {
		return cmp.Compare(btoi(x.IsValid()), btoi(y.IsValid()))
	}
	if x.Kind() != y.Kind() {
		return cmp.Compare(x.Kind(), y.Kind())
	}
	switch {
	case x.CanInt():
		return cmp.Compare(x.Int(), y.Int())
	case x.CanUint():
		return cmp.Compare(x.Uint(), y.Uint())
	case x.CanFloat():
		return cmp.Compare(x.Float(), y.Float())
	case x.Kind() == reflect.String:
		return cmp.Compare(x.String(), y.String())
	case x.Kind() == reflect.Bool:
		return cmp.Compare(btoi(x.Bool()), btoi(y.Bool()))
	}
	return cmp.Compare(keyText(a), keyText(b))
}

func keyText(e *entry) string {
	if e.text == "" {
		e.text = prettyLine(e.key, maxString)
	}
	return e.text
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
