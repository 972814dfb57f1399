package cell

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// stdPackages are directories of the standard library with every construct of
// the language.
var stdPackages = []string{"bufio", "encoding/json", "fmt", "go/types", "iter", "maps", "reflect", "runtime/cgo", "slices", "strings", "text/template"}

// TestStandardLibrary parses files and function bodies of the standard library
// as cells, and compares with what go/parser finds there.
func TestStandardLibrary(t *testing.T) {
	dirs := stdPackages
	if list := os.Getenv("HPGO_CELL_STD"); list != "" {
		dirs = strings.Fields(list)
	}
	files, bodies := 0, 0
	for _, dir := range dirs {
		names, err := filepath.Glob(filepath.Join(build.Default.GOROOT, "src", dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		if testing.Short() && len(names) > 5 {
			names = names[:5]
		}
		for _, name := range names {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution|parser.ParseComments)
			if err != nil {
				continue // test data
			}
			files++
			sameDecls(t, name, string(src), f, fset)
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
					bodies++
					sameStatements(t, name, string(src), fn, fset)
				}
			}
		}
	}
	t.Logf("%d files, %d function bodies", files, bodies)
	if files == 0 {
		t.Error("found no files of the standard library")
	}
}

func sameDecls(t *testing.T, name, src string, f *ast.File, fset *token.FileSet) {
	c, errs := Parse(src)
	if len(errs) > 0 {
		t.Errorf("%s: %v", name, errs.Cut(3))
		return
	}
	check(t, c)
	if len(c.Items) != len(f.Decls) {
		t.Errorf("%s: %d items, %d declarations", name, len(c.Items), len(f.Decls))
		return
	}
	for i, d := range f.Decls {
		it := c.Items[i]
		if it.Code != fset.Position(d.Pos()).Offset && !strings.HasPrefix(src, "\ufeff") || it.Decl == nil {
			t.Errorf("%s: item %d starts at %d, the declaration at %v", name, i, it.Code, fset.Position(d.Pos()))
		}
		if fn, ok := d.(*ast.FuncDecl); ok {
			if got := it.Decl.(*ast.FuncDecl); got.Doc.Text() != fn.Doc.Text() || got.Name.Name != fn.Name.Name {
				t.Errorf("%s: %s: another name or doc comment", name, fn.Name.Name)
			}
		}
	}
}

func sameStatements(t *testing.T, name, src string, fn *ast.FuncDecl, fset *token.FileSet) {
	from := fset.PositionFor(fn.Body.Lbrace, false).Offset + 1
	c, errs := Parse(src[from:fset.PositionFor(fn.Body.Rbrace, false).Offset])
	if len(errs) > 0 {
		t.Errorf("%s: %s: %v", name, fn.Name.Name, errs.Cut(3))
		return
	}
	check(t, c)
	var want []int
	for _, s := range fn.Body.List {
		if _, empty := s.(*ast.EmptyStmt); !empty {
			want = append(want, fset.PositionFor(s.Pos(), false).Offset-from)
		}
	}
	var got []int
	for _, it := range c.Items {
		got = append(got, it.Code)
	}
	if len(got) != len(want) {
		t.Errorf("%s: %s: items at %v, statements at %v", name, fn.Name.Name, got, want)
		return
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("%s: %s: item %d at %d, statement at %d", name, fn.Name.Name, i, got[i], want[i])
		}
	}
}
