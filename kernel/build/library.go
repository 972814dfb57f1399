package build

import (
	"context"
	"fmt"
	"go/types"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Library answers questions about packages while somebody types: it reads
// archives and source, and never runs the go command, asks the network or
// changes go.mod. Its methods may be called by several goroutines.
type Library struct {
	tc  *Toolchain
	mod *Module   // nil: the standard library only
	im  *Importer // nil: everything is read from source
	std StdIndex

	reading sync.Mutex // one package is read from source at a time

	mu      sync.Mutex
	rev     int // of the module, when the rest was found out
	stamp   int64
	modules []sourceModule
	shelf   *shelf

	emptyings int // of full shelves
	emptiedAt time.Time
}

// sourceModule is a module with its directory.
type sourceModule struct {
	path, dir string
	indirect  bool
}

// NewLibrary returns a library of a module's packages and those of the standard
// library; mod and im may be nil.
func NewLibrary(tc *Toolchain, mod *Module, im *Importer, std StdIndex) *Library {
	return &Library{tc: tc, mod: mod, im: im, std: std, rev: -1}
}

// Import returns the types of a package: from its archive, or from its source
// when it was never compiled. The source of a package that imports many others
// takes up to seconds, once.
func (l *Library) Import(ctx context.Context, importPath string) (*types.Package, error) {
	if p := l.Known(importPath); p != nil {
		return p, nil
	}
	l.reading.Lock()
	defer l.reading.Unlock()
	s := l.emptied()
	if s.full() && s.get(importPath) == nil {
		return nil, fmt.Errorf("read the source of %s: %w", importPath, errShelfFull)
	}
	return (&sourceReader{lib: l, ctx: ctx, shelf: s, reading: map[string]bool{}}).read(importPath, "")
}

// Known returns a package that can be had at once, or nil.
func (l *Library) Known(importPath string) *types.Package {
	if p := l.fromArchive(importPath); p != nil {
		return p
	}
	return l.current().get(importPath)
}

// current returns the shelf of the module as it is.
func (l *Library) current() *shelf {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refresh()
	return l.shelf
}

// fromArchive returns a package whose archive is known, or nil.
func (l *Library) fromArchive(importPath string) *types.Package {
	if importPath == "unsafe" {
		return types.Unsafe
	}
	if l.im == nil {
		return nil
	}
	p, err := l.im.compiled(importPath)
	if err != nil {
		return nil // its source says as much
	}
	return p
}

// Rev changes when the packages may be others than before.
func (l *Library) Rev() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.mod == nil {
		return l.emptyings
	}
	return l.mod.Rev() + l.emptyings
}

// Dir returns the directory with the source of a package.
func (l *Library) Dir(importPath string) (string, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refresh()
	return l.dir(importPath)
}

// Names returns the package names that need no import declaration, sorted.
func (l *Library) Names() []string {
	names := maps.Clone(map[string][]string(l.std))
	maps.Copy(names, preferred)
	return slices.Sorted(maps.Keys(names))
}

// Candidates returns the import paths that a name could mean, best first.
func (l *Library) Candidates(name string) []string { return l.std.Candidates(name, nil) }

// dir is Dir; l.mu is held.
func (l *Library) dir(importPath string) (string, bool) {
	if first, _, _ := strings.Cut(importPath, "/"); !strings.Contains(first, ".") {
		if d := filepath.Join(l.tc.GOROOT, "src", filepath.FromSlash(importPath)); hasGoFiles(d) {
			return d, true
		}
	}
	for _, m := range l.modules {
		if importPath != m.path && !strings.HasPrefix(importPath, m.path+"/") {
			continue
		}
		d := filepath.Join(m.dir, filepath.FromSlash(strings.TrimPrefix(importPath, m.path)))
		if hasGoFiles(d) {
			return d, true
		}
	}
	if d := l.cached(importPath); d != "" && hasGoFiles(d) {
		return d, true
	}
	return "", false
}

// refresh reads go.mod again when it changed; l.mu is held.
func (l *Library) refresh() {
	if l.mod == nil {
		if l.shelf == nil {
			l.shelf = newShelf()
		}
		return
	}
	file := filepath.Join(l.mod.Dir, "go.mod")
	stamp := int64(0)
	if st, err := os.Stat(file); err == nil {
		stamp = st.ModTime().UnixNano()
	}
	if rev := l.mod.Rev(); rev != l.rev || stamp != l.stamp {
		l.rev, l.stamp = rev, stamp
		l.shelf = newShelf()
		text, err := os.ReadFile(file)
		if err != nil {
			text = nil // the session is closing
		}
		l.modules = requiredModules(string(text), l.mod.Dir, l.tc.ModCache)
	}
}

