package cell

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestPositions checks that each name that the user wrote stands in the
// generated source at a line directive that leads back to where it was written.
func TestPositions(t *testing.T) {
	for name, cells := range goldenCells(t) {
		t.Run(name, func(t *testing.T) {
			w := rewriteCells(cells...)
			for i, u := range w.units {
				if u != nil {
					checkPositions(t, i+1, cells[i], u)
				}
			}
		})
	}
}

// goldenCells returns the inputs of the goldens.
func goldenCells(t testing.TB) map[string][]string {
	t.Helper()
	paths, err := filepath.Glob("testdata/rewrite/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(path), ".txtar")] = splitCells(string(txtar.Parse(data).Files[0].Data))
	}
	return all
}

func checkPositions(t *testing.T, n int, text string, u *Unit) {
	t.Helper()
	written := map[string]string{} // position -> generated name
	fset := token.NewFileSet()
	for _, f := range u.Files {
		af, err := parser.ParseFile(fset, f.Name, f.Text, 0)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		ast.Inspect(af, func(node ast.Node) bool {
			if id, ok := node.(*ast.Ident); ok {
				p := fset.Position(id.Pos())
				written[fmt.Sprintf("%s:%d:%d", p.Filename, p.Line, p.Column)] += id.Name + " "
			}
			return true
		})
	}
	c, _ := Parse(text)
	for _, it := range c.Items {
		if it.Kind == ItemImport {
			continue
		}
		for _, node := range (&entryItem{Item: it}).nodes() {
			ast.Inspect(node, func(node ast.Node) bool {
				id, ok := node.(*ast.Ident)
				if !ok {
					return true
				}
				line, col := c.Position(it.Offset(id.Pos()))
				at := fmt.Sprintf("cell %d:%d:%d", n, line, col)
				if !meansName(written[at], id.Name) {
					t.Errorf("%s: %s is not there, but %q", at, id.Name, written[at])
				}
				return true
			})
		}
	}
}

// meansName reports whether one of some generated names stands for a name as
// written: itself, a version of it, an alias of a package, init or main, or the
// blank of a constant that was declared again.
func meansName(generated, name string) bool {
	for g := range strings.FieldsSeq(generated) {
		if PlainName(g) == name || strings.HasPrefix(g, "hpgo__") || g == "_" {
			return true
		}
	}
	return false
}

