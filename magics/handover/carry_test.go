package handover

import (
	"io"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

type carriedPoint struct{ X, Y float64 }

type hiding struct {
	Shown  int
	hidden int
}

type carriedGrid []float64

// TestCarry: what another process can have as it is arrives so, the rest is named.
func TestCarry(t *testing.T) {
	dir := t.TempDir()
	n, grid, zs := 7, carriedGrid{1, 2.5}, []complex128{1 + 2i}
	points, table := []carriedPoint{{1, 2}, {3, 4}}, map[string][]int{"a": {1}, "b": nil}
	square, text, wait := [2][3]int8{{1, 2, 3}, {4, 5, 6}}, "höi", 3*time.Second
	var none []int
	c := Carry(filepath.Join(dir, "a"), filepath.Join(dir, "b"), "n", n, "pointer", &n, "grid", grid, "zs", zs, "points", points, "table", table,
		"square", square, "text", text, "wait", wait, "hiding", hiding{1, 2}, "f", func() {}, "any", []any{1}, "reader", io.Reader(nil),
		"now", time.Now(), "c", make(chan int), "bytes", "\xff", "none", none, "keys", map[carriedPoint]int{})
	if c.Error != "" || c.File == "" {
		t.Fatalf("%+v", c)
	}
	var left []string
	for _, name := range []string{"pointer", "hiding", "f", "any", "reader", "now", "c", "bytes", "keys"} {
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
		case "none":
			arrives(t, c.File, i, []int{})
		}
	}
	if c := Carry(filepath.Join(dir, "c"), "", "p", &n); c.File != "" || c.Error != "" || len(c.Left) != 1 {
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
