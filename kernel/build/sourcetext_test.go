package build

import (
	"context"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"strings"
	"testing"
)

func TestWithoutBodies(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"func f() { x }\nfunc g()", "func f() {   }\nfunc g()"},
		{"func f() struct{ A int } { x }", "func f() struct{ A int } {   }"},
		{"func (t T[K]) m(f func() interface{ M() }) { \"}\" }", "func (t T[K]) m(f func() interface{ M() }) {     }"},
		{"func f()\ntype T struct { A int }", "func f()\ntype T struct { A int }"},
		{"var x = []int{1,\n2}\n", "var x = []int{  \n }\n"},
		{"var x = struct{ A int }{1}", "var x = struct{ A int }{ }"},
		{"var (\n\tx = T{1}\n\tf = func() { '}' }\n)\ntype U struct{ B int }", "var (\n\tx = T{ }\n\tf = func() {     }\n)\ntype U struct{ B int }"},
		{"type F func(x struct{ A int }) // { \nconst c = `{`", "type F func(x struct{ A int }) // { \nconst c = `{`"},
		{"func f() { /* } */ `}`; \"\\\"}\" }\nvar y int", "func f() {                    }\nvar y int"},
		{"func f() {", "func f() {"},
	} {
		if got := string(WithoutBodies([]byte(c.src))); got != c.want {
			t.Errorf("%q:\ngot  %q\nwant %q", c.src, got, c.want)
		}
	}
}

// TestWithoutBodiesKeepsDeclarations compares what parses of large packages with
// and without bodies.
func TestWithoutBodiesKeepsDeclarations(t *testing.T) {
	tc, err := FindToolchain(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"net/http", "go/types", "runtime", "reflect", "unicode"} {
		files, err := sourceFiles(tc, tc.GOROOT+"/src/"+dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := declarations(t, name, WithoutBodies(src)), declarations(t, name, src); got != want {
				t.Errorf("%s: other declarations\n%s", name, got)
			}
		}
	}
}

// declarations prints a file's declarations without bodies and values.
func declarations(t *testing.T, name string, src []byte) string {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			n.Body = nil
		case *ast.FuncLit:
			n.Body = &ast.BlockStmt{}
		case *ast.CompositeLit:
			n.Elts = nil
		}
		return true
	})
	var b strings.Builder
	for _, d := range f.Decls {
		if err := printer.Fprint(&b, token.NewFileSet(), d); err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// FuzzWithoutBodies checks that offsets and lines stay and that what parsed
// still does.
func FuzzWithoutBodies(f *testing.F) {
	for _, seed := range []string{
		"package p\nfunc f() { x }\n", "package p\nvar x = []int{1, 2}\n", "package p\nvar (\n\tf = func() struct{ A int } { return }\n)\n",
		"package p\nvar x =\nfunc() {}\n", "package p\nfunc f() struct /* { */ { A int } { `}` }", "package p\ntype T[P interface{ ~int }] struct{ a func() }",
		"package p\n/* { */ var c = '{'; var d = \"\\\"{\"\n", "package p\nvar x [len([]int{1})]map[struct{ A int }]int",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		cut := string(WithoutBodies([]byte(src)))
		if len(cut) != len(src) {
			t.Fatalf("%d bytes became %d", len(src), len(cut))
		}
		for i := range src {
			if (src[i] == '\n') != (cut[i] == '\n') {
				t.Fatalf("the newlines are elsewhere at byte %d", i)
			}
		}
		if _, err := parser.ParseFile(token.NewFileSet(), "", src, parser.SkipObjectResolution); err != nil {
			return
		}
		if _, err := parser.ParseFile(token.NewFileSet(), "", cut, parser.SkipObjectResolution); err != nil {
			t.Errorf("what parsed doesn't any more: %v\n%s", err, cut)
		}
	})
}
