package cell

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestPlain compares plain programs with goldens: cells, then the files of the
// program that the last one gives. Each program must compile.
func TestPlain(t *testing.T) {
	paths, err := filepath.Glob("testdata/plain/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			arc := txtar.Parse(data)
			got := &txtar.Archive{Comment: arc.Comment}
			var texts []string
			for _, f := range arc.Files {
				if f.Name == "cell" {
					texts = append(texts, strings.TrimSuffix(string(f.Data), "\n"))
					got.Files = append(got.Files, f)
				}
			}
			form := PlainText
			if strings.Contains(string(arc.Comment), "(lines)") {
				form = PlainLines
			}
			files := plainOf(t, form, texts...)
			for _, f := range files {
				got.Files = append(got.Files, txtar.File{Name: f.Name, Data: []byte(f.Text)})
			}
			compiles(t, files)
			out := txtar.Format(got)
			if bytes.Equal(out, data) {
				return
			}
			if !*update {
				t.Errorf("got\n%s\nwant\n%s", out, data)
			} else if err := os.WriteFile(path, out, 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// plainOf returns the plain program of the last of several cells.
func plainOf(t *testing.T, form Plain, texts ...string) []File {
	t.Helper()
	env := testEnv()
	env.Fresh = true
	scope := NewScope()
	var files []File
	for i, text := range texts {
		c, errs := ParseIn(scope, text)
		if len(errs) > 0 {
			t.Fatalf("cell %d: %v", i+1, errs)
		}
		if i == len(texts)-1 {
			env.Plain = form
		}
		u, errs := Rewrite(env, scope, i+1, c)
		if len(errs) > 0 {
			t.Fatalf("cell %d: %v", i+1, errs)
		}
		scope, files = u.Next, u.Plain
	}
	return files
}

// compiles type-checks a program.
func compiles(t *testing.T, files []File) {
	t.Helper()
	fset := token.NewFileSet()
	var trees []*ast.File
	for _, f := range files {
		tree, err := parser.ParseFile(fset, f.Name, f.Text, parser.ParseComments)
		if err != nil {
			t.Fatalf("%v\n%s", err, f.Text)
		}
		trees = append(trees, tree)
	}
	conf := types.Config{Importer: testImporter(), Error: func(err error) { t.Error(err) }}
	conf.Check("main", fset, trees, nil)
}
