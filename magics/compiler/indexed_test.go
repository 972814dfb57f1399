package compiler

import (
	"strings"
	"testing"
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
