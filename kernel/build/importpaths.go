package build

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// ImportPaths returns the import paths that begin with a prefix, as far as the
// next slash: packages, and with a slash at the end what holds more of them.
func (l *Library) ImportPaths(prefix string) []string {
	l.mu.Lock()
	l.refresh()
	modules := slices.Clone(l.modules)
	l.mu.Unlock()
	found := map[string]bool{}
	add := func(p string) {
		if rest, ok := strings.CutPrefix(p, prefix); ok {
			if i := strings.IndexByte(rest, '/'); i >= 0 {
				p = p[:len(prefix)+i+1]
			}
			found[p] = true
		}
	}
	for _, paths := range l.std {
		for _, p := range paths {
			add(p)
		}
	}
	dir := ""
	if i := strings.LastIndexByte(prefix, '/'); i >= 0 {
		dir = prefix[:i]
	}
	for _, m := range modules {
		switch {
		case m.indirect:
		case dir == m.path || strings.HasPrefix(dir, m.path+"/"):
			for _, p := range packagesIn(filepath.Join(m.dir, filepath.FromSlash(strings.TrimPrefix(dir, m.path))), dir) {
				add(p)
			}
		default:
			add(m.path + "/")
			if hasGoFiles(m.dir) {
				add(m.path)
			}
		}
	}
	for _, p := range l.cachedPaths(dir) {
		add(p)
	}
	out := make([]string, 0, len(found))
	for p := range found {
		if p != "hpgo/" && !strings.Contains(p, "/internal") {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out
}

// packagesIn lists the packages in a directory and, with a slash, the
// directories in it that hold more.
func packagesIn(dir, importPath string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var found []string
	for _, e := range entries {
		name := e.Name()
		if !e.IsDir() || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "internal" || name == "testdata" || name == "vendor" {
			continue
		}
		sub := filepath.Join(dir, name)
		if hasGoFiles(sub) {
			found = append(found, importPath+"/"+name)
		}
		if hasDirs(sub) {
			found = append(found, importPath+"/"+name+"/")
		}
	}
	return found
}

// hasDirs reports whether a directory holds others that can be packages.
func hasDirs(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		return e.IsDir() && e.Name() != "testdata" && e.Name() != "internal" && !strings.HasPrefix(e.Name(), ".")
	})
}

// cachedPaths lists what the module cache has below an import path.
func (l *Library) cachedPaths(dir string) []string {
	if l.tc.ModCache == "" || dir != "" && !isModulePath(dir) {
		return nil
	}
	var found []string
	entries, err := os.ReadDir(filepath.Join(l.tc.ModCache, filepath.FromSlash(escapePath(dir))))
	if err == nil {
		for _, e := range entries {
			name, version, isModule := strings.Cut(e.Name(), "@")
			if !e.IsDir() || dir == "" && !strings.Contains(name, ".") {
				continue // cache/ is the download cache
			}
			p := path.Join(dir, unescapePath(name))
			if isModule && strings.HasPrefix(version, "v") {
				found = append(found, p)
			}
			found = append(found, p+"/")
		}
	}
	if d := l.cached(dir); d != "" {
		found = append(found, packagesIn(d, dir)...)
	}
	return found
}
