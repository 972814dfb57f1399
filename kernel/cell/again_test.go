package cell

import (
	"slices"
	"strings"
	"testing"
)

// rewriteFresh rewrites cells as a session in fresh-process mode does.
func rewriteFresh(t *testing.T, texts ...string) []*Unit {
	t.Helper()
	env := testEnv()
	env.Fresh = true
	scope := NewScope()
	var units []*Unit
	for i, text := range texts {
		c, errs := ParseIn(scope, text)
		if len(errs) > 0 {
			t.Fatalf("cell %d: %v", i+1, errs)
		}
		u, errs := Rewrite(env, scope, i+1, c)
		if len(errs) > 0 {
			t.Fatalf("cell %d: %v", i+1, errs)
		}
		checkUnit(t, u)
		scope = u.Next
		units = append(units, u)
	}
	return units
}

// ranAgain returns the statements that a unit runs again, in order.
func ranAgain(u *Unit) []string {
	files := map[string]string{}
	for _, f := range u.Files {
		files[f.Name] = f.Text
	}
	var out []string
	for line := range strings.Lines(files["entry.go"]) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, againPrefix) {
			continue
		}
		text := files["again"+strings.TrimSuffix(strings.TrimPrefix(line, againPrefix), "()")+".go"]
		_, text, _ = strings.Cut(text, "//line cell")
		_, text, _ = strings.Cut(text, "\n")
		text, _, _ = strings.Cut(text, "\n//line")
		out = append(out, text)
	}
	return out
}

func TestInitializersRunAgain(t *testing.T) {
	tests := []struct {
		name  string
		cells []string
		want  []string // statements of earlier cells that the last runs again
	}{
		{"none needed", []string{"x := 1", "y := 2"}, nil},
		{"direct", []string{"x := 1", "y := 2", "x"}, []string{"x := 1"}},
		{"transitive", []string{"x := 1", "y := x + 1", "z := 3", "y"}, []string{"x := 1", "y := x + 1"}},
		{"through a function", []string{"x := 1", "func f() int { return x }", "f()"}, []string{"x := 1"}},
		{"through a method", []string{"x := 1\ntype T struct{}\nfunc (T) M() int { return x }", "T{}.M()"}, []string{"x := 1"}},
		{"through the type of a variable", []string{"x := 1\ntype T struct{}\nfunc (T) M() int { return x }", "var t T", "t.M()"}, []string{"x := 1", "var t T"}},
		{"older value of itself", []string{"x := 1", "x := x + 1", "x"}, []string{"x := 1", "x := x + 1"}},
		{"redeclared", []string{"x := 1", "x := 2", "x"}, []string{"x := 2"}},
		{"redeclared with another type", []string{"x := 1", `x := "a"`, "x"}, []string{`x := "a"`}},
		{"used, then redeclared", []string{"x := 1", `x := fmt.Sprint(x)`}, []string{"x := 1"}},
		{"a function sees the cell's own", []string{"x := 1", "func f() int { return x }", "x := 2\nf()"}, nil},
		{"two names of one statement", []string{"a, err := 1, error(nil)", "b, err := 2, error(nil)", "a, err"},
			[]string{"a, err := 1, error(nil)", "b, err := 2, error(nil)"}},
		{"order of declaration", []string{"b := 2", "a := 1", "a + b"}, []string{"b := 2", "a := 1"}},
		{"declared later than the function that needs it", []string{"func f() int { return 1 }", "x := f()", "y := 2", "func f() int { return y }", "x"},
			[]string{"y := 2", "x := f()"}},
		{"a group", []string{"var (\n\ta = 1\n\tb = a\n)", "b"}, []string{"var (\n\ta = 1\n\tb = a\n)"}},
		{"a closure", []string{"n := 0\nf := func() int { n++; return n }", "f()"}, []string{"n := 0", "f := func() int { n++; return n }"}},
		{"main", []string{"x := 1", "func main() { fmt.Println(x) }"}, []string{"x := 1"}},
		{"a package's name", []string{`s := strings.ToUpper("a")`, "strings := 1", "s, strings"},
			[]string{`s := hpgo__strings/*line :1:13*/.ToUpper("a")`, "strings := 1"}},
		{"a type that changed", []string{"type T struct{ A int }\nt := T{A: 1}", "type T struct{ A, B int }", "t.B"}, []string{"t := T{A: 1}"}},
		{"goroutines are guarded", []string{"c := make(chan int)\nd := func() chan int { go close(c); return c }()", "<-d"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			units := rewriteFresh(t, tt.cells...)
			got := ranAgain(units[len(units)-1])
			if tt.want == nil && strings.Contains(tt.name, "guarded") {
				if len(got) != 2 || !strings.Contains(got[1], guardAlias) {
					t.Errorf("runs again %q", got)
				}
				return
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("runs again %q, want %q", got, tt.want)
			}
		})
	}
}

// What can't be computed any more is dropped, and the user is told.
func TestInitializersDropped(t *testing.T) {
	tests := []struct {
		name  string
		cells []string
		want  string // note of the last cell
	}{
		{"its function changed", []string{"func f() int { return 1 }", "x := f()", `func f() string { return "" }`},
			"x was dropped: its initialiser (cell 2) no longer compiles: cannot use x (variable of type string) as int value in assignment"},
		{"its type changed", []string{"type T struct{ A int }\nt := T{1}", "type T struct{ A, B int }"},
			"t was dropped: its initialiser (cell 1) no longer compiles: too few values in struct literal of type T"},
		{"its variable changed", []string{"a := 1", "b := a + 1", "a := 2.5", "1"},
			"b was dropped: it was computed from a, which was declared anew; declare it again"},
		{"in a row", []string{"a := 1", "b := a + 1", "c := b + 1", "func a() {}"},
			"b was dropped: it was computed from a, which was declared anew; declare it again\n" +
				"c was dropped: its initialiser (cell 3) no longer compiles: undefined: b"},
		{"nobody asks", []string{"a := 1", "a := 2.5", "func a() {}"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			units := rewriteFresh(t, tt.cells...)
			last := units[len(units)-1]
			if got := strings.Join(last.Notes, "\n"); got != tt.want {
				t.Errorf("notes:\n%s\nwant:\n%s", got, tt.want)
			}
			var dropped []string
			for line := range strings.Lines(tt.want) {
				name, _, _ := strings.Cut(line, " ")
				dropped = append(dropped, name)
			}
			for _, name := range dropped {
				if d, ok := last.Next.Lookup(name); ok && d.Kind == KindVar {
					t.Errorf("%s is still there", name)
				}
			}
		})
	}
}

// An initialiser lives as long as a variable that comes from it.
func TestInitializersForgotten(t *testing.T) {
	units := rewriteFresh(t, "x := 1", "y := x", "x := 2", "x := 3", "y := 4", "1")
	n := len(units)
	for i, want := range []int{1, 2, 3, 3, 2, 2} {
		if got := len(units[i].Next.inits); got != want {
			t.Errorf("after cell %d of %d: %d initialisers, want %d", i+1, n, got, want)
		}
	}
	if left := units[n-1].Next.Restarted().inits; len(left) != 0 {
		t.Errorf("%d initialisers in a new worker", len(left))
	}
}

// Imports for side effects are made in every process.
func TestFreshSideEffects(t *testing.T) {
	units := rewriteFresh(t, `import _ "net/url"`, "1")
	if !slices.Contains(units[1].Imports, "net/url") {
		t.Errorf("imports %q", units[1].Imports)
	}
}
