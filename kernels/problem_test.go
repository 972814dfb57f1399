package kernels

import "testing"

// A row that can't bear a size says so there, and nowhere else.
func TestLargest(t *testing.T) {
	s := &Subject[int, int]{
		Name: "double", Unit: "number",
		Make: func(size int) (int, error) { return size, nil },
		Ops:  func(int) float64 { return 1 },
		Variants: []Variant[int, int]{
			{Name: "plain", Func: func(n int) int { return 2 * n }},
			{Name: "held", Func: func(n int) int { return n + n }, Largest: 10},
		},
	}
	for size, want := range map[int]string{10: "", 11: "it would take too much time or memory at size 11; it runs up to 10"} {
		p, err := s.At(size)
		if err != nil {
			t.Fatal(err)
		}
		if rows := p.Rows(); rows[0].Missing != "" || rows[1].Missing != want {
			t.Errorf("size %d: %+v; the second should be missing for %q", size, rows, want)
		}
	}
	if rows := s.Rows(); rows[1].Missing != "" {
		t.Errorf("without a size: %+v", rows)
	}
}
