package compiler

import (
	"slices"
	"strings"
	"testing"

	"hpgo/magics/assembly"
	"hpgo/magics/magic"
	"hpgo/magics/result"
)

func TestIndexed(t *testing.T) {
	for line, want := range map[string]string{
		"\ts += xs^[i]":                     "xs[i]",
		"\tout[i]^[j] = 0.25 * (g[i-1][j])": "out[i][j]",
		"\tout[i][j] = 0.25 * (g^[i-1][j])": "g[i-1]",
		"return f(a, b).c^[1:xs[2]]":        "f(a, b).c[1:xs[2]]",
		"größe^[3]":                         "größe[3]",
		"(*p)^[k]":                          "(*p)[k]",
		"xs^[":                              "",
		"f(^x)":                             "",
		"^[1]":                              "",
	} {
		at := strings.Index(line, "^")
		if got := indexed(strings.Replace(line, "^", "", 1), at); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
	if got := indexed("x", 7); got != "" {
		t.Errorf("behind the line: %q", got)
	}
}

func FuzzIndexed(f *testing.F) {
	f.Add("a[1])(]", 1)
	f.Fuzz(func(t *testing.T, line string, at int) {
		if got := indexed(line, at); got != "" && !strings.Contains(line, got) {
			t.Errorf("%q at %d: %q", line, at, got)
		}
	})
}

func TestRoot(t *testing.T) {
	for name, want := range map[string]string{
		"main.f": "main.f", "main.f.func1": "main.f", "main.f.func1.2": "main.f", "main.f.func2.gowrap1": "main.f", "main.f-range1": "main.f",
		"main.(*T[go.shape.int]).m": "main.(*T).m", "main.(*T).m.func1": "main.(*T).m", "main.f.deferwrap1": "main.f", "main.functional": "main.functional",
		"main.Map[go.shape.[]int,go.shape.map[string]int].func1": "main.Map",
	} {
		if got := root(name); got != want {
			t.Errorf("%s is part of %q, want %q", name, got, want)
		}
	}
}

func TestFunctionNames(t *testing.T) {
	for text, want := range map[string]bool{
		"f": true, "f g": true, "T.m": true, "(*T).m": true, "math.Hypot": true, "gonum/mat.(*Dense).Mul": true, "Map[int,string]": true, "": true,
		"f(x)": false, "x + y": false, "x := 3": false, "go f()": false, "3": false,
	} {
		if _, ok := functionNames(text); ok != want {
			t.Errorf("%q: %v, want %v", text, ok, want)
		}
	}
}

// Remarks about literals are named after what the user wrote at their place, marked ^.
func TestNameLiterals(t *testing.T) {
	for line, want := range map[string]string{
		"\t^go f(x)":              "function and arguments of the goroutine",
		"\tgo ^func() { g() }()":  "func literal",
		"\t^for x := range seq {": "body of the loop",
		"\treturn ^func() {}":     "func literal",
	} {
		col := 1 + strings.Index(line, "^")
		line = strings.Replace(line, "^", "", 1)
		got := nameLiterals([]result.Remark{{Kind: result.RemarkEscape, What: "func literal", Col: col}, {Kind: result.RemarkCannotInline, Func: "f.func1", Col: col}}, line)
		if got[0].What != want {
			t.Errorf("%s: %q, want %q", line, got[0].What, want)
		}
		if ofGoroutine := strings.Contains(line, "go "); (len(got) == 1) != ofGoroutine {
			t.Errorf("%s: %d remarks", line, len(got))
		}
	}
	if got := nameLiterals([]result.Remark{{What: "func literal", Col: 90}}, "short"); len(got) != 1 {
		t.Errorf("behind the line: %v", got)
	}
}

func TestInstances(t *testing.T) {
	for source, c := range map[string]struct{ name, example, named string }{
		"func F[T any](x T) {}":                                  {"F", "[int]", "F[int]"},
		"func F[M ~map[K]V, K comparable, V any](m M) {}":        {"F", "[map[int]int,int,int]", "F[map[int]int,int,int]"},
		"func F[T ~string | ~[]byte, N interface{ ~int }](T) {}": {"F", "[string,int]", "F[string,int]"},
		"func (s *S[K, V]) m(k K) {}":                            {"(*S).m", "[int,int]", "(*S[int,int]).m"},
		"func (s S[T]) m() {}":                                   {"S.m", "[int]", "S[int].m"},
	} {
		f := target{Function: magic.Function{Name: c.name, File: "cell 1", First: 1, Lines: []string{source}}}
		f.decl = declaration(f.Function)
		if !f.open() || f.example() != c.example || f.named(f.example()) != c.named {
			t.Errorf("%s: %v, %s, %s", source, f.open(), f.example(), f.named(f.example()))
		}
		known := instances(f, []result.Remark{
			{Kind: result.RemarkCanInline, File: "cell 1", Line: 1, Func: f.named("[string]")},
			{Kind: result.RemarkCannotInline, File: "cell 1", Line: 1, Func: f.named("[*uint8]")},
			{Kind: result.RemarkCanInline, File: "cell 1", Line: 1, Func: f.named("[string]")},
			{Kind: result.RemarkCanInline, File: "cell 1", Line: 1, Func: "G[string]"},
			{Kind: result.RemarkCanInline, File: "cell 2", Line: 1, Func: f.named("[bool]")},
		})
		if want := []string{"[*uint8]", "[string]"}; !slices.Equal(known, want) {
			t.Errorf("%s: instances %v", source, known)
		}
		f.args = "[[]int, T]"
		if !f.isInstance(assembly.Symbol{Name: "main.F[go.shape.[]int,main.T]"}) || f.isInstance(assembly.Symbol{Name: "main.F[go.shape.int]"}) || f.open() {
			t.Errorf("%s: instance %s isn't told from others", source, f.args)
		}
	}
	if got := joined([]string{"f[int,", "map[string]int]", "g", "h["}); !slices.Equal(got, []string{"f[int,map[string]int]", "g", "h["}) {
		t.Errorf("joined: %q", got)
	}
}

// Code of what all types of a shape have in common has the lines that it has there.
func TestOutermost(t *testing.T) {
	shape := []assembly.Position{{Func: "strings.Index"}, {Func: "main.f[go.shape.int]"}, {Func: "main.f[int]"}}
	for i, c := range []struct {
		stack []assembly.Position
		want  int
	}{{shape, 1}, {shape[:2], 1}, {shape[:1], 0}, {nil, -1}, {[]assembly.Position{{Func: "main.f[go.shape.int]"}, {Func: "main.g"}}, 1}} {
		if got := outermost(c.stack); got != c.want {
			t.Errorf("stack %d: %d, want %d", i, got, c.want)
		}
	}
}

// TestCalled: what the kernel adds to cells is not among the calls.
func TestCalled(t *testing.T) {
	c := code(assembly.Totals{Called: map[string]int{"main.hpgo__tick": 1, "hpgo__tick": 2, "hpgo/kernel/worker/guard.Recover": 1, "main.f": 3}})
	if len(c.Calls) != 1 || c.Calls["main.f"] != 3 {
		t.Errorf("calls %v", c.Calls)
	}
}
