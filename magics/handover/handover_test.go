package handover

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// sharedDir is a temporary folder in shared memory where there is that.
func sharedDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "hpgo-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

type point struct {
	X, Y  float64
	Label string `json:"label"`
	at    int
}

type tree struct {
	Name  string
	Kids  []*tree
	Extra any
}

type celsius float64

// dense has the shape of gonum's matrices.
type dense struct{ raw general }

type general struct {
	Rows, Cols, Stride int
	Data               []float64
}

func (d *dense) RawMatrix() general { return d.raw }

// TestRoundTrip saves values and loads them into the types they had.
func TestRoundTrip(t *testing.T) {
	when := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	for name, value := range map[string]any{
		"float64":      1.5,
		"NaN":          math.Inf(-1),
		"int8":         int8(-128),
		"uint64":       uint64(math.MaxUint64),
		"bool":         true,
		"string":       "größe",
		"complex":      complex(1, math.Inf(1)),
		"time":         when,
		"no time":      time.Time{},
		"no times":     []time.Time{{}, when},
		"duration":     time.Second,
		"floats":       []float64{1, math.Inf(1), 3},
		"named":        []celsius{20, 21},
		"bytes":        []byte{0, 255},
		"bools":        []bool{true, false},
		"ints":         []int{math.MinInt, math.MaxInt},
		"uintptrs":     []uintptr{7},
		"complexes":    []complex64{1 + 2i},
		"times":        []time.Time{when},
		"durations":    []time.Duration{1, 2},
		"strings":      []string{"", "a", "größe"},
		"array":        [3]int16{1, 2, 3},
		"empty":        []float64{},
		"empty rows":   [][]float64{},
		"empty text":   []string{},
		"rows":         [][]float64{{1, 2}, {3, 4}},
		"ragged":       [][]int{{1}, {2, 3}, {}},
		"cube":         [2][1][2]float32{{{1, 2}}, {{3, 4}}},
		"slices of 2":  [][2]int{{1, 2}, {3, 4}},
		"text rows":    [][]string{{"a"}, {"b", "c"}},
		"map":          map[string]int{"b": 1, "a": 2},
		"map of rows":  map[int][]float64{1: {1, 2}, -2: {3, 4}},
		"empty map":    map[string]float64{},
		"struct":       point{X: 1, Y: 2, Label: "p"},
		"structs":      []point{{X: 1, Label: "a"}, {Y: 2, Label: "b"}},
		"no structs":   []point{},
		"pointer":      &point{X: 1},
		"pointers":     []*point{{X: 1}, nil},
		"tree":         tree{"root", []*tree{{Name: "leaf", Kids: []*tree{}, Extra: 1}}, []float64{1}},
		"anything":     []any{1, "a", nil, 2.5, []string{"b"}, map[string]any{"c": 1}, []float64{1}},
		"map of any":   map[any]any{1: "a", "b": 2},
		"large rows":   [][]float64{make([]float64, 100_000), make([]float64, 100_000)},
		"larger ints":  make([]int32, 5<<20),
		"many structs": make([]point, 1000),
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "f")
			if r := Save(file, file+"2", "first", 1, "value", value); r.Error != "" || r.File != file {
				t.Fatalf("save: %+v", r)
			}
			got := reflect.New(reflect.TypeOf(value)).Elem()
			if err := load(file, 1, got); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.Interface(), value) {
				t.Errorf("got %#v, want %#v", got.Interface(), value)
			}
		})
	}
}

