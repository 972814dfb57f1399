package display

import (
	"fmt"
	"reflect"
	"strconv"
	"unicode/utf8"
	"unsafe"
)

// Limits of the text form. They bound time and size for any value.
const (
	maxDepth   = 8     // nesting levels shown
	maxNodes   = 2000  // values shown in all
	maxString  = 2000  // bytes of a string inside another value
	longList   = 40    // a longer list is cut in its middle ...
	listEnds   = 10    // ... to so many values at each end
	longMap    = 30    // entries shown of a map
	sortedKeys = 50000 // a larger map is shown by a sample of its keys
)

// PrettyText is the text form of any value: Go's syntax where it reads well,
// String and Error methods where there are some. It never panics.
func PrettyText(v any) string {
	return limitText(layout(newPrinter().top(v)))
}

// prettyLine is PrettyText on one line of at most max bytes.
func prettyLine(v reflect.Value, max int) string {
	return cutText(oneLine(newPrinter().value(v, maxDepth-2, false)), max)
}

// printer turns values into nodes, which layout sets in lines.
type printer struct {
	left  int            // nodes that may still be made
	onWay map[visit]bool // references being printed: a cycle closes here
}

// visit identifies a reference on the way from the top.
type visit struct {
	ptr unsafe.Pointer
	len int
	typ reflect.Type
}

func newPrinter() *printer {
	return &printer{left: maxNodes, onWay: map[visit]bool{}}
}

// top is the node of a whole value. A panic here is one of reflection over a
// value that another goroutine is changing.
func (p *printer) top(v any) (n node) {
	defer func() {
		if r := recover(); r != nil {
			n = leaf(fmt.Sprintf("%%!v(PANIC=%v)", r))
		}
	}()
	if s, ok := v.(string); ok {
		return leaf(quoteCut(s, maxText/2))
	}
	return p.value(reflect.ValueOf(v), 0, false)
}

// value is the node of one value; bare leaves the type's name out, as inside
// a list whose type has already named it.
func (p *printer) value(v reflect.Value, depth int, bare bool) node {
	if !v.IsValid() {
		return leaf("<nil>")
	}
	if p.left <= 0 {
		return leaf("…")
	}
	p.left--
	if n, ok := p.spoken(v); ok {
		return n
	}
	switch v.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64,
		reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128, reflect.String:
		return leaf(scalar(v))
	case reflect.Uintptr:
		return leaf("0x" + strconv.FormatUint(v.Uint(), 16))
	case reflect.UnsafePointer:
		return leaf(fmt.Sprintf("unsafe.Pointer(%#x)", v.Pointer()))
	case reflect.Func:
		return leaf(nilOr(v, typeName(v.Type())))
	case reflect.Chan:
		return leaf(nilOr(v, fmt.Sprintf("%s (len %d, cap %d)", typeName(v.Type()), v.Len(), v.Cap())))
	case reflect.Interface:
		if v.IsNil() {
			return leaf("<nil>")
		}
		return p.value(v.Elem(), depth, false)
	}
	return p.composite(v, depth, bare)
}

// spoken honours Error, String and fmt.Formatter, through fmt, which shows
// nil receivers and panicking methods in its own way.
func (p *printer) spoken(v reflect.Value) (node, bool) {
	if !v.CanInterface() || v.Kind() == reflect.Interface {
		return node{}, false
	}
	x := v.Interface()
	switch x := x.(type) {
	case reflect.Value:
		return p.value(x, maxDepth-1, false), true
	case error, fmt.Stringer, fmt.Formatter:
		return leaf(cutText(validUTF8(fmt.Sprintf("%v", x)), maxText/2)), true
	}
	return node{}, false
}

// scalar writes a number, truth value or string as Go would.
func scalar(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.FormatUint(v.Uint(), 10)
	case reflect.Float32:
		return strconv.FormatFloat(v.Float(), 'g', -1, 32)
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case reflect.Complex64:
		return strconv.FormatComplex(v.Complex(), 'g', -1, 64)
	case reflect.Complex128:
		return strconv.FormatComplex(v.Complex(), 'g', -1, 128)
	}
	return quoteCut(v.String(), maxString)
}

