package stats

import (
	"bytes"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestReadFile reads what go test -bench writes, with lines of other things.
func TestReadFile(t *testing.T) {
	text := `goos: linux
goarch: amd64
cpu: AMD EPYC
BenchmarkHypot-2   	200000	      1208 ns/op	      48 B/op	       1 allocs/op
=== RUN   something
BenchmarkHypot-2   	100000	      1210.5 ns/op
BenchmarkBad-2   	x	      1210.5 ns/op
cpu: another
BenchmarkLast  1 2 widgets
PASS
`
	f, err := ReadFile(strings.NewReader(text), "old.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := File{
		Config: []Setting{{"goos", "linux"}, {"goarch", "amd64"}, {"cpu", "another"}},
		Runs: []Run{
			{"Hypot-2", 200000, []Value{{"sec/op", 1208e-9}, {"B/op", 48}, {"allocs/op", 1}}},
			{"Hypot-2", 100000, []Value{{"sec/op", 1210.5e-9}}},
			{"Last", 1, []Value{{"widgets", 2}}},
		},
	}
	if len(f.Warnings) != 2 || !strings.HasPrefix(f.Warnings[0], "old.txt:7: ") || !strings.Contains(f.Warnings[1], `cpu changes from "AMD EPYC" to "another"`) {
		t.Errorf("warnings: %q", f.Warnings)
	}
	for i := range f.Runs {
		for j, v := range f.Runs[i].Values {
			if math.Abs(v.X-want.Runs[i].Values[j].X) > 1e-15 {
				t.Errorf("%s: got %v", f.Runs[i].Name, v)
			}
			want.Runs[i].Values[j].X = v.X
		}
	}
	f.Warnings = nil
	if !reflect.DeepEqual(f, want) {
		t.Errorf("got  %+v\nwant %+v", f, want)
	}
	if v, ok := f.Runs[0].Value("B/op"); v != 48 || !ok {
		t.Errorf("B/op: %v %v", v, ok)
	}
	if _, ok := f.Runs[1].Value("B/op"); ok || f.Get("goarch") != "amd64" || f.Get("none") != "" {
		t.Error("a figure or setting that isn't there")
	}
}

func TestWriteFile(t *testing.T) {
	f := File{
		Config: []Setting{{"goos", "linux"}, {"goamd64", "v1"}},
		Runs: []Run{
			{"Compare/variant=f(xs)-2", 1000, []Value{{"sec/op", 1.25e-6}, {"B/op", 21.333}, {"allocs/op", 0.3333}}},
			{"Compare/variant=g(xs)-2", 2000, []Value{{"sec/op", 0.5e-6}}},
		},
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	want := `goos: linux
goamd64: v1

BenchmarkCompare/variant=f(xs)-2 1000 1250 ns/op 21.333 B/op 0.3333 allocs/op
BenchmarkCompare/variant=g(xs)-2 2000 500 ns/op
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", &out, want)
	}
	for _, bad := range []File{
		{Runs: []Run{{"two words", 1, []Value{{"sec/op", 1}}}}},
		{Runs: []Run{{"lower", 1, []Value{{"sec/op", 1}}}}},
		{Runs: []Run{{"NoValue", 1, nil}}},
		{Runs: []Run{{"Unit", 1, []Value{{"a b", 1}}}}},
		{Config: []Setting{{"Key", "x"}}, Runs: []Run{{"A", 1, []Value{{"sec/op", 1}}}}},
		{Config: []Setting{{"key", "two\nlines"}}, Runs: []Run{{"A", 1, []Value{{"sec/op", 1}}}}},
	} {
		if err := bad.Write(&out); err == nil {
			t.Errorf("%+v was written", bad)
		}
	}
}

func TestBenchName(t *testing.T) {
	for text, want := range map[string]string{
		"f(xs)": "F(xs)", "sum ints\tfast": "Sum_ints_fast", "": "_", "ßtraße": "_ßtraße", "7": "7", "Σ x": "Σ_x",
	} {
		if got := BenchName(text); got != want || BenchName(got) != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// FuzzReadFile: any text is read without a fault, and what was read can be
// written and read again, but for names, keys and values that only a text by
// hand can have.
func FuzzReadFile(f *testing.F) {
	for _, s := range []string{
		"", "goos: linux\nBenchmarkA 1 2 ns/op\n", "BenchmarkA 1 NaN ns/op\n", "BenchmarkA 1 1e400 ns/op 3 B/op\n",
		"cpu: a\nBenchmarkA 1 1 x\ncpu:\nBenchmarkB 2 1 x\n", "Unit ns/op better=lower\n", "BenchmarkA\n", "Benchmark 1 1 ns/op\n",
		"key: \xff\nBenchmark\xff 1 1 ns/op", "BenchmarkA-8 9223372036854775808 1 ns/op\n", "BenchmarkÄ/x=ı 1 1 µs/op\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, err := ReadFile(strings.NewReader(text), "fuzz")
		if err != nil {
			return // a line too long
		}
		var out bytes.Buffer
		if first.Write(&out) != nil {
			return
		}
		second, err := ReadFile(&out, "again")
		if err != nil {
			t.Fatal(err)
		}
		if len(second.Runs) != len(first.Runs) {
			t.Fatalf("%d runs became %d:\n%q\n%+v", len(first.Runs), len(second.Runs), text, second)
		}
		for i, a := range first.Runs {
			b := second.Runs[i]
			same := slices.EqualFunc(a.Values, b.Values, func(x, y Value) bool {
				return x.Unit == y.Unit && math.Abs(x.X-y.X) <= 1e-9*math.Abs(x.X)
			})
			if a.Name != b.Name || a.N != b.N || !same {
				t.Fatalf("%+v became %+v", a, b)
			}
		}
	})
}