// TestLoadAs loads values into other types than they had.
func TestLoadAs(t *testing.T) {
	for name, c := range map[string]struct {
		save, want any
		problem    string // instead of want, whose type is asked for
	}{
		"matrix":           {&dense{general{2, 2, 3, []float64{1, 2, 0, 3, 4}}}, [][]float64{{1, 2}, {3, 4}}, ""},
		"short matrix":     {&dense{general{2, 2, 3, []float64{1, 2, 0, 3}}}, nil, "value has 4 numbers, fewer than its 2 rows need"},
		"ints as floats":   {[]int{1, 2}, []float64{1, 2}, ""},
		"whole floats":     {[]float64{1, -2}, []int8{1, -2}, ""},
		"half floats":      {[]float64{1.5}, []int{}, "value: 1.5 (float64) can't become int"},
		"too large":        {[]int{300}, []int8{}, "value: 300 (int) can't become int8"},
		"negative":         {-1, uint(0), "value: -1 (int) can't become uint"},
		"beyond":           {uint64(math.MaxUint64), int64(0), "value: 18446744073709551615 (uint64) can't become int64"},
		"real complex":     {2.5, complex64(2.5), ""},
		"complex float":    {1i, 1.0, "value: (0+1i) (complex128) can't become float64"},
		"text":             {"a", 1, "value: a (string) can't become int"},
		"bool":             {true, 1, "value: true (bool) can't become int"},
		"slice as number":  {[]int{1}, 1, "value is a []int and can't become int"},
		"array of another": {[]int{1, 2}, [3]int{}, "value has 2 elements and can't become [3]int"},
		"array":            {[]int{1, 2}, [2]int{1, 2}, ""},
		"list as any":      {[][]int{{1}, {2, 3}}, []any{[]int{1}, []int{2, 3}}, ""},
		"numbers as any":   {[]int{1}, []any{1}, ""},
		"structs as maps":  {[]point{{X: 1, Label: "a"}}, []map[string]any{{"X": 1.0, "Y": 0.0, "label": "a"}}, ""},
		"structs as cols":  {[]struct{ A, B int }{{1, 2}, {3, 4}}, map[string][]int{"A": {1, 3}, "B": {2, 4}}, ""},
		"struct as map":    {struct{ A, B int }{1, 2}, map[string]int{"A": 1, "B": 2}, ""},
		"another struct":   {struct{ X, Label any }{1, "a"}, point{X: 1, Label: "a"}, ""},
		"hidden field":     {point{X: 1, at: 2}, point{X: 1}, ""},
		"unknown field":    {struct{ Z int }{1}, point{}, `value: handover.point has no field for "Z"`},
		"nil":              {(*int)(nil), 1, "value is a None and can't become int"},
		"nil pointer":      {(*int)(nil), (*string)(nil), ""},
		"channel":          {make(chan int), nil, "value is a chan int, which can't be handed over"},
		"deep channel":     {[]any{1, struct{ C chan int }{}}, nil, "value[1].C is a chan int"},
		"bad text":         {"\xff", nil, "value is text that is not UTF-8: hand over []byte(value)"},
		"bad texts":        {[]string{"a", "\xff"}, nil, "value[1] is text that is not UTF-8"},
		"hidden":           {struct{ a int }{1}, nil, "has no exported fields"},
		"far time":         {time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), nil, "value is 9999-01-01T00:00:00Z, outside of the years"},
		"far times":        {[]time.Time{{}, time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC)}, nil, "value[1] is 0001-01-02T00:00:00Z, outside"},
		"handover tag": {struct {
			Z int `handover:"a,b"`
		}{1}, map[string]int{"a,b": 1}, ""},
		"key": {map[point]int{}, nil, "only maps with keys that are numbers or text"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "f")
			r := Save(file, file+"2", "value", c.save)
			err := error(nil)
			if r.Error != "" {
				err = errors.New(r.Error)
			}
			got := reflect.Value{}
			if err == nil {
				got = reflect.New(reflect.TypeOf(c.want)).Elem()
				err = load(file, 0, got)
			}
			switch {
			case c.problem == "" && err != nil:
				t.Fatal(err)
			case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)):
				t.Errorf("error %v, want %q", err, c.problem)
			case c.problem == "" && !reflect.DeepEqual(got.Interface(), c.want):
				t.Errorf("got %#v, want %#v", got.Interface(), c.want)
			}
		})
	}
}

// TestCycle saves what contains itself.
func TestCycle(t *testing.T) {
	loop := &tree{Name: "a"}
	loop.Kids = []*tree{loop}
	if r := Save(filepath.Join(t.TempDir(), "f"), "", "loop", loop); !strings.Contains(r.Error, errCycle.Error()) {
		t.Errorf("report %+v", r)
	}
}

// TestNoKeys loads a map whose keys are lists, as Python's tuples are.
func TestNoKeys(t *testing.T) {
	s := &source{}
	list := &Node{Kind: kindList, Items: []*Node{{Kind: kindList, Items: []*Node{}}}}
	var to any
	err := s.decode(&Node{Kind: kindMap, Keys: list, Values: list}, reflect.ValueOf(&to).Elem(), "value")
	if err == nil || !strings.Contains(err.Error(), "value: [] can't be a key of a Go map") {
		t.Errorf("error %v", err)
	}
}

// TestNoColumns loads a table that has rows and no columns.
func TestNoColumns(t *testing.T) {
	s := &source{}
	var to []struct{}
	if err := s.decode(&Node{Kind: kindRows, Count: 3}, reflect.ValueOf(&to).Elem(), "value"); err != nil || len(to) != 3 {
		t.Errorf("%d rows, error %v", len(to), err)
	}
}

// TestNoFolder writes where nothing can be: only a full file system makes Save
// use the second file.
func TestNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "spare")
	r := Save("/nowhere/f", file, "x", 1)
	if !strings.Contains(r.Error, "/nowhere/f") {
		t.Errorf("report %+v", r)
	}
}

// FuzzLoad reads files that nobody wrote.
func FuzzLoad(f *testing.F) {
	for _, v := range []any{1, []float64{1, 2}, [][]int{{1}, {2, 3}}, []string{"a", "bc"}, map[string]int{"a": 1}, []point{{X: 1}}, []any{nil, true, "x"}, time.Second} {
		file := filepath.Join(f.TempDir(), "f")
		if r := Save(file, "", "v", v); r.Error != "" {
			f.Fatal(r.Error)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		file := filepath.Join(dir, "f")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, to := range []any{new(any), new([]float64), new([]string), new(map[string]int), new([]point), new(point), new([2]bool)} {
			_ = load(file, 0, reflect.ValueOf(to).Elem()) // it may fail, and must not panic
		}
	})
}