func nilOr(v reflect.Value, s string) string {
	if v.IsNil() {
		return typeName(v.Type()) + "(nil)"
	}
	return s
}

// composite is the node of a pointer, struct, list or map: the kinds that can
// be nested and can refer to themselves.
func (p *printer) composite(v reflect.Value, depth int, bare bool) node {
	name := ""
	if !bare {
		name = typeName(v.Type())
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		if v.IsNil() {
			if v.Kind() == reflect.Pointer {
				return leaf("<nil>")
			}
			return leaf(typeName(v.Type()) + "(nil)")
		}
		at := visit{v.UnsafePointer(), 0, v.Type()}
		if v.Kind() == reflect.Slice {
			at.len = v.Len()
		}
		if p.onWay[at] {
			return leaf("<cycle " + typeName(v.Type()) + ">")
		}
		p.onWay[at] = true
		defer delete(p.onWay, at)
	}
	if depth >= maxDepth {
		return leaf(name + "{…}")
	}
	switch v.Kind() {
	case reflect.Pointer:
		n := p.value(v.Elem(), depth+1, bare)
		n.text = "&" + n.text
		return n
	case reflect.Struct:
		return p.structure(v, depth, name)
	case reflect.Map:
		return p.mapping(v, depth, name)
	}
	return p.list(v, depth, name)
}

// structure shows all fields.
func (p *printer) structure(v reflect.Value, depth int, name string) node {
	t := v.Type()
	n := node{text: name, open: true}
	v = openFields(v)
	for i := range t.NumField() {
		k := p.value(fieldOf(v, i), depth+1, false)
		k.key = t.Field(i).Name
		n.kids = append(n.kids, k)
	}
	return n
}

// list shows a slice or array, cut in the middle when it is long.
func (p *printer) list(v reflect.Value, depth int, name string) node {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		if n, ok := bytesNode(v, name); ok {
			return n
		}
	}
	n := node{text: name, open: true}
	bare := v.Type().Elem().Kind() != reflect.Interface
	size := v.Len()
	for i := 0; i < size; i++ {
		if size > longList && i == listEnds {
			skipped := size - 2*listEnds
			n.kids = append(n.kids, leaf("… "+group(skipped)+" more …"))
			i += skipped
		}
		if p.left <= 0 {
			n.kids = append(n.kids, leaf("… "+group(size-i)+" more"))
			break
		}
		n.kids = append(n.kids, p.value(v.Index(i), depth+1, bare))
	}
	return n
}

// bytesNode shows bytes that are readable text as such.
func bytesNode(v reflect.Value, name string) (node, bool) {
	if v.Kind() != reflect.Slice || v.Len() == 0 || v.Type().Elem().Name() != "uint8" {
		return node{}, false
	}
	text := v.Bytes()
	if !utf8.Valid(text) {
		return node{}, false
	}
	for _, r := range string(text[:min(len(text), maxString)]) {
		if !strconv.IsPrint(r) && r != '\n' && r != '\t' && r != '\r' {
			return node{}, false
		}
	}
	if name == "" {
		name = typeName(v.Type())
	}
	return leaf(name + "(" + quoteCut(string(text), maxString) + ")"), true
}

// mapping shows a map in the order of its keys.
func (p *printer) mapping(v reflect.Value, depth int, name string) node {
	n := node{text: name, open: true}
	entries := sortedEntries(v)
	bareKey := v.Type().Key().Kind() != reflect.Interface
	bareElem := v.Type().Elem().Kind() != reflect.Interface
	for i, e := range entries {
		if i == longMap || p.left <= 0 {
			n.kids = append(n.kids, leaf("… "+group(v.Len()-i)+" more"))
			break
		}
		k := p.value(e.value, depth+1, bareElem)
		k.key = oneLine(p.value(e.key, depth+1, bareKey))
		n.kids = append(n.kids, k)
	}
	return n
}
