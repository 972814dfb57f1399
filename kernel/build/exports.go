package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// baseImports are the packages whose archives every session knows from the
// start: what generated code uses and what cells use most.
var baseImports = []string{
	"bufio", "bytes", "cmp", "context", "encoding/json", "errors", "flag", "fmt", "image", "image/color", "image/png", "io", "iter",
	"log", "maps", "math", "math/bits", "math/cmplx", "math/rand", "math/rand/v2", "os", "plugin", "reflect", "regexp", "runtime", "runtime/debug",
	"slices", "sort", "strconv", "strings", "sync", "sync/atomic", "time", "unicode", "unicode/utf8", "unsafe",
	"hpgo/kernel/display", "hpgo/kernel/live/methods", "hpgo/kernel/worker/guard", "hpgo/plots",
}

// exportsFile is where the archives of the standard set are remembered.
func (m *Module) exportsFile() string {
	return filepath.Join(CacheDir(), "exports-"+m.key+".json")
}

// Refresh reads what another session may have compiled meanwhile, if this one
// knows of nothing yet.
func (m *Module) Refresh() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.exports) == 0 {
		m.loadExports()
	}
}

// loadExports reads the remembered archives, as far as they still exist.
func (m *Module) loadExports() {
	data, err := os.ReadFile(m.exportsFile())
	if err != nil {
		return
	}
	var known map[string]string
	if json.Unmarshal(data, &known) != nil {
		return
	}
	for _, f := range known {
		if _, err := os.Stat(f); err != nil {
			return // the build cache was trimmed: list everything anew
		}
	}
	m.exports = known
}

// saveExports remembers the archives for the next session. A failure costs
// only time there, so it is not an error here.
func (m *Module) saveExports() {
	data, err := json.Marshal(m.exports)
	if err != nil {
		return
	}
	tmp, err := os.CreateTemp(CacheDir(), "exports-*.tmp")
	if err != nil {
		return
	}
	defer os.Remove(tmp.Name())
	if _, err := tmp.Write(data); err == nil && tmp.Close() == nil {
		_ = os.Rename(tmp.Name(), m.exportsFile())
	}
}

// Ready reports whether the standard set is compiled, so that no long build lies
// before the first cell.
func (m *Module) Ready() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range baseImports {
		if m.exports[p] == "" && p != "unsafe" {
			return false
		}
	}
	return true
}

// Require makes sure that the archives of packages and all they import are
// known, compiling them when needed.
func (m *Module) Require(ctx context.Context, paths ...string) error {
	m.listing.Lock()
	defer m.listing.Unlock()
	missing := m.missing(paths)
	if len(missing) == 0 {
		return nil
	}
	args := slices.Concat([]string{"list", "-export", "-deps", "-f", "{{if .Export}}{{.ImportPath}}\t{{.Export}}{{end}}"}, m.mode.list, m.mode.flags)
	done := m.announce(missing)
	out, err := m.tc.Run(ctx, m.Dir, append(args, missing...)...)
	done()
	if err != nil {
		return explainList(err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for line := range strings.Lines(string(out)) {
		if p, f, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			m.exports[p] = f
		}
	}
	for _, p := range missing {
		if m.exports[p] == "" && p != "unsafe" {
			return fmt.Errorf("%w: %s", errNoPackage, p)
		}
	}
	if !m.own {
		m.saveExports()
	}
	return nil
}

// missing returns the packages whose archives aren't known; the first time also
// those that every session needs.
func (m *Module) missing(paths []string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	missing := slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return m.exports[p] != "" || p == "unsafe" || p == "C" })
	if len(missing) > 0 && len(m.exports) == 0 {
		missing = append(missing, baseImports...)
	}
	return missing
}

// announce tells Progress what is compiled if it isn't done soon. The function
// it returns ends that; the timer's goroutine lives no longer.
func (m *Module) announce(paths []string) (done func()) {
	if m.Progress == nil {
		return func() {}
	}
	var mu sync.Mutex
	said := false
	text := "compiling " + paths[0]
	if len(paths) > 1 {
		text = "compiling packages"
	}
	timer := time.AfterFunc(1500*time.Millisecond, func() {
		mu.Lock()
		defer mu.Unlock()
		said = true
		m.Progress(text)
	})
	return func() {
		timer.Stop()
		mu.Lock()
		defer mu.Unlock()
		if said {
			m.Progress("")
		}
	}
}

// explainList turns what go list prints into one line that says what to do.
func explainList(err error) error {
	var ce *CommandError
	if !errors.As(err, &ce) {
		return err
	}
	msg := strings.TrimSpace(ce.Output)
	if i := strings.Index(msg, "no required module provides package "); i >= 0 {
		rest := msg[i+len("no required module provides package "):]
		path, _, _ := strings.Cut(rest, ";")
		path = strings.TrimSpace(strings.SplitN(path, "\n", 2)[0])
		return fmt.Errorf("%w: %s is in no module of this session", errNoPackage, path)
	}
	if i := strings.Index(msg, "is not in std"); i >= 0 {
		line := msg
		for l := range strings.Lines(msg) {
			if strings.Contains(l, "is not in std") {
				line = strings.TrimSpace(l)
			}
		}
		name, _, _ := strings.Cut(line, " is not in std")
		name = strings.TrimPrefix(name[strings.LastIndex(name, ": ")+1:], " ")
		return fmt.Errorf("%w: %s is not in the standard library", errNoPackage, strings.TrimPrefix(name, "package "))
	}
	return errors.New(msg)
}
