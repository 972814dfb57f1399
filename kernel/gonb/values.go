package gonb

import (
	"encoding/json"
	"fmt"
	"math"
)

// kind is the Go type of the values at an address: gonbui delivers only those of
// the very type that the program listens for, except for plain numbers.
type kind int

const (
	unknown kind = iota
	other        // a basic type
	ints
	floats
	texts
)

// kindOf returns the kind of a value on its way from or to a program.
func kindOf(v any) kind {
	switch v.(type) {
	case nil:
		return unknown
	case []int, map[string]int:
		return ints
	case []float64, map[string]float64:
		return floats
	case []string, map[string]string:
		return texts
	}
	return other
}

// typed gives a value from JSON one of the types that gonbui can read. Lists and
// objects of numbers are ints if all are whole, unless the values of the address
// were floats before; with anything else in them they are strings.
func typed(v any, before kind) any {
	switch v := v.(type) {
	case bool:
		// There is no type for it: a program that listens gets 0 or 1.
		if v {
			return 1
		}
		return 0
	case []any:
		switch k := element(v, before); k {
		case ints:
			return list(v, toInt)
		case floats:
			return list(v, toFloat)
		}
		return list(v, toText)
	case map[string]any:
		items := make([]any, 0, len(v))
		for _, x := range v {
			items = append(items, x)
		}
		switch k := element(items, before); k {
		case ints:
			return object(v, toInt)
		case floats:
			return object(v, toFloat)
		}
		return object(v, toText)
	case nil, string, float64:
		return v
	}
	return fmt.Sprint(v)
}

// element finds the kind that all items have.
func element(items []any, before kind) kind {
	if before == ints || before == floats || before == texts {
		if len(items) == 0 || before == texts {
			return before
		}
	}
	found := ints
	if before == floats {
		found = floats
	}
	if len(items) == 0 {
		return floats
	}
	for _, x := range items {
		f, ok := x.(float64)
		if !ok {
			return texts
		}
		if f != math.Trunc(f) || math.Abs(f) > 1<<53 {
			found = floats
		}
	}
	return found
}

func list[T any](items []any, convert func(any) T) []T {
	out := make([]T, len(items))
	for i, x := range items {
		out[i] = convert(x)
	}
	return out
}

func object[T any](items map[string]any, convert func(any) T) map[string]T {
	out := make(map[string]T, len(items))
	for k, x := range items {
		out[k] = convert(x)
	}
	return out
}

func toInt(x any) int { return int(toFloat(x)) }

func toFloat(x any) float64 {
	f, _ := x.(float64)
	return f
}

// toText keeps a string and writes anything else as JSON.
func toText(x any) string {
	if s, ok := x.(string); ok {
		return s
	}
	text, err := json.Marshal(x)
	if err != nil {
		return fmt.Sprint(x)
	}
	return string(text)
}
