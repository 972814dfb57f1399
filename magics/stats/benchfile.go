package stats

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/perf/benchfmt"
)

// File is a text in Go's benchmark format, as benchstat reads it
// (golang.org/design/14313-benchmark-format).
type File struct {
	Config   []Setting // goos, cpu and other keys that hold for all of it
	Runs     []Run
	Warnings []string // lines that couldn't be read
}

// Setting is one line of configuration. The key begins with a lower-case letter
// and has no white space or capital; the value is one line.
type Setting struct{ Key, Value string }

// Run is one line of results.
type Run struct {
	Name   string // without "Benchmark"; may end in /key=value parts and -GOMAXPROCS
	N      int    // iterations
	Values []Value
}

// Value is one figure of a run, in base units: sec/op, B/op, allocs/op.
type Value struct {
	Unit string
	X    float64
}

// Value returns a run's figure in a unit.
func (r Run) Value(unit string) (float64, bool) {
	for _, v := range r.Values {
		if v.Unit == unit {
			return v.X, true
		}
	}
	return 0, false
}

// Get returns the value of a setting, "" without it.
func (f File) Get(key string) string {
	for _, s := range f.Config {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

// Write writes the file. Times are written in ns/op, as the testing package
// does. A name, key or value that the format can't hold is an error; BenchName
// makes a name that it can.
func (f File) Write(w io.Writer) error {
	var config []benchfmt.Config
	for _, s := range f.Config {
		if !validKey(s.Key) || strings.ContainsAny(s.Value, "\n\r") || s.Value != strings.TrimSpace(s.Value) || s.Value == "" {
			return fmt.Errorf("benchmark format: setting %q: %q can't be written", s.Key, s.Value)
		}
		config = append(config, benchfmt.Config{Key: s.Key, Value: []byte(s.Value), File: true})
	}
	out := benchfmt.NewWriter(w)
	for _, r := range f.Runs {
		if r.Name != BenchName(r.Name) || len(r.Values) == 0 {
			return fmt.Errorf("benchmark format: run %q can't be written", r.Name)
		}
		rec := benchfmt.Result{Config: config, Name: benchfmt.Name(r.Name), Iters: r.N}
		for _, v := range r.Values {
			if v.Unit == "" || strings.ContainsFunc(v.Unit, unicode.IsSpace) {
				return fmt.Errorf("benchmark format: unit %q of %s can't be written", v.Unit, r.Name)
			}
			rec.Values = append(rec.Values, untidy(v))
		}
		if err := out.Write(&rec); err != nil {
			return fmt.Errorf("benchmark format: %w", err)
		}
	}
	return nil
}

// untidy gives seconds per operation in nanoseconds, which people read.
func untidy(v Value) benchfmt.Value {
	if v.Unit != "sec/op" {
		return benchfmt.Value{Value: v.X, Unit: v.Unit}
	}
	return benchfmt.Value{Value: v.X, Unit: v.Unit, OrigValue: v.X * 1e9, OrigUnit: "ns/op"}
}

// validKey reports whether a setting may have this key.
func validKey(key string) bool {
	for i, r := range key {
		if i == 0 && !unicode.IsLower(r) || unicode.IsSpace(r) || unicode.IsUpper(r) || r == ':' || r == utf8Error {
			return false
		}
	}
	return key != ""
}

const utf8Error = '\uFFFD'

// BenchName makes any text a benchmark's name: white space and what can't be
// printed become underscores, and it begins with a capital, a digit or a sign.
func BenchName(text string) string {
	name := []rune(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) || r == utf8Error {
			return '_'
		}
		return r
	}, text))
	if len(name) == 0 {
		return "_"
	}
	if unicode.IsLower(name[0]) {
		if name[0] = unicode.ToUpper(name[0]); unicode.IsLower(name[0]) {
			name = slices.Insert(name, 0, '_') // a letter that has no capital
		}
	}
	return string(name)
}

// ReadFile reads a text in benchmark format; name stands in its warnings. Lines
// that are no results are passed over, as the format asks; those that try to be
// are warned of. Settings that change within the text keep their last value,
// with a warning. Values that are no finite numbers are left out.
func ReadFile(r io.Reader, name string) (File, error) {
	var f File
	in := benchfmt.NewReader(r, name)
	for in.Scan() {
		switch rec := in.Result().(type) {
		case *benchfmt.Result:
			f.add(rec)
		case *benchfmt.SyntaxError:
			f.Warnings = append(f.Warnings, rec.Error())
		}
	}
	if err := in.Err(); err != nil {
		return f, fmt.Errorf("benchmark format: %w", err)
	}
	return f, nil
}

// add takes over one result.
func (f *File) add(rec *benchfmt.Result) {
	for _, c := range rec.Config {
		if c.File {
			f.set(c.Key, string(bytes.TrimSpace(c.Value)))
		}
	}
	run := Run{Name: string(rec.Name), N: rec.Iters}
	for _, v := range rec.Values {
		if !math.IsNaN(v.Value) && !math.IsInf(v.Value, 0) {
			run.Values = append(run.Values, Value{Unit: v.Unit, X: v.Value})
		}
	}
	if len(run.Values) > 0 {
		f.Runs = append(f.Runs, run)
	}
}

func (f *File) set(key, value string) {
	for i := range f.Config {
		s := &f.Config[i]
		if s.Key != key {
			continue
		}
		if s.Value != value {
			f.Warnings = append(f.Warnings, fmt.Sprintf("%s changes from %q to %q within the file", key, s.Value, value))
			s.Value = value
		}
		return
	}
	f.Config = append(f.Config, Setting{Key: key, Value: value})
}
