package display

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"
)

type run struct {
	Name  string
	N     int
	Took  time.Duration
	Ratio float64
	notes any
}

func runs(n int) []run {
	rs := make([]run, n)
	for i := range rs {
		rs[i] = run{fmt.Sprintf("run-%d", i), i * i, time.Duration(i) * 1500 * time.Microsecond, float64(i) / 8, nil}
	}
	return rs
}

func TestTables(t *testing.T) {
	rs := runs(4)
	rs[2].Name = "<script>alert('é 日本')</script>\nnext"
	rs[3].notes = []int{1, 2}
	tests := []struct {
		name string
		v    any
	}{
		{"structs", rs},
		{"pointers", []*point{{1, 20}, nil, {300, -4}}},
		{"many", runs(1000)},
		{"map", map[string]float64{"pi": math.Pi, "e": math.E, "nan": math.NaN()}},
		{"bigmap", func() map[int]string {
			m := map[int]string{}
			for i := range 100 {
				m[i*i] = strings.Repeat("x", i%7)
			}
			return m
		}()},
		{"mapofstructs", map[string]point{"b": {1, 2}, "a": {3, 4}}},
		{"rows", [][]float64{{1, 2.5, 1000}, {-0.125, 4}}},
		{"ints", [2][3]int{{1, 2, 3}, {40, 50, 60}}},
		{"dense", mat.NewDense(2, 3, []float64{1, 2, 3, 4, 5, 6.25})},
		{"wide", mat.NewDense(2, 40, nil)},
		{"tiny", [][]float64{{1e-9, 1}, {2e-9, 123456789}}},
		{"asked", Table(runs(20)).Limit(6).Caption("the <runs>")},
		{"strings", Table([]string{"a", "b"}).Columns("letter")},
		{"headlimit", Table(runs(9)).Limit(3)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := Format(tt.v)
			html, ok := b.Data[mimeHTML].(string)
			if !ok {
				t.Fatalf("no table: %v", b.Data)
			}
			wellFormed(t, html)
			golden(t, "table-"+tt.name+".txt", textOf(t, b)+"\n\n"+html+"\n")
		})
	}
}

// wellFormed checks that all tags of a table are closed and nothing unescaped.
func wellFormed(t *testing.T, html string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader("<x>" + html + "</x>"))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("HTML is not well formed: %v\n%s", err, html)
		}
	}
}

func TestNotTables(t *testing.T) {
	for _, v := range []any{
		[]int{1, 2}, []string{"a"}, [][]string{{"a"}}, []point{}, map[string]int{}, [][]float64{}, [][]float64{{}},
		[]time.Time{{}}, []shout{"x"}, [][]byte{[]byte("x")}, []struct{}{{}}, time.Now(), point{},
		mat.Formatted(mat.NewDense(1, 1, nil)),
	} {
		if b := Format(v); b.Data[mimeHTML] != nil {
			t.Errorf("%T became a table", v)
		}
	}
	if got := textOf(t, Format(Table(7))); got != "7" {
		t.Errorf("Table(7) = %q", got)
	}
	if got := textOf(t, Format(Table(nil))); got != "<nil>" {
		t.Errorf("Table(nil) = %q", got)
	}
}

type badMatrix struct{}

func (badMatrix) Dims() (int, int)    { return 2, 2 }
func (badMatrix) At(i, j int) float64 { panic("out of range") }

func TestPanickingMatrix(t *testing.T) {
	b := Format(badMatrix{})
	if got := textOf(t, b); !strings.Contains(got, "panic: out of range") {
		t.Errorf("text = %q", got)
	}
	b = Format((*mat.Dense)(nil))
	if got := textOf(t, b); got != "<nil>" {
		t.Errorf("nil matrix: %q", got)
	}
	if got := textOf(t, Format(mat.Dense{})); got == "" {
		t.Error("an empty matrix has a text")
	}
}
