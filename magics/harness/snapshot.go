package harness

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// RecordSnapshot is the kind of the record that Snapshots sends: a Snapshot.
const RecordSnapshot = "snapshot"

// Snapshot is a value, or several, taken apart: what they hold, in order. It
// stays the same when the value is changed later.
type Snapshot struct {
	Variant int    `json:"variant"`
	Leaves  []Leaf `json:"leaves"` // the first of them
	Count   int    `json:"count"`  // of all
	Sum     string `json:"sum"`    // a checksum of all
	Cut     bool   `json:"cut"`    // there was more than could be taken apart
}

// Leaf is one number, text or other thing without parts.
type Leaf struct {
	Path  string  `json:"p"`           // where it is: [3].Name
	Text  string  `json:"t"`           // what it is
	Float *Number `json:"f,omitempty"` // of floating-point numbers, which can be nearly equal
}

// Number is a float that JSON can hold: infinities and NaN are texts.
type Number float64

// MarshalJSON writes a number so that reading gives the same.
func (n Number) MarshalJSON() ([]byte, error) {
	return []byte(`"` + strconv.FormatFloat(float64(n), 'g', -1, 64) + `"`), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (n *Number) UnmarshalJSON(data []byte) error {
	text, err := strconv.Unquote(string(data))
	if err != nil {
		return fmt.Errorf("read a number: %w", err)
	}
	v, err := strconv.ParseFloat(text, 64)
	*n = Number(v)
	return err
}

// Limits of a snapshot.
const (
	maxLeaves = 20_000     // that travel one by one
	maxParts  = 20_000_000 // that the checksum is of
	maxNested = 100
)

// ReportSnapshot sends a snapshot of the values that a variant gave.
func ReportSnapshot(variant int, values ...any) {
	s := TakeSnapshot(values...)
	s.Variant = variant
	Report(RecordSnapshot, s)
}

// TakeSnapshot takes values apart. Pointers are followed, maps are in the order
// of their keys; functions and channels count by whether they are nil.
func TakeSnapshot(values ...any) Snapshot {
	t := taker{sum: fnv.New64a(), seen: map[uintptr]bool{}}
	for i, v := range values {
		path := ""
		if len(values) > 1 {
			path = fmt.Sprintf("result %d", i+1)
		}
		t.take(path, reflect.ValueOf(v), 0)
	}
	return Snapshot{Leaves: t.leaves, Count: t.count, Sum: fmt.Sprintf("%016x", t.sum.Sum64()), Cut: t.cut}
}

// taker collects a snapshot.
type taker struct {
	leaves []Leaf
	count  int
	cut    bool
	sum    interface {
		Write([]byte) (int, error)
		Sum64() uint64
	}
	seen map[uintptr]bool // pointers on the way
}

// leaf adds a thing without parts.
func (t *taker) leaf(path, text string, float *Number) {
	t.count++
	t.sum.Write([]byte(text))
	t.sum.Write([]byte{0})
	if len(t.leaves) < maxLeaves {
		t.leaves = append(t.leaves, Leaf{Path: path, Text: text, Float: float})
	}
}

// path is where a part is, as long as anybody will be told.
func (t *taker) path(path string, format string, args ...any) string {
	if len(t.leaves) >= maxLeaves {
		return ""
	}
	return path + fmt.Sprintf(format, args...)
}

// take takes a value apart.
func (t *taker) take(path string, v reflect.Value, depth int) {
	if t.count >= maxParts || depth > maxNested {
		t.cut = true
		return
	}
	switch v.Kind() {
	case reflect.Invalid:
		t.leaf(path, "nil", nil)
	case reflect.Bool:
		t.leaf(path, strconv.FormatBool(v.Bool()), nil)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		t.leaf(path, strconv.FormatInt(v.Int(), 10), nil)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		t.leaf(path, strconv.FormatUint(v.Uint(), 10), nil)
	case reflect.Float32:
		t.float(path, v.Float(), 32)
	case reflect.Float64:
		t.float(path, v.Float(), 64)
	case reflect.Complex64, reflect.Complex128:
		bits := v.Type().Bits() / 2
		t.float(t.path(path, "(real)"), real(v.Complex()), bits)
		t.float(t.path(path, "(imag)"), imag(v.Complex()), bits)
	case reflect.String:
		t.leaf(path, strconv.Quote(v.String()), nil)
	case reflect.Interface:
		t.take(path, v.Elem(), depth+1)
	case reflect.Pointer:
		t.pointer(path, v, depth)
	case reflect.Slice, reflect.Array:
		t.list(path, v, depth)
	case reflect.Struct:
		for i := range v.NumField() {
			t.take(t.path(path, ".%s", v.Type().Field(i).Name), v.Field(i), depth+1)
		}
	case reflect.Map:
		t.mapping(path, v, depth)
	default: // func, chan, unsafe pointer
		text := v.Type().String()
		if v.IsNil() {
			text = "nil " + text
		}
		t.leaf(path, text, nil)
	}
}

// float adds a number. All NaNs are alike, and so are both zeros.
func (t *taker) float(path string, x float64, bits int) {
	if x == 0 {
		x = 0
	}
	n := Number(x)
	t.leaf(path, strconv.FormatFloat(x, 'g', -1, bits), &n)
}

func (t *taker) pointer(path string, v reflect.Value, depth int) {
	switch at := v.Pointer(); {
	case v.IsNil():
		t.leaf(path, "nil", nil)
	case t.seen[at]:
		t.leaf(path, "itself", nil)
	default:
		t.seen[at] = true
		t.take(path, v.Elem(), depth+1)
		delete(t.seen, at)
	}
}

func (t *taker) list(path string, v reflect.Value, depth int) {
	t.leaf(t.path(path, " length"), strconv.Itoa(v.Len()), nil)
	for i := range v.Len() {
		if t.cut {
			return
		}
		t.take(t.path(path, "[%d]", i), v.Index(i), depth+1)
	}
}

func (t *taker) mapping(path string, v reflect.Value, depth int) {
	t.leaf(t.path(path, " length"), strconv.Itoa(v.Len()), nil)
	type entry struct {
		name       string
		key, value reflect.Value
	}
	entries := make([]entry, 0, v.Len())
	for it := v.MapRange(); it.Next(); {
		entries = append(entries, entry{fmt.Sprintf("%v", it.Key()), it.Key(), it.Value()})
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if a.key.CanInt() && b.key.CanInt() {
			return cmp.Compare(a.key.Int(), b.key.Int())
		}
		return cmp.Compare(a.name, b.name)
	})
	for _, e := range entries {
		if t.cut {
			return
		}
		t.leaf(t.path(path, "[%s] key", e.name), e.name, nil)
		t.take(t.path(path, "[%s]", e.name), e.value, depth+1)
	}
}

