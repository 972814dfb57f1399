// Package kerneltest is the suite that every subject of kernels passes, and the
// benchmark of all its rows.
package kerneltest

import (
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"testing"

	"hpgo/kernels"
)

// Case is an input that sizes don't give, such as values that are no numbers.
type Case[In any] struct {
	Name string
	In   func() In // a fresh one
}

// Suite is what a subject is tested with.
type Suite[In, Out any] struct {
	Subject *kernels.Subject[In, Out]
	// Sizes are hard ones: 0, 1, odd, around the vectors' and the blocks' lengths.
	Sizes []int
	// Special inputs have a defined result, the same for all rows.
	Special []Case[In]
	// Bad inputs are refused.
	Bad []Case[In]
	// BadSizes are refused by Make.
	BadSizes []int
	// Known are figures that the sources print, by size.
	Known map[int][]kernels.Sum
}

// Run runs the suite.
func Run[In, Out any](t *testing.T, s Suite[In, Out]) {
	t.Run("table", s.table)
	for _, v := range s.Subject.Variants {
		t.Run(v.Name, func(t *testing.T) {
			if why := v.Missing(); why != "" {
				t.Logf("falls back: %s", why)
			}
			for _, size := range s.Sizes {
				s.row(t, v, fmt.Sprintf("size %d", size), func() In { return s.make(t, size) })
			}
			for _, c := range s.Special {
				s.row(t, v, c.Name, c.In)
			}
		})
	}
	t.Run("bad input", s.refuses)
	t.Run("known figures", s.known)
}

// table checks what the table itself must hold.
func (s Suite[In, Out]) table(t *testing.T) {
	k := s.Subject
	if k.Name == "" || k.Doc == "" || k.Unit == "" || k.Make == nil || k.Ops == nil || k.Differs == nil || k.Sums == nil {
		t.Error("Name, Doc, Unit, Make, Ops, Differs and Sums are a subject's least")
	}
	if z := k.Sizes; z.Smoke <= 0 || z.Smoke > z.Small || z.Small > z.Book {
		t.Errorf("sizes %+v are not in order", z)
	}
	if len(k.Variants) == 0 || len(k.Variants[0].Needs) != 0 {
		t.Fatal("the first row is the reference, which needs nothing")
	}
	names := map[string]bool{}
	for _, v := range k.Variants {
		if v.Name == "" || v.Doc == "" || v.Func == nil {
			t.Errorf("row %q has no name, no text or no function", v.Name)
		}
		if names[v.Name] {
			t.Errorf("two rows are called %q", v.Name)
		}
		names[v.Name] = true
	}
}

func (s Suite[In, Out]) make(t *testing.T, size int) In {
	t.Helper()
	in, err := s.Subject.Make(size)
	if err == nil {
		err = s.Subject.Check(in)
	}
	if err != nil {
		t.Fatalf("size %d: %v", size, err)
	}
	return in
}

// row runs a row in guarded memory that ends, and then that begins, at a page that
// can't be touched, and compares with the reference in ordinary memory.
func (s Suite[In, Out]) row(t *testing.T, v kernels.Variant[In, Out], name string, fresh func() In) {
	t.Helper()
	plain := fresh()
	want := s.Subject.Variants[0].Func(plain)
	differs := s.Subject.Differs
	if v.Differs != nil {
		differs = v.Differs
	}
	for _, end := range []bool{true, false} {
		in := fresh()
		check := Guard(t, &in, end)
		got := v.Func(in)
		if how := differs(fresh(), want, got); how != "" && !v.Yardstick {
			t.Errorf("%s: %s", name, how)
		}
		if s.Subject.Reset == nil && !same(in, fresh()) {
			t.Errorf("%s: the input was written to, and the subject has no Reset", name)
		}
		if s.Subject.Reset != nil {
			s.Subject.Reset(in)
			got = v.Func(in)
			if how := differs(fresh(), want, got); how != "" && !v.Yardstick {
				t.Errorf("%s: once more after Reset: %s", name, how)
			}
		}
		runtime.KeepAlive(got)
		check()
	}
}

// same compares inputs by what they print, so that NaN is the same as NaN.
func same(a, b any) bool {
	return reflect.DeepEqual(a, b) || fmt.Sprintf("%v", a) == fmt.Sprintf("%v", b)
}

func (s Suite[In, Out]) refuses(t *testing.T) {
	for _, size := range s.BadSizes {
		if _, err := s.Subject.At(size); err == nil {
			t.Errorf("size %d is not refused", size)
		}
	}
	for _, c := range s.Bad {
		for _, v := range s.Subject.Variants {
			if _, err := s.Subject.Run(v.Name, c.In()); err == nil {
				t.Errorf("%s: %s is not refused", v.Name, c.Name)
			}
		}
	}
	if _, err := s.Subject.Run("no such row", s.make(t, s.Subject.Sizes.Smoke)); err == nil {
		t.Error("a row that isn't there is not refused")
	}
}

func (s Suite[In, Out]) known(t *testing.T) {
	for size, want := range s.Known {
		got := s.Subject.Sums(s.Subject.Variants[0].Func(s.make(t, size)))
		if how := kernels.SameSums(want, got); how != "" {
			t.Errorf("size %d: %s", size, how)
		}
	}
}

// Bench runs every row that can be itself at a size.
func Bench[In, Out any](b *testing.B, s *kernels.Subject[In, Out], size int) {
	p, err := s.At(size)
	if err != nil {
		b.Fatal(err)
	}
	for i, r := range p.Rows() {
		b.Run(r.Name, func(b *testing.B) {
			if r.Missing != "" {
				b.Skip(r.Missing)
			}
			if err := p.Check(i); err != nil {
				b.Fatal(err)
			}
			p.Reset()
			for b.Loop() {
				p.Run(i)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/max(p.Ops(), 1), "ns/"+s.Unit)
		})
	}
}

// Guard moves the numbers that in holds into memory whose neighbours on one side
// can't be touched: those after it, or those before it. A fault there is a panic of
// the test. The function that it returns checks the other side and gives the memory
// back; in must not be used after it.
func Guard[In any](t *testing.T, in *In, end bool) (check func()) {
	t.Helper()
	m := &mover{end: end, moved: map[uintptr]*guarded{}, from: map[uintptr]uintptr{}}
	m.move(reflect.ValueOf(in).Elem())
	if m.err != nil {
		t.Fatal(m.err)
	}
	old := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(old)
		for _, g := range m.moved {
			if !g.intact() {
				t.Error("memory beside the input was written to")
			}
			g.free()
		}
		for _, g := range m.empty {
			g.free()
		}
	}
}