// requiredModules reads the requirements of a go.mod, longest path first. It
// knows what the go command writes; a line that it doesn't know names no module.
func requiredModules(text, base, cache string) []sourceModule {
	var found []sourceModule
	replaced := map[string]string{}
	block := "" // the word before the parenthesis
	for line := range strings.Lines(text) {
		code, comment, _ := strings.Cut(line, "//")
		f := modFields(code)
		if len(f) == 0 {
			continue
		}
		verb := block
		if !inBlock(line) {
			verb, block, f = f[0], "", f[1:]
		}
		switch at := slices.Index(f, "=>"); {
		case len(f) == 1 && f[0] == "(":
			block = verb
		case verb == "require" && len(f) == 2:
			found = append(found, sourceModule{path: f[0], dir: moduleDir(cache, f[0], f[1]), indirect: strings.Contains(comment, "indirect")})
		case verb == "replace" && at > 0 && at+1 < len(f):
			replaced[f[0]] = replacement(f[at+1:], base, cache)
		}
	}
	for i := range found {
		if d := replaced[found[i].path]; d != "" {
			found[i].dir = d
		}
	}
	slices.SortStableFunc(found, func(a, b sourceModule) int { return len(b.path) - len(a.path) })
	return found
}

// inBlock reports whether a line stands in a parenthesised block: it is indented.
func inBlock(line string) bool { return strings.HasPrefix(line, "\t") || strings.HasPrefix(line, " ") }

// modFields splits a line of go.mod into words, of which some may be quoted.
func modFields(line string) []string {
	var words []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if q, err := strconv.QuotedPrefix(line); err == nil {
			word, _ := strconv.Unquote(q)
			words, line = append(words, word), line[len(q):]
			continue
		}
		end := strings.IndexAny(line, " \t")
		if end < 0 {
			end = len(line)
		}
		words, line = append(words, line[:end]), line[end:]
	}
	return words
}

// replacement is the directory of what stands behind => in go.mod.
func replacement(f []string, base, cache string) string {
	switch {
	case len(f) == 2:
		return moduleDir(cache, f[0], f[1])
	case filepath.IsAbs(f[0]):
		return f[0]
	}
	return filepath.Join(base, f[0])
}

// moduleDir is where the module cache keeps a version of a module.
func moduleDir(cache, modulePath, version string) string {
	return filepath.Join(cache, filepath.FromSlash(escapePath(modulePath))+"@"+escapePath(version))
}

// escapePath writes capital letters as the module cache does: !a for A.
func escapePath(p string) string {
	var b strings.Builder
	for _, r := range p {
		if 'A' <= r && r <= 'Z' {
			b.WriteByte('!')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// unescapePath undoes escapePath.
func unescapePath(p string) string {
	var b strings.Builder
	capital := false
	for _, r := range p {
		if r == '!' {
			capital = true
			continue
		}
		if capital && 'a' <= r && r <= 'z' {
			r -= 'a' - 'A'
		}
		capital = false
		b.WriteRune(r)
	}
	return b.String()
}

// cached finds a package in the modules of the cache that the session doesn't
// require: the newest version of the longest module path. "" for none.
func (l *Library) cached(importPath string) string {
	if !isModulePath(importPath) || l.tc.ModCache == "" {
		return ""
	}
	for mod := importPath; mod != "." && mod != "/"; mod = path.Dir(mod) {
		dir := filepath.Join(l.tc.ModCache, filepath.FromSlash(escapePath(mod)))
		versions, _ := filepath.Glob(escapeGlob(dir) + "@*")
		if len(versions) > 0 {
			return filepath.Join(slices.MaxFunc(versions, compareVersions), filepath.FromSlash(strings.TrimPrefix(importPath, mod)))
		}
	}
	return ""
}

// escapeGlob makes a path mean itself in a pattern.
func escapeGlob(p string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(p)
}

// compareVersions orders module@version directories, numbers by their value.
func compareVersions(a, b string) int {
	split := func(s string) []string {
		return strings.FieldsFunc(s[strings.LastIndexByte(s, '@')+1:], func(r rune) bool { return r == '.' || r == '-' || r == 'v' })
	}
	x, y := split(a), split(b)
	for i := range min(len(x), len(y)) {
		m, errX := strconv.Atoi(x[i])
		n, errY := strconv.Atoi(y[i])
		if errX != nil || errY != nil {
			if c := strings.Compare(x[i], y[i]); c != 0 {
				return c
			}
		} else if m != n {
			return m - n
		}
	}
	return len(y) - len(x) // v1.0.0 is newer than v1.0.0-rc1
}
