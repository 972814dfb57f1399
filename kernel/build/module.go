package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"

	"hpgo"
)

// Module is the Go module of one session: a directory with a go.mod that
// resolves hpgo's own packages from the source in the binary and third-party
// packages at the versions hpgo was built with.
type Module struct {
	tc     *Toolchain
	mode   mode
	Dir    string   // of this session; removed by Close
	owner  *os.File // the lock on Dir, which says that we live
	source string   // hpgo's unpacked packages
	key    string   // of everything that decides what the standard set compiles to

	listing sync.Mutex // held while the go command lists packages; mu isn't, then
	mu      sync.Mutex
	exports map[string]string // import path -> archive with export data
	own     bool              // the user changed go.mod: exports are no longer everybody's

	// Progress is told when packages take long to compile, with an empty text
	// when they are done. It may be nil, and is set before the module is used.
	Progress func(string)

	rev   int      // counts changes of go.mod
	local []string // modules that Use resolved
}

// NewModule makes the module of a session in a fresh temporary directory.
func NewModule(tc *Toolchain) (*Module, error) { return newModule(tc, sharedMode()) }

// newModule makes a module whose packages are compiled in a mode.
func newModule(tc *Toolchain, how mode) (*Module, error) {
	source, hash, err := unpackSource()
	if err != nil {
		return nil, err
	}
	Used(source)
	sweep(os.TempDir())
	dir, owner, err := makeSessionDir()
	if err != nil {
		return nil, fmt.Errorf("make the session's directory (TMPDIR chooses where): %w", err)
	}
	m := &Module{tc: tc, mode: how, Dir: dir, owner: owner, source: source, exports: map[string]string{}}
	m.key = moduleKey(how, tc, hash)
	if err := m.writeGoMod(); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	m.loadExports()
	return m, nil
}

// Keep reports whether generated source is to be kept for a look: HPGO_KEEP is
// set to anything but the empty string.
func Keep() bool { return os.Getenv("HPGO_KEEP") != "" }

// byNameFlag makes packages refer to each other's symbols by name instead of by
// index, as cells that take packages from the worker must (live/plugin).
const byNameFlag = "-gcflags=all=-linkshared"

// Flags returns the build flags that the worker and all cells have in common.
func (m *Module) Flags() []string { return m.mode.flags }

// Close removes the session's directory.
func (m *Module) Close() error {
	var err error
	if !Keep() {
		err = os.RemoveAll(m.Dir)
	}
	m.owner.Close() // only read from, if at all: there is nothing to lose
	return err
}

// Key identifies everything that the worker and the standard set depend on.
func (m *Module) Key() string { return m.key }

// keyOf hashes strings to a short name.
func keyOf(parts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(h[:8])
}

// writeGoMod derives the session's go.mod from hpgo's own, so that the same
// versions are used and nothing has to be looked up.
func (m *Module) writeGoMod() error {
	text, err := hpgo.Source.ReadFile("go.mod")
	if err != nil {
		return fmt.Errorf("read the embedded go.mod: %w", err)
	}
	lines := strings.Split(string(text), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, "module ") {
			lines[i] = "module session"
		}
	}
	mod := strings.Join(lines, "\n") + "\nrequire hpgo v0.0.0\n\nreplace hpgo => " + quotePath(m.source) + "\n"
	if err := os.WriteFile(filepath.Join(m.Dir, "go.mod"), []byte(mod), 0o644); err != nil {
		return fmt.Errorf("write go.mod: %w", err)
	}
	sum, err := hpgo.Source.ReadFile("go.sum")
	if err != nil {
		return fmt.Errorf("read the embedded go.sum: %w", err)
	}
	if err := os.WriteFile(filepath.Join(m.Dir, "go.sum"), sum, 0o644); err != nil {
		return fmt.Errorf("write go.sum: %w", err)
	}
	return nil
}

// quotePath quotes a path for go.mod where it holds more than plain characters.
func quotePath(p string) string {
	if strings.ContainsAny(p, " \t\"'`()[]{},;") {
		return fmt.Sprintf("%q", p)
	}
	return p
}

// SourceDir returns a directory with the embedded packages as a module of their own,
// where programs of hpgo's can be built.
func SourceDir() (string, error) {
	dir, _, err := unpackSource()
	return dir, err
}

