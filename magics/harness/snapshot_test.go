package harness

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
)

type part struct {
	Name   string
	hidden []int
	Next   *part
}

// TestSnapshotDifference: what differs is told with its place, and nothing else
// differs.
func TestSnapshotDifference(t *testing.T) {
	ring := &part{Name: "ring"}
	ring.Next = ring
	list := func(n int, last float64) []float64 {
		xs := make([]float64, n)
		xs[n-1] = last
		return xs
	}
	for _, c := range []struct {
		name      string
		base, own []any
		tol       float64
		want      string // "": equal
	}{
		{"numbers", []any{1}, []any{1}, 0, ""},
		{"numbers", []any{1}, []any{2}, 0, "the result is 2, the base's 1"},
		{"texts", []any{strings.Repeat("a", 100) + "b"}, []any{strings.Repeat("a", 100) + "c"}, 0, `the result is …aaaaaaaaaaaaaaaaaaaac", the base's …aaaaaaaaaaaaaaaaaaaab"`},
		{"slices", []any{[]int{1, 2, 3}}, []any{[]int{1, 2, 4}}, 0, "result[2] is 4, the base's 3"},
		{"lengths", []any{[]int{1, 2, 3}}, []any{[]int{1, 2}}, 0, "result length is 2, the base's 3"},
		{"nil and empty", []any{[]int(nil)}, []any{[]int{}}, 0, ""},
		{"several", []any{1, "a"}, []any{1, "b"}, 0, `result 2 is "b", the base's "a"`},
		{"fewer", []any{1, "a"}, []any{1}, 0, "the result has the result where the base's has result 1"},
		{"structs", []any{part{"a", []int{1}, nil}}, []any{part{"a", []int{2}, nil}}, 0, "result.hidden[0] is 2, the base's 1"},
		{"rings", []any{ring}, []any{ring}, 0, ""},
		{"maps", []any{map[string]int{"a": 1, "b": 2}}, []any{map[string]int{"b": 2, "a": 1}}, 0, ""},
		{"maps", []any{map[int]string{1: "x", 10: "y"}}, []any{map[int]string{1: "x", 10: "z"}}, 0, `result[10] is "z", the base's "y"`},
		{"NaN", []any{math.NaN()}, []any{math.NaN()}, 0, ""},
		{"zeros", []any{0.0}, []any{math.Copysign(0, -1)}, 0, ""},
		{"floats", []any{1.0}, []any{1 + 1e-12}, 0, "the result is 1.000000000001, the base's 1"},
		{"floats, tolerated", []any{1.0}, []any{1 + 1e-12}, 1e-9, ""},
		{"large floats, tolerated", []any{1e12}, []any{1e12 + 1}, 1e-9, ""},
		{"complex", []any{complex(1, 2)}, []any{complex(1, 3)}, 1e-9, "result(imag) is 3, the base's 2"},
		{"behind what is kept", []any{list(30_000, 1)}, []any{list(30_000, 2)}, 0, "results differ behind the first 20000 values"},
		{"behind it, tolerated", []any{list(30_000, 1)}, []any{list(30_000, 1+1e-12)}, 1e-9, "only a checksum is kept"},
		{"errors", []any{nil}, []any{&json.SyntaxError{}}, 0, "the result has result.msg where the base's has the result"},
	} {
		got := TakeSnapshot(c.own...).Difference(TakeSnapshot(c.base...), c.tol)
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestSnapshotStays: later changes of the value don't reach it, and it travels.
func TestSnapshotStays(t *testing.T) {
	xs := []float64{1, math.Inf(1), math.NaN()}
	s := TakeSnapshot(xs)
	xs[0] = 7
	if s.Leaves[1].Text != "1" || s.Count != 4 {
		t.Errorf("%+v", s)
	}
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	back, err := ReadSnapshot(data)
	if err != nil || back.Difference(s, 0) != "" || !math.IsInf(float64(*back.Leaves[2].Float), 1) {
		t.Errorf("%+v %v", back, err)
	}
	back.Leaves[3].Float, s.Leaves[3].Float = nil, nil
	if back.Leaves[2].Float, s.Leaves[2].Float = nil, nil; !reflect.DeepEqual(back.Leaves[2:], s.Leaves[2:]) {
		t.Errorf("%+v became %+v", s, back)
	}
}
