package build

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"slices"
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