// Difference tells the first difference of a snapshot from that of the base;
// "" where there is none. Floating-point numbers may differ by tol times the
// larger of 1 and the base's number.
func (s Snapshot) Difference(base Snapshot, tol float64) string {
	for i := range min(len(s.Leaves), len(base.Leaves)) {
		own, other := s.Leaves[i], base.Leaves[i]
		if own.Path != other.Path {
			return fmt.Sprintf("the result has %s where the base's has %s", named(own.Path), named(other.Path))
		}
		if own.Text != other.Text && !nearly(own.Float, other.Float, tol) {
			a, b := window(own.Text, other.Text)
			return fmt.Sprintf("%s is %s, the base's %s", named(own.Path), a, b)
		}
	}
	switch {
	case s.Count != base.Count:
		return fmt.Sprintf("the result has %d values, the base's %d", s.Count, base.Count)
	case s.Sum == base.Sum || s.Count == len(s.Leaves):
		return ""
	case tol > 0:
		return fmt.Sprintf("the first %d values agree to the tolerance; of the others only a checksum is kept, which differs", len(s.Leaves))
	}
	return fmt.Sprintf("results differ behind the first %d values: checksum %s, the base's %s", len(s.Leaves), s.Sum, base.Sum)
}

// nearly reports whether numbers are nearly equal.
func nearly(a, b *Number, tol float64) bool {
	if a == nil || b == nil {
		return false
	}
	x, y := float64(*a), float64(*b)
	return x == y || math.Abs(x-y) <= tol*math.Max(1, math.Abs(y))
}

func named(path string) string {
	switch {
	case path == "":
		return "the result"
	case strings.HasPrefix(path, "result "):
		return path
	}
	return "result" + path
}

// window shortens two texts to what is about their first difference.
func window(a, b string) (string, string) {
	x, y := []rune(a), []rune(b)
	at := 0
	for at < min(len(x), len(y)) && x[at] == y[at] {
		at++
	}
	from := 0
	if at > maxText/2 {
		from = at - maxText/3
	}
	show := func(r []rune) string {
		text := string(r[min(from, len(r)):])
		if from > 0 {
			text = "…" + text
		}
		return cut(oneLine(text))
	}
	return show(x), show(y)
}

// ReadSnapshot reads the data of a record.
func ReadSnapshot(data json.RawMessage) (Snapshot, error) {
	var s Snapshot
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("read a result: %w", err)
	}
	return s, nil
}
