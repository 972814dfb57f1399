package harness

import (
	"errors"
	"strings"
	"testing"
)

type node struct {
	Next *node
	Data []byte
}

func TestDescribe(t *testing.T) {
	ring := &node{Data: make([]byte, 100)}
	ring.Next = ring
	var nilErr error
	tests := []struct {
		value any
		size  int64
		least bool
		text  string
	}{
		{42, 8, false, "42"},
		{"héllo", 16 + 6, false, `"héllo"`},
		{strings.Repeat("x", 1000), 1016, false, `"` + strings.Repeat("x", 58) + "…"},
		{[]int{1, 2, 3}, 24 + 24, false, "[]int{1, 2, 3}"},
		{make([]float64, 1000), 24 + 8000, false, "len 1000"},
		{make([]int, 50, 100), 24 + 800, false, "len 50 cap 100"},
		{[][]int{{1}, {2, 3}}, 24 + 2*24 + 8 + 16, false, "len 2"},
		{[]string{"a", "bc"}, 24 + 32 + 3, false, `[]string{"a", "bc"}`},
		{map[string]int{"a": 1}, 8 + 24, true, "len 1"},
		{map[string]int(nil), 8, false, "nil"},
		{ring, 8 + 32 + 100, false, "0x"},
		{(*node)(nil), 8, false, "nil"},
		{nilErr, 16, false, "<nil>"},
		{make(chan int, 4), 8 + 32, true, "len 0 cap 4"},
		{func() {}, 8, true, "func"},
		{struct{ X, Y int }{1, 2}, 16, false, "struct { X int; Y int }{X:1, Y:2}"},
		{node{}, 32, false, "{...}"},
		{&struct{ X int }{1}, 8 + 8, false, "&struct { X int }{X:1}"},
		{errors.New("boom"), 8 + 16 + 4, false, `"boom"`},
	}
	for _, tt := range tests {
		got := Describe("v", tt.value)[0]
		if got.Size != tt.size || got.Least != tt.least || !strings.HasPrefix(got.Value, tt.text) {
			t.Errorf("%T %.40v: %+v, want %d %v %q", tt.value, tt.value, got, tt.size, tt.least, tt.text)
		}
	}
}

// A list too long to follow gives a lower bound, quickly.
func TestDescribeLong(t *testing.T) {
	long := make([]*int, 1<<20)
	for i := range long {
		long[i] = new(int)
	}
	got := Describe("long", long)[0]
	if !got.Least || got.Size < 8<<20 || got.Value != "len 1048576" {
		t.Errorf("got %+v", got)
	}
}

// The bundle carries the description as data.
func TestBundle(t *testing.T) {
	d := Describe("a", 1, "b", "x")
	b := d.MIMEBundle()
	if v, ok := b[DescribeMIME].([]Variable); !ok || len(v) != 2 || v[1].Name != "b" {
		t.Errorf("got %v", b)
	}
}
