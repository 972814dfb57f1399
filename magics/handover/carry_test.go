package handover

import (
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"
	"time"
)

type carriedPoint struct{ X, Y float64 }

// hiding has fields that others don't see, of every kind of name.
type hiding struct {
	Shown int `json:"-"`
	shown int // its opened name is taken
	größe []carriedPoint
	数     map[string][]string
	_     int
	lock  struct {
		_     struct{}
		state int32
	}
	inside struct{ a, b [2]int8 }
	carriedPoint
	seen map[int]struct{}
	end  struct{}
}

type carriedGrid []float64

// TestCarry: what another process can have as it is arrives so, the rest is named.
func TestCarry(t *testing.T) {
	dir := t.TempDir()
	n, grid, zs := 7, carriedGrid{1, 2.5}, []complex128{1 + 2i}
	points, table := []carriedPoint{{1, 2}, {3, 4}}, map[string][]int{"a": {1}, "b": nil}
	square, text, wait := [2][3]int8{{1, 2, 3}, {4, 5, 6}}, "höi", 3*time.Second
	var none []int
	hid := hiding{Shown: 1, shown: 2, größe: points, 数: map[string][]string{"q": {"x", ""}}, carriedPoint: carriedPoint{5, 6}, seen: map[int]struct{}{3: {}, 4: {}}}
	hid.inside.b[1], hid.lock.state, hid.end = -7, 1, struct{}{}
	hidden, byName := []hiding{hid, {}}, map[string]hiding{"a": hid}
	pointer, now, channel, f := &n, time.Now(), make(chan int), func() {}
	anything, boxed, bytes, keys := []any{1}, any(carriedPoint{1, 2}), "\xff", map[carriedPoint]int{}
	var reader io.Reader
	c := Carry(filepath.Join(dir, "a"), filepath.Join(dir, "b"), "n", &n, "pointer", &pointer, "grid", &grid, "zs", &zs, "points", &points, "table", &table,
		"square", &square, "text", &text, "wait", &wait, "hiding", &hid, "hidden", &hidden, "byName", &byName, "f", &f, "any", &anything, "boxed", &boxed,
		"reader", &reader, "now", &now, "c", &channel, "bytes", &bytes, "none", &none, "keys", &keys)
	if c.Error != "" || c.File == "" {
		t.Fatalf("%+v", c)
	}
	var left []string
	for _, name := range []string{"pointer", "f", "any", "boxed", "reader", "now", "c", "bytes", "keys"} {
		if c.Left[name] == "" {
			left = append(left, name)
		}
	}
	if len(left) > 0 || len(c.Left) != 9 {
		t.Errorf("carried %v; left %v", left, c.Left)
	}
	for i, name := range c.Names {
		switch name {
		case "n":
			arrives(t, c.File, i, n)
		case "grid":
			arrives(t, c.File, i, grid)
		case "zs":
			arrives(t, c.File, i, zs)
		case "points":
			arrives(t, c.File, i, points)
		case "table":
			table["b"] = []int{}
			arrives(t, c.File, i, table)
		case "square":
			arrives(t, c.File, i, square)
		case "text":
			arrives(t, c.File, i, text)
		case "wait":
			arrives(t, c.File, i, wait)
		case "hiding":
			arrives(t, c.File, i, hid)
		case "hidden":
			hidden[1] = hiding{größe: []carriedPoint{}, 数: map[string][]string{}, seen: map[int]struct{}{}}
			arrives(t, c.File, i, hidden)
		case "byName":
			arrives(t, c.File, i, byName)
			var got map[string]hiding
			Into(&got, c.File, i)
			for n := range 1000 { // it grows as its own type's maps do
				got[fmt.Sprint(n)] = hid
			}
			runtime.GC()
			if len(got) != 1001 || !reflect.DeepEqual(got["999"], hid) || !reflect.DeepEqual(got["a"], hid) {
				t.Errorf("a map that arrived has %d elements, and %v", len(got), got["a"])
			}
		case "none":
			arrives(t, c.File, i, []int{})
		}
	}
	if c := Carry(filepath.Join(dir, "c"), "", "p", &pointer); c.File != "" || c.Error != "" || len(c.Left) != 1 {
		t.Errorf("%+v", c)
	}
}

func arrives[T any](t *testing.T, file string, i int, want T) {
	t.Helper()
	var got T
	Into(&got, file, i)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%#v arrives as %#v", want, got)
	}
}