func TestInMemory(t *testing.T) {
	tests := []struct {
		name  string
		cells []string
		want  map[string]string // of the last cell
	}{
		{"plain", []string{"x := 1\nx++"}, nil},
		{"closure", []string{"x := 1\nf := func() int { return x }\nf()"}, map[string]string{"x": whyCaptured}},
		{"address", []string{"x := 1\np := &x\n*p = 2"}, map[string]string{"x": whyAddress}},
		{"address lasts", []string{"x := 1\np := &x", "x++"}, map[string]string{"x": whyEarlier}},
		{"closure lasts", []string{"x := 1\nf := func() int { return x }", "x++"}, map[string]string{"x": whyEarlier}},
		{"pointer method", []string{"import \"time\"\ntype C int\nfunc (c *C) Inc() { *c++ }\nvar c C\nc.Inc()"}, map[string]string{"c": whyAddress}},
		{"value method", []string{"type C int\nfunc (c C) Get() int { return int(c) }\nvar c C\nc.Get()"}, nil},
		{"function", []string{"x := 1\nfunc f() int { return x }\nf()"}, map[string]string{"x": whyReached}},
		{"function not called", []string{"x := 1\nfunc f() int { return x }", "x++"}, nil},
		{"function called later", []string{"x := 1\nfunc f() int { return x }", "x++\nf()"}, map[string]string{"x": whyReached}},
		{"function called once", []string{"x := 1\nfunc f() int { return x }\nf()", "x++"}, nil},
		{"function value lasts", []string{"x := 1\nfunc f() int { return x }\nh := f", "x++"}, map[string]string{"x": whyEarlier}},
		{"goroutine lasts", []string{"x := 1\nfunc f() { go func() { x++ }() }\nf()", "x++"}, map[string]string{"x": whyEarlier}},
		{"seen before it is declared", []string{"x := 1", "x := x + 1\nf := func() int { return x }", "x++"}, map[string]string{"x": whyEarlier}},
		{"through another", []string{"x := 1\nfunc f() int { return x }\nfunc g() int { return f() }", "x++\ng()"}, map[string]string{"x": whyReached}},
		{"any method", []string{"x := 1\ntype T int\nfunc (T) String() string { return fmt.Sprint(x) }", "x++\nfmt.Println(T(1))"}, map[string]string{"x": whyReached}},
		{"head", []string{"x := 1\nf := strings.ToUpper\nfor x = 0; x < 3; x++ { f(\"a\") }"}, map[string]string{"x": whyForm}},
		{"head of a pure loop", []string{"x := 1\nfor x = 0; x < 3; x++ {}"}, nil},
		{"with an element", []string{"x, m := 1, map[int]int{}\nx, m[1] = 2, 3"}, map[string]string{"x": whyForm, "m": whyTogether}},
		{"with a struct", []string{"x, s := 1, struct{}{}\n_ = s"}, map[string]string{"x": whyTogether}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			u := rewriteCells(tt.cells...).last(t)
			got := u.InMemory
			if len(got) == 0 {
				got = nil
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestPureLoops says which loops may store at their end: S marks those.
func TestPureLoops(t *testing.T) {
	tests := []struct {
		loop string
		pure bool
	}{
		{"for i := 0; i < 9; i++ { s += i }", true},
		{"for i := range 9 { s += int(float64(i) * math.Sqrt(2)) }", true},
		{"for i := range 9 { s ^= s << 13; s += i / 3 % 5 }", true},
		{"for _, x := range xs { if x > 3 { s += x } else { break } }", true},
		{"for i := range 9 { switch { case i > 3: s++; default: continue } }", true},
		{"for i := range 9 { s += xs[i] }", false},
		{"for i := range 9 { s += 9 / i }", false},
		{"for i := range 9 { s /= i }", false},
		{"for i := range 9 { s <<= i }", false},
		{"for i := range 9 { s += i; f() }", false},
		{"for x := range ch { s += x }", false},
		{"for { s++; select { case <-ch: default: } }", false},
		{"for i := range 9 { s += *p + i }", false},
		{"for i := range 9 { s += i; if a == b { break } }", false},
		{"for i := range 9 { s += i; m[i] = i }", false},
		{"for i := range 9 { s += i; panic(i) }", false},
		{"for i := range 9 { s += any(i).(int) }", false},
		{"for i := range f2 { s += i }", false},
		{"for { s++ }", false},
		{"for { s++; if s > 9 { break } }", true},
		{"for i := range 9 { s += i; for range i {} }", false},
		{"for range 9 { for i := range 9 { s += i } }", false}, // stored behind the inner one
	}
	head := "xs, m := []int{1}, map[int]int{}\nvar ch chan int\nvar a, b any\np := new(int)\nfunc f() {}\nfunc f2(func(int) bool) {}\nt := struct{ n int }{1}\n_, _ = t, math.Pi"
	for _, tt := range tests {
		u := rewriteCells(head, "s := 0\n"+tt.loop).last(t)
		entry := u.Files[slices.IndexFunc(u.Files, func(f File) bool { return f.Name == "entry.go" })].Text
		_, after, _ := strings.Cut(entry, "//line cell 2:2:1\n")
		_, inLoop, _ := strings.Cut(after, "for ")
		body, _, _ := strings.Cut(inLoop, "//line")
		if got := !strings.Contains(body, "*hpgo__p_s = s"); got != tt.pure {
			t.Errorf("%s: pure is %v\n%s", tt.loop, got, entry)
		}
	}
}

func TestMessages(t *testing.T) {
	tests := []struct {
		cells []string
		want  string // of the last cell: errors, else notes
	}{
		{[]string{"fmt.Printn(1)"}, "cell 1:1:5: undefined: fmt.Printn (did you mean fmt.Print?)"},
		{[]string{"f := 1\nnmae := 2", "a"}, "cell 2:1:1: undefined: a"},
		{[]string{"f := 1\nnmae := 2", "name"}, "cell 2:1:1: undefined: name (did you mean nmae?)"},
		{[]string{"type R struct { City string; Temp float64 }\nr := &R{}", "r.Tmep"}, "cell 2:1:3: r.Tmep undefined (type *R has no field or method Tmep) (did you mean r.Temp?)"},
		{[]string{"var b strings.Builder\nb.Sting()"}, "cell 1:2:3: b.Sting undefined (type strings.Builder has no field or method Sting) (did you mean b.String?)"},
		{[]string{"f(x)\nfunc f(int) {}\nx := 1"}, "cell 1:1:3: undefined: x (it is declared further down in this cell)"},
		{[]string{"var v int\nvar v string"}, "cell 1:2:5: v redeclared (first declared in line 1)"},
		{[]string{"type D int\ntype D string"}, "cell 1:2:6: D redeclared in this cell (first declared in line 1)"},
		{[]string{"func D() {}\nconst D = 1"}, "cell 1:1:6: D redeclared in this cell (first declared in line 2)"},
		{[]string{"func (x int) M() {}"}, "cell 1:1:9: cannot define new methods on non-local type int"},
		{[]string{"func (x *time.Time) M() {}"}, "cell 1:1:10: cannot define new methods on non-local type time.Time"},
		{[]string{"int := 3"}, "cell 1:1:1: int is predeclared and can't name a variable that lasts; choose another name, or declare it inside a block { ... } or a function"},
		{[]string{"var main, x = 1, 2"}, "cell 1:1:5: main must be a function and can't name a variable that lasts; choose another name, or declare it inside a block { ... } or a function"},
		{[]string{"func main[T any]() {}"}, "cell 1:1:1: func main must have no type parameters"},
		{[]string{"type T struct{}\nt := T{}\nt", "type T struct{ x int }", "t"}, "cell 3:1:1: undefined: t (it was dropped: its type was redefined)"},
		{[]string{"func g() int { return 1 }\nfunc f() int { return g() + 1 }", "func g() {}", "f()"},
			"cell 3:1:1: undefined: f (it was set aside: g() (no value) used as value)"},
		{[]string{"func g() int { return 1 }\nfunc f() int { return g() }", "func g() {}", "func g() int { return 3 }"}, "func f (cell 1) compiles again"},
		{[]string{"type T struct{}\nt := T{}\nt", "func (T) M() {}\nt.M()"}, "T has new methods: values of T that are kept in interfaces or any stay of the old version"},
		{[]string{"import \"nosuch.example/x\""}, "cell 1:1:8: cannot import \"nosuch.example/x\": package nosuch.example/x is not in the tests' set (get it with: %get nosuch.example/x)"},
	}
	for _, tt := range tests {
		w := rewriteCells(tt.cells...)
		last := len(tt.cells) - 1
		var got []string
		for _, e := range w.errs[last] {
			got = append(got, e.Error())
		}
		if len(got) == 0 && w.units[last] != nil {
			got = w.units[last].Notes
		}
		if strings.Join(got, "\n") != tt.want {
			t.Errorf("%q:\ngot  %s\nwant %s", tt.cells, strings.Join(got, "\n"), tt.want)
		}
	}
}

func TestOwnFlags(t *testing.T) {
	u := rewriteCells("import \"flag\"\nconst name = \"c\"\nvar a = flag.Int(\"a\", 1, \"\")\nfunc f() { var b bool; flag.BoolVar(&b, \"b\", true, \"\"); flag.Func(name, \"\", nil) }\nflag.Lookup(\"d\")").last(t)
	if want := []string{"a", "b", "c"}; !slices.Equal(u.OwnFlags, want) {
		t.Errorf("got %q, want %q", u.OwnFlags, want)
	}
}

// TestRestarted: after a worker died the variables are gone, and functions wait
// for them without a word.
func TestRestarted(t *testing.T) {
	w := rewriteCells("x := 1\nfunc f() int { return x }")
	w.scope = w.scope.Restarted()
	next := func(text string) (*Unit, Errors) {
		c, errs := ParseIn(w.scope, text)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		u, errs := Rewrite(testEnv(), w.scope, 5, c)
		if u != nil {
			w.scope = u.Next
		}
		return u, errs
	}
	if _, errs := next("x"); len(errs) != 1 || errs[0].Msg != "undefined: x (it was lost with the worker)" {
		t.Errorf("got %v", errs)
	}
	if u, errs := next("1"); len(errs) > 0 || len(u.Notes) > 0 {
		t.Errorf("errors %v, notes %v", errs, u.Notes)
	}
	if u, errs := next("x := 3\nf()"); len(errs) > 0 || len(u.Notes) > 0 {
		t.Errorf("errors %v", errs)
	}
}

// TestNextAt: a variable whose declaration a panic kept from running isn't there.
func TestNextAt(t *testing.T) {
	cells := []string{"a := 1\nb := 2", "a := \"s\"\nb := 3\nc := f()\nd := 4; e := 5\nfunc f() int { panic(1) }\nfor {\n}\ng := 6"}
	u := rewriteCells(cells...).last(t)
	tests := []struct {
		line int
		want string // a's type, then the names
	}{
		{1, "int a b"}, {2, "string a b"}, {3, "string a b"}, {4, "string a b c d e"}, {7, "string a b c d e"}, {8, "string a b c d e"}, {99, "string a b c d e g"},
	}
	for _, tt := range tests {
		next := u.NextAt(tt.line)
		a, _ := next.Lookup("a")
		names := []string{}
		for _, d := range next.Vars() {
			names = append(names, d.Name)
		}
		slices.Sort(names)
		if got := a.Type + " " + strings.Join(names, " "); got != tt.want {
			t.Errorf("line %d: got %s, want %s", tt.line, got, tt.want)
		}
	}
	if d, _ := u.Next.Lookup("g"); d == nil {
		t.Error("the unit's own scope changed")
	}
}

// FuzzRewrite: whatever the cells are, Rewrite doesn't panic, and what it gives
// is a package that go/parser reads.
func FuzzRewrite(f *testing.F) {
	for _, cells := range goldenCells(f) {
		f.Add(strings.Join(cells, "\n---\n"))
	}
	f.Add("x := 1 // c\n---\nx // shown")
	f.Add("var a, b = f()\nfunc f() (int, error) { return 1, nil }\na, b;")
	f.Add("type T[P any] struct{ p P }\n---\nfunc (t T[P]) M() P { return t.p }\n---\nT[int]{}.M()")
	f.Add("goto L\nL:\nfor { break L }")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<12 {
			return
		}
		for _, u := range rewriteCells(splitCells(text)...).units {
			if u == nil {
				continue
			}
			for _, file := range u.Files {
				if _, err := parser.ParseFile(token.NewFileSet(), file.Name, file.Text, parser.SkipObjectResolution); err != nil {
					t.Errorf("%s: %v\n%s", file.Name, err, file.Text)
				}
			}
		}
	})
}
