package build

import (
	"context"
	"errors"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestRequiredModules(t *testing.T) {
	text := `module session

go 1.26.0

require (
	github.com/BurntSushi/toml v1.4.0
	gonum.org/v1/gonum v0.17.0 // indirect
)

require hpgo v0.0.0

require example.com/local v0.0.0

replace hpgo => "/tmp/with space"

replace example.com/local => ../local
`
	want := []sourceModule{
		{path: "github.com/BurntSushi/toml", dir: "/mod/github.com/!burnt!sushi/toml@v1.4.0"},
		{path: "gonum.org/v1/gonum", dir: "/mod/gonum.org/v1/gonum@v0.17.0", indirect: true},
		{path: "example.com/local", dir: "/local"},
		{path: "hpgo", dir: "/tmp/with space"},
	}
	if got := requiredModules(text, "/session", "/mod"); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestCompareVersions(t *testing.T) {
	sorted := []string{"m@v0.9.0", "m@v0.10.0", "m@v1.0.0-rc1", "m@v1.0.0", "m@v1.2.0"}
	got := []string{sorted[3], sorted[1], sorted[4], sorted[0], sorted[2]}
	slices.SortFunc(got, compareVersions)
	if !slices.Equal(got, sorted) {
		t.Errorf("got %v, want %v", got, sorted)
	}
}

// TestLibraryReadsSource reads a package and what it imports without archives,
// one that is in the module cache only, and lists paths of both.
func TestLibraryReadsSource(t *testing.T) {
	tc, err := FindToolchain(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	own := *tc
	own.ModCache = t.TempDir()
	dir := filepath.Join(own.ModCache, "example.com", "!far", "tool@v1.2.0", "sub")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "sub.go"), []byte("package sub\n\nimport \"io\"\n\nfunc Copy(r io.Reader) {}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	l := NewLibrary(&own, nil, nil, NewStdIndex(tc.GOROOT))
	p, err := l.Import(context.Background(), "example.com/Far/tool/sub")
	if err != nil {
		t.Fatal(err)
	}
	if f := p.Scope().Lookup("Copy"); f == nil || f.String() != "func example.com/Far/tool/sub.Copy(r io.Reader)" {
		t.Errorf("Copy is %v", f)
	}
	for prefix, want := range map[string][]string{
		"encoding/c":               {"encoding/csv"},
		"exam":                     {"example.com/"},
		"example.com/":             {"example.com/Far/"},
		"example.com/Far/tool/":    {"example.com/Far/tool/sub"},
		"example.com/Far/tool/sub": {"example.com/Far/tool/sub"},
		"nothing/":                 {},
	} {
		if got := l.ImportPaths(prefix); !slices.Equal(got, want) {
			t.Errorf("paths of %q: %q, want %q", prefix, got, want)
		}
	}
	if _, err := l.Import(context.Background(), "example.com/Far/none"); err == nil {
		t.Error("a package that isn't there was imported")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := l.Import(ctx, "net/http"); err == nil {
		t.Error("a cancelled import succeeded")
	}
}

// TestSketch looks at a package of which nothing was read.
func TestSketch(t *testing.T) {
	tc, err := FindToolchain(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	l := NewLibrary(tc, nil, nil, NewStdIndex(tc.GOROOT))
	if _, err := l.Import(context.Background(), "io"); err != nil {
		t.Fatal(err)
	}
	p, err := l.Sketch(context.Background(), "net/http")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Get":      "func net/http.Get(url string) (resp *net/http.Response, err error)",
		"StatusOK": "const net/http.StatusOK untyped int",
	} {
		if got := p.Scope().Lookup(name); got == nil || got.String() != want {
			t.Errorf("%s is %v, want %s", name, got, want)
		}
	}
	for name, want := range map[string]string{"URL": "*net/url.URL", "Body": "io.ReadCloser", "Method": "string"} {
		f, _, _ := types.LookupFieldOrMethod(p.Scope().Lookup("Request").Type(), true, p, name)
		if f == nil || f.Type().String() != want {
			t.Errorf("field %s is %v, want a %s", name, f, want)
		}
	}
	if got := l.Known("net/http"); got != nil {
		t.Error("a sketch counts as known")
	}
	whole, err := l.Import(context.Background(), "net/http")
	if again, _ := l.Sketch(context.Background(), "net/http"); err != nil || again != whole {
		t.Errorf("behind the import of the whole, error %v, there is still a sketch", err)
	}
}

// TestFullShelf reads one package more than a shelf holds.
func TestFullShelf(t *testing.T) {
	tc, err := FindToolchain(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	l := NewLibrary(tc, nil, nil, NewStdIndex(tc.GOROOT))
	ctx := context.Background()
	if _, err := l.Import(ctx, "errors"); err != nil {
		t.Fatal(err)
	}
	for i := range shelfSize {
		l.current().put(fmt.Sprint("made/", i), types.NewPackage("made", "made"))
	}
	rev := l.Rev()
	if _, err := l.Import(ctx, "cmp"); err != nil {
		t.Fatal(err)
	}
	if l.Rev() == rev || l.Known("errors") != nil || l.Known("cmp") == nil {
		t.Error("the shelf wasn't emptied")
	}
	for i := range shelfSize {
		l.current().put(fmt.Sprint("made/", i), types.NewPackage("made", "made"))
	}
	if _, err := l.Import(ctx, "errors"); !errors.Is(err, errShelfFull) || l.Known("cmp") == nil {
		t.Errorf("it was emptied again at once, error %v", err)
	}
}

// TestStdIndexIsTheStandardLibrary compares the index with what the go command
// lists.
func TestStdIndexIsTheStandardLibrary(t *testing.T) {
	tc, err := FindToolchain(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	out, err := tc.Run(context.Background(), t.TempDir(), "list", "std")
	if err != nil {
		t.Fatal(err)
	}
	want := slices.DeleteFunc(strings.Fields(string(out)), func(p string) bool {
		return strings.HasPrefix(p, "vendor/") || slices.Contains(strings.Split(p, "/"), "internal")
	})
	var got []string
	for _, paths := range NewStdIndex(tc.GOROOT) {
		got = append(got, paths...)
	}
	slices.Sort(want)
	slices.Sort(got)
	for _, p := range got {
		if !slices.Contains(want, p) {
			t.Errorf("%s is offered, but go list std doesn't have it", p)
		}
	}
	for _, p := range want {
		if !slices.Contains(got, p) {
			t.Errorf("%s is missing", p)
		}
	}
}
