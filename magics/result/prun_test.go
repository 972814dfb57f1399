package result

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestPrun(t *testing.T) {
	n := func(v int64) *int64 { return &v }
	tests := []struct {
		p    Prun
		text string
	}{
		{Prun{Kind: "cpu", Unit: "s", Calls: n(180), Primitive: n(4), Elapsed: 0.0123456}, "180 function calls (4 primitive calls) in 0.0123 seconds"},
		{Prun{Kind: "cpu", Unit: "s", Calls: n(1), Primitive: n(1), Total: 73.1e-6, Elapsed: 1}, "1 function calls in 0.0000731 seconds"},
		{Prun{Kind: "wall", Unit: "s", Elapsed: 2}, "function calls not counted in 2 seconds"},
		{Prun{Kind: "mem", Value: "alloc_space", Unit: "B", Total: 1 << 20}, "1 MiB alloc_space"},
		{Prun{Kind: "block", Value: "delay", Unit: "s", Total: 0.005, Elapsed: 0.01}, "5 ms delay in 0.01 seconds"},
		{Prun{Kind: "leak", Value: "goroutine", Total: 3, Elapsed: 1e-5}, "3 goroutines"},
	}
	for _, tt := range tests {
		if got := tt.p.String(); got != tt.text {
			t.Errorf("%q, want %q", got, tt.text)
		}
	}
	rows := []struct {
		r               PrunRow
		ncalls, place   string
		perCall, perSum float64
	}{
		{PrunRow{Name: "f", File: "cell 2", Line: 3, Calls: n(177), Primitive: n(1), Self: 354, Total: 400}, "177/1", "cell 2:3(f)", 2, 400},
		{PrunRow{Name: "math.Abs", File: "/go/src/math/abs.go", Line: 9, Inlined: "inline"}, "", "abs.go:9(math.Abs) (inline)", 0, 0},
		{PrunRow{Name: "g", File: "cell 1", Line: 1, Inlined: "partial", Calls: n(2), Primitive: n(2), Self: 1, Total: 3}, "2", "cell 1:1(g) (partly inline)", 0.5, 1.5},
		{PrunRow{Name: "qsort", File: "libc.so.6"}, "", "libc.so.6(qsort)", 0, 0},
		{PrunRow{Name: "(libc.so.6)", File: "libc.so.6"}, "", "(libc.so.6)", 0, 0},
		{PrunRow{Name: "(not Go)", Calls: n(0)}, "0", "(not Go)", 0, 0},
	}
	for _, tt := range rows {
		per, _ := tt.r.PerCall()
		sum, _ := tt.r.PerPrimitive()
		if tt.r.Ncalls() != tt.ncalls || tt.r.Place() != tt.place || per != tt.perCall || sum != tt.perSum {
			t.Errorf("%q %q %v %v, want %q %q %v %v", tt.r.Ncalls(), tt.r.Place(), per, sum, tt.ncalls, tt.place, tt.perCall, tt.perSum)
		}
	}
	p := tests[0].p
	p.Rows = []PrunRow{rows[0].r, rows[1].r}
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if got := Read[Prun](string(data)); !reflect.DeepEqual(got, p) {
		t.Errorf("%+v comes back as %+v", p, got)
	}
}
