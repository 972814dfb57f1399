package display

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"testing"
	"unicode/utf8"
)

// builder makes odd values out of fuzz data: types and values by reflection.
type builder struct {
	data []byte
	pos  int
}

func (b *builder) next() int {
	if b.pos >= len(b.data) {
		return 0
	}
	b.pos++
	return int(b.data[b.pos-1])
}

func (b *builder) value(depth int) any {
	kind := b.next() % 16
	if depth > 6 && kind >= 8 {
		kind -= 8
	}
	switch kind {
	case 0:
		return nil
	case 1:
		return b.next() - 128
	case 2:
		return math.Float64frombits(uint64(b.next())<<56 | uint64(b.next())<<48)
	case 3:
		n := b.next()
		s := b.data[min(b.pos, len(b.data)):min(b.pos+n, len(b.data))]
		b.pos += n
		return string(s)
	case 4:
		return HTML(fmt.Sprint(b.value(depth + 1)))
	case 5:
		return broken{}
	case 6:
		return make(chan point, b.next())
	case 7:
		return json.RawMessage(b.data[min(b.pos, len(b.data)):])
	case 8:
		l := make([]any, b.next())
		for i := range min(len(l), 4) {
			l[i] = b.value(depth + 1)
		}
		return l
	case 9:
		m := map[any]any{}
		for range b.next() % 50 {
			if k := b.value(depth + 6); k == nil || reflect.ValueOf(k).Comparable() {
				m[k] = b.value(depth + 1)
			}
		}
		return m
	case 10:
		v := b.value(depth + 1)
		return &v
	case 11:
		p := &person{Name: fmt.Sprint(b.next())}
		p.next = p
		return []*person{p, nil}
	case 12:
		return struct {
			A any
			b any
		}{b.value(depth + 1), b.value(depth + 1)}
	case 13:
		return [][]float64{make([]float64, b.next()), {math.NaN()}, nil}
	case 14:
		return Table(b.value(depth + 1)).Limit(b.next() - 5)
	}
	return JSON(b.value(depth + 1))
}

func FuzzFormat(f *testing.F) {
	f.Add([]byte{8, 3, 1, 5, 3, 4, 'a', 0xff, 0xc3, 0})
	f.Add([]byte{9, 40, 1, 2, 3, 4, 5, 6, 7, 8})
	f.Add([]byte{14, 13, 200, 12, 10, 10, 5, 11})
	f.Add([]byte{15, 2, 0x7f, 0xf8})
	f.Add([]byte{12, 8, 255, 4, 3, 2, '<', '&'})
	f.Fuzz(func(t *testing.T, data []byte) {
		v := (&builder{data: data}).value(0)
		for _, b := range []Bundle{Format(v), FormatTuple(v, nil), FormatTuple(v, v)} {
			text, ok := b.Data[mimeText].(string)
			if !ok || !utf8.ValidString(text) || len(text) > 3*maxText {
				t.Fatalf("bad text/plain: %T of %d bytes", b.Data[mimeText], len(text))
			}
			if _, err := json.Marshal(b); err != nil {
				t.Fatalf("bundle of %T can't be sent: %v", v, err)
			}
		}
	})
}

func FuzzSpellType(f *testing.F) {
	f.Add("map[string]main.Pair[int,hpgo/session.T]")
	f.Add("struct { A int \"x\\\"\" }")
	f.Fuzz(func(t *testing.T, s string) {
		if got := spellType(s); utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Errorf("spellType(%q) = %q", s, got)
		}
	})
}
