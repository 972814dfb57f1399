package build

import (
	"context"
	gobuild "go/build"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"hpgo"
)

// isModulePath reports whether an import path can come from a downloaded module.
func isModulePath(p string) bool {
	first, _, _ := strings.Cut(p, "/")
	return strings.Contains(first, ".")
}

// getCached adds the newest version of a package's module that the module
// cache holds, without asking the network.
func (m *Module) getCached(ctx context.Context, importPath string) error {
	cache := filepath.Join(m.tc.ModCache, "cache", "download")
	if _, err := os.Stat(cache); err != nil {
		return err
	}
	tc := *m.tc
	tc.env = append(slices.Clone(tc.env), "GOPROXY=file://"+filepath.ToSlash(cache)+",off", "GOSUMDB=off")
	if _, err := tc.Run(ctx, m.Dir, "get", importPath); err != nil {
		return err
	}
	m.changed()
	return nil
}

// preferred lists the packages that a name means when several have it, best
// first. A package qualifies only if it has every selector that the cell uses.
var preferred = map[string][]string{
	"rand":        {"math/rand/v2", "crypto/rand", "math/rand"},
	"template":    {"text/template", "html/template"},
	"scanner":     {"text/scanner", "go/scanner"},
	"pprof":       {"runtime/pprof", "net/http/pprof"},
	"draw":        {"image/draw", "gonum.org/v1/plot/vg/draw"},
	"display":     {"hpgo/kernel/display"},
	"plots":       {"hpgo/plots"},
	"prof":        {"hpgo/magics/prof"},
	"plot":        {"gonum.org/v1/plot"},
	"plotter":     {"gonum.org/v1/plot/plotter"},
	"plotutil":    {"gonum.org/v1/plot/plotutil"},
	"vg":          {"gonum.org/v1/plot/vg"},
	"mat":         {"gonum.org/v1/gonum/mat"},
	"floats":      {"gonum.org/v1/gonum/floats"},
	"stat":        {"gonum.org/v1/gonum/stat"},
	"distuv":      {"gonum.org/v1/gonum/stat/distuv"},
	"fourier":     {"gonum.org/v1/gonum/dsp/fourier"},
	"optimize":    {"gonum.org/v1/gonum/optimize"},
	"integrate":   {"gonum.org/v1/gonum/integrate"},
	"constraints": {"golang.org/x/exp/constraints"},
}

var versionSuffix = regexp.MustCompile(`^v[0-9]+$`)

// StdIndex finds the packages of the standard library by their name.
type StdIndex map[string][]string

// NewStdIndex reads the names of all public packages of GOROOT from the
// directory tree; it takes a few milliseconds and no go command. Packages whose
// files are all for other platforms or experiments are left out.
func NewStdIndex(goroot string) StdIndex {
	idx := StdIndex{}
	platform := gobuild.Default
	platform.GOROOT, platform.CgoEnabled = goroot, false
	src := filepath.Join(goroot, "src")
	_ = filepath.WalkDir(src, func(p string, d os.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return nil // an unreadable directory only costs its names
		}
		switch d.Name() {
		case "internal", "vendor", "testdata", "cmd", "builtin":
			return filepath.SkipDir
		}
		if strings.HasPrefix(d.Name(), "_") {
			return filepath.SkipDir
		}
		rel, err := filepath.Rel(src, p)
		if err != nil || rel == "." {
			return nil
		}
		importPath := filepath.ToSlash(rel)
		name := path.Base(importPath)
		if versionSuffix.MatchString(name) {
			name = path.Base(path.Dir(importPath))
		}
		if hasFilesFor(&platform, p) {
			idx[name] = append(idx[name], importPath)
		}
		return nil
	})
	return idx
}

// hasFilesFor reports whether one of a directory's Go files is for a platform.
func hasFilesFor(platform *gobuild.Context, dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		n := e.Name()
		if !strings.HasSuffix(n, ".go") || strings.HasSuffix(n, "_test.go") {
			return false
		}
		ok, err := platform.MatchFile(dir, n)
		return ok && err == nil
	})
}

func hasGoFiles(dir string) bool {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	for _, e := range entries {
		if n := e.Name(); strings.HasSuffix(n, ".go") && !strings.HasSuffix(n, "_test.go") {
			return true
		}
	}
	return false
}

// kernelPaths finds the packages that hpgo brings for measuring, by their name.
var kernelPaths = sync.OnceValue(func() map[string][]string {
	found := map[string][]string{}
	_ = fs.WalkDir(hpgo.Source, "kernels", func(p string, d fs.DirEntry, err error) error {
		dir := path.Dir(p)
		if err != nil || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") || notForCells[dir] {
			return nil
		}
		if name := path.Base(dir); found[name] == nil {
			found[name] = []string{"hpgo/" + dir}
		}
		return nil
	})
	return found
})

// notForCells are a program, and what tests need.
var notForCells = map[string]bool{"kernels/hpgo-kernels": true, "kernels/kerneltest": true}

// Candidates returns the import paths that a name could mean, best first.
func (idx StdIndex) Candidates(name string, _ []string) []string {
	if p := preferred[name]; p != nil {
		return p
	}
	paths := slices.Concat(idx[name], kernelPaths()[name])
	slices.SortFunc(paths, func(a, b string) int {
		if d := strings.Count(a, "/") - strings.Count(b, "/"); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return paths
}
