package guard

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

const (
	// A panic value may be cyclic or huge; its text stays small.
	spellDepth    = 4
	spellElements = 32
	spellBytes    = 4 << 10
)

// spell writes a value in the manner of %#v, without calling any method and
// within limits.
func spell(v any) string {
	var b strings.Builder
	spellValue(&b, reflect.ValueOf(v), spellDepth)
	return b.String()
}

// spellValue writes v with its type; depth is how far it may go inwards.
func spellValue(b *strings.Builder, v reflect.Value, depth int) {
	if !v.IsValid() {
		b.WriteString("nil")
		return
	}
	if text, ok := basicText(v); ok {
		writeBasic(b, v, text)
		return
	}
	switch v.Kind() {
	case reflect.Interface:
		spellValue(b, v.Elem(), depth)
	case reflect.Pointer:
		if v.IsNil() || depth == 0 || v.Elem().Kind() != reflect.Struct {
			fmt.Fprintf(b, "(%s)(%#x)", v.Type(), v.Pointer())
			return
		}
		b.WriteByte('&')
		spellValue(b, v.Elem(), depth)
	case reflect.Map:
		// Walking it would be fatal while another goroutine writes to it.
		fmt.Fprintf(b, "%s{%d elements}", v.Type(), v.Len())
	case reflect.Chan, reflect.Func, reflect.UnsafePointer:
		fmt.Fprintf(b, "(%s)(%#x)", v.Type(), v.Pointer())
	default:
		spellElementsOf(b, v, depth-1)
	}
}

// spellElementsOf writes a struct, array or slice as a literal.
func spellElementsOf(b *strings.Builder, v reflect.Value, depth int) {
	b.WriteString(v.Type().String())
	b.WriteByte('{')
	defer b.WriteByte('}')
	n := 0
	// more writes the separator and says whether another element fits.
	more := func() bool {
		if n > 0 {
			b.WriteString(", ")
		}
		n++
		if depth < 0 || n > spellElements || b.Len() > spellBytes {
			b.WriteString("...")
			return false
		}
		return true
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := 0; i < v.NumField() && more(); i++ {
			b.WriteString(v.Type().Field(i).Name + ":")
			spellValue(b, v.Field(i), depth)
		}
	default:
		for i := 0; i < v.Len() && more(); i++ {
			spellValue(b, v.Index(i), depth)
		}
	}
}

// writeBasic writes a basic value; a defined type is named, as Go does it:
// main.Code(3), main.Name("x").
func writeBasic(b *strings.Builder, v reflect.Value, text string) {
	if v.Type().PkgPath() == "" {
		b.WriteString(text)
		return
	}
	b.WriteString(v.Type().String() + "(" + text + ")")
}

// basicText formats a value of a basic kind.
func basicText(v reflect.Value) (string, bool) {
	switch {
	case v.Kind() == reflect.String:
		s := v.String()
		if len(s) > spellBytes {
			return strconv.Quote(s[:spellBytes]) + "...", true
		}
		return strconv.Quote(s), true
	case v.Kind() == reflect.Bool:
		return strconv.FormatBool(v.Bool()), true
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10), true
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10), true
	case v.Kind() == reflect.Float32:
		return strconv.FormatFloat(v.Float(), 'g', -1, 32), true
	case v.CanFloat():
		return strconv.FormatFloat(v.Float(), 'g', -1, 64), true
	case v.CanComplex():
		return strconv.FormatComplex(v.Complex(), 'g', -1, 128), true
	}
	return "", false
}