// unpackSource writes the embedded packages to the cache, once per content.
func unpackSource() (dir, hash string, err error) {
	type file struct {
		name string
		data []byte
	}
	var files []file
	h := sha256.New()
	err = fs.WalkDir(hpgo.Source, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(p, "_test.go") || strings.Contains(p, "testdata/") {
			return err
		}
		data, err := hpgo.Source.ReadFile(p)
		if err != nil {
			return err
		}
		files = append(files, file{p, data})
		fmt.Fprintf(h, "%s %d\n", p, len(data))
		h.Write(data)
		return nil
	})
	if err != nil {
		return "", "", fmt.Errorf("read the embedded source: %w", err)
	}
	if err := ownCache(CacheDir()); err != nil {
		return "", "", err
	}
	hash = hex.EncodeToString(h.Sum(nil)[:8])
	dir = filepath.Join(CacheDir(), "source-"+hash)
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
		return dir, hash, nil
	}
	tmp, err := makeTempIn(CacheDir(), "source-")
	if err != nil {
		return "", "", err
	}
	defer os.RemoveAll(tmp)
	for _, f := range files {
		p := filepath.Join(tmp, filepath.FromSlash(f.name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			return "", "", fmt.Errorf("unpack hpgo's packages: %w", err)
		}
		if err := os.WriteFile(p, f.data, 0o644); err != nil {
			return "", "", fmt.Errorf("unpack hpgo's packages: %w", err)
		}
	}
	// Another kernel may have been quicker; its copy is the same.
	if err := os.Rename(tmp, dir); err != nil {
		if _, serr := os.Stat(filepath.Join(dir, "go.mod")); serr != nil {
			return "", "", fmt.Errorf("unpack hpgo's packages: %w", err)
		}
	}
	return dir, hash, nil
}

// makeTempIn makes a temporary directory inside a cache directory.
func makeTempIn(dir, prefix string) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make the cache directory (set HPGO_CACHE to a writable one): %w", err)
	}
	tmp, err := os.MkdirTemp(dir, prefix+"*.tmp")
	if err != nil {
		return "", fmt.Errorf("write to the cache directory (set HPGO_CACHE to a writable one): %w", err)
	}
	return tmp, nil
}

// Use makes the session resolve a module from a local directory.
func (m *Module) Use(ctx context.Context, dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("use %s: %w", dir, err)
	}
	out, err := m.tc.Run(ctx, abs, "list", "-m", "-f", "{{.Path}}")
	if err != nil {
		return "", fmt.Errorf("use %s: no Go module there: %w", dir, err)
	}
	path := strings.TrimSpace(string(out))
	if path == "" || path == "command-line-arguments" {
		return "", fmt.Errorf("use %s: no go.mod there (make one with: go mod init NAME)", dir)
	}
	if _, err := m.tc.Run(ctx, m.Dir, "mod", "edit", "-replace="+path+"="+abs, "-require="+path+"@v0.0.0-00010101000000-000000000000"); err != nil {
		return "", fmt.Errorf("use %s: %w", dir, err)
	}
	m.changed()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.local = append(m.local, path)
	return path, nil
}

// Adopt takes over what the user has changed in another module of the session, which
// is left as it is: the modules it requires, and where they come from.
func (m *Module) Adopt(from *Module) error {
	from.mu.Lock()
	own, rev, local := from.own, from.rev, slices.Clone(from.local)
	from.mu.Unlock()
	if !own && rev == 0 {
		return nil
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(from.Dir, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(m.Dir, name), data, 0o644)
		}
		if err != nil {
			return fmt.Errorf("keep the session's modules: %w", err)
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.own, m.rev, m.local, m.exports = own, rev, local, map[string]string{}
	return nil
}

// Local returns the paths of the modules that come from local directories.
func (m *Module) Local() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.local)
}

// changed notes that go.mod differs from the one that all sessions share.
func (m *Module) changed() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.own = true
	m.rev++
}

// Rev counts the changes that the user made to the module: a worker built for
// another revision may disagree with new cells about a package.
func (m *Module) Rev() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rev
}

// Exports returns the archive of every known package, sorted by import path.
func (m *Module) Exports() []Export {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]Export, 0, len(m.exports))
	for p, f := range m.exports {
		out = append(out, Export{p, f})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out
}

// Export is a compiled package.
type Export struct {
	Path string
	File string // archive with export data
}

// errNoPackage is wrapped by errors about packages that don't exist.
var errNoPackage = errors.New("no such package")
