package cell

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata/rewrite")

// testPackages are the packages that cells of the tests may import.
var testPackages = map[string]string{
	"bits": "math/bits", "bufio": "bufio", "bytes": "bytes", "context": "context", "errors": "errors", "flag": "flag", "fmt": "fmt",
	"cmplx": "math/cmplx", "math": "math", "os": "os", "rand": "math/rand/v2", "sort": "sort", "strings": "strings", "atomic": "sync/atomic", "strconv": "strconv", "sync": "sync", "testing": "testing", "time": "time", "url": "net/url",
}

// testImporter reads export data of the standard library, as the session does.
var testImporter = sync.OnceValue(func() types.Importer {
	args := []string{"list", "-export", "-deps", "-f", "{{if .Export}}{{.ImportPath}}\t{{.Export}}{{end}}"}
	for _, p := range testPackages {
		args = append(args, p)
	}
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		panic(fmt.Sprintf("go list: %v", err))
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		p, f, _ := strings.Cut(strings.TrimSpace(line), "\t")
		files[p] = f
	}
	im := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		f, ok := files[path]
		if !ok {
			return nil, fmt.Errorf("package %s is not in the tests' set", path)
		}
		return os.Open(f)
	})
	return lockedImporter{im, new(sync.Mutex)}
})

// lockedImporter lets tests run at the same time.
type lockedImporter struct {
	types.Importer
	mu *sync.Mutex
}

func (l lockedImporter) Import(path string) (*types.Package, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Importer.Import(path)
}

func testEnv() Env {
	return Env{Importer: testImporter(), Candidates: func(name string, _ []string) []string {
		if p := testPackages[name]; p != "" {
			return []string{p}
		}
		return nil
	}}
}

// rewritten is what a series of cells gave.
type rewritten struct {
	scope *Scope
	units []*Unit // nil where a cell failed
	errs  []Errors
}

// rewriteCells rewrites cells one after the other, as a session does.
func rewriteCells(texts ...string) *rewritten {
	w := &rewritten{scope: NewScope()}
	for i, text := range texts {
		c, errs := ParseIn(w.scope, text)
		var u *Unit
		if len(errs) == 0 && c.CellMagic == nil {
			u, errs = Rewrite(testEnv(), w.scope, i+1, c)
		}
		if u != nil {
			w.scope = u.Next
		}
		w.units, w.errs = append(w.units, u), append(w.errs, errs)
	}
	return w
}

// last returns the last unit; the test ends when a cell failed.
func (w *rewritten) last(t *testing.T) *Unit {
	t.Helper()
	for i, errs := range w.errs {
		if len(errs) > 0 {
			t.Fatalf("cell %d: %v", i+1, errs)
		}
	}
	return w.units[len(w.units)-1]
}

// splitCells takes a text with --- between the cells apart.
func splitCells(text string) []string {
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n---\n")
}

// TestGoldens compares the generated text of typical cells: in each archive the
// files named cells hold the input, the others what the last cell became.
func TestGoldens(t *testing.T) {
	paths, err := filepath.Glob("testdata/rewrite/*.txtar")
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
			w := rewriteCells(splitCells(string(arc.Files[0].Data))...)
			got := &txtar.Archive{Comment: arc.Comment, Files: append(arc.Files[:1:1], w.describe()...)}
			out := txtar.Format(got)
			if *update {
				if err := os.WriteFile(path, out, 0o644); err != nil {
					t.Fatal(err)
				}
			} else if !bytes.Equal(out, data) {
				t.Errorf("got\n%s\nwant\n%s", out, data)
			}
			for _, u := range w.units {
				checkUnit(t, u)
			}
		})
	}
}

// describe lists notes and errors of all cells, and the files of the last.
func (w *rewritten) describe() []txtar.File {
	var files []txtar.File
	var said strings.Builder
	for i := range w.errs {
		for _, e := range w.errs[i] {
			fmt.Fprintf(&said, "%v\n", e)
		}
		if u := w.units[i]; u != nil {
			for _, n := range u.Notes {
				fmt.Fprintf(&said, "cell %d: note: %s\n", i+1, n)
			}
		}
	}
	if said.Len() > 0 {
		files = append(files, txtar.File{Name: "said", Data: []byte(said.String())})
	}
	if u := w.units[len(w.units)-1]; u != nil {
		for _, f := range u.Files {
			files = append(files, txtar.File{Name: f.Name, Data: []byte(strings.TrimRight(f.Text, "\n") + "\n")})
		}
	}
	return files
}

// checkUnit makes sure that a unit is a package that type-checks, as far as it
// needs nothing outside of the tests' set.
func checkUnit(t *testing.T, u *Unit) {
	t.Helper()
	if u == nil {
		return
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, f := range u.Files {
		af, err := parser.ParseFile(fset, f.Name, f.Text, parser.ParseComments)
		if err != nil {
			t.Errorf("cell %d: %s doesn't parse: %v\n%s", u.Cell, f.Name, err, f.Text)
			return
		}
		files = append(files, af)
	}
	conf := types.Config{Importer: generatedImporter{testImporter()}, FakeImportC: true, Error: func(err error) {
		t.Errorf("cell %d: generated: %v", u.Cell, err)
	}}
	_, _ = conf.Check(PackagePath, fset, files, nil)
}

// generatedImporter adds what generated code itself imports.
type generatedImporter struct{ types.Importer }

var generatedSources = map[string]string{
	displayPath: "package display; type T struct{}; func Text(string) T { return T{} }; func Result(...any) {}",
	guardPath:   "package guard; func Recover() {}",
	methodsPath: "package methods; type Method struct { Name string; Func any }; func Announce(...Method) {}",
}

func (g generatedImporter) Import(path string) (*types.Package, error) {
	src, ok := generatedSources[path]
	if !ok {
		return g.Importer.Import(path)
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, path, src, 0)
	if err != nil {
		return nil, err
	}
	return (&types.Config{}).Check(path, fset, []*ast.File{f}, nil)
}
