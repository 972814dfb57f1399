package build

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"sort"
	"strings"
	"sync"
)

// Change is a module whose version in the session's go.mod changed.
type Change struct {
	Path     string
	Old, New string // "" for none
}

// Fetch adds modules to the session (go get path@version), passes the messages
// on line by line and returns the changes of go.mod. env is added to the environment of the go command.
// Packages of changed modules are compiled anew when next needed.
func (m *Module) Fetch(ctx context.Context, env, args []string, progress func(line string)) ([]Change, error) {
	before, err := m.requirements(ctx)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, m.tc.Go, append([]string{"get"}, args...)...)
	cmd.Dir = m.Dir
	cmd.Env = slices.Concat(env, m.tc.env, []string{"PWD=" + m.Dir})
	killGroup(cmd)
	lines := &lineWriter{line: progress}
	cmd.Stdout, cmd.Stderr = lines, lines
	runErr := cmd.Run()
	lines.end()
	if ctx.Err() != nil {
		runErr = ctx.Err()
	} else if runErr != nil {
		runErr = &CommandError{Args: append([]string{"go", "get"}, args...), Output: lines.all.String(), Err: runErr}
	}
	after, err := m.requirements(context.WithoutCancel(ctx))
	if err != nil {
		return nil, err
	}
	changes := difference(before, after)
	if len(changes) > 0 {
		for _, c := range changes {
			m.Forget(c.Path)
		}
		m.changed()
	}
	return changes, runErr
}

// Forget makes the packages of a module be looked up and compiled anew.
func (m *Module) Forget(module string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for p := range m.exports {
		if p == module || strings.HasPrefix(p, module+"/") {
			delete(m.exports, p)
		}
	}
}

// requirements returns the versions in go.mod; a replaced module's is what
// replaces it.
func (m *Module) requirements(ctx context.Context) (map[string]string, error) {
	out, err := m.tc.Run(ctx, m.Dir, "mod", "edit", "-json")
	if err != nil {
		return nil, fmt.Errorf("read the session's go.mod: %w", err)
	}
	type version struct{ Path, Version string }
	var mod struct {
		Require []version
		Replace []struct{ Old, New version }
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		return nil, fmt.Errorf("read the session's go.mod: %w", err)
	}
	req := map[string]string{}
	for _, r := range mod.Require {
		req[r.Path] = r.Version
	}
	for _, r := range mod.Replace {
		if _, ok := req[r.Old.Path]; ok {
			req[r.Old.Path] = strings.TrimSpace(r.New.Path + " " + r.New.Version)
		}
	}
	return req, nil
}

// difference compares two sets of requirements, sorted by path.
func difference(before, after map[string]string) []Change {
	var changes []Change
	for p, v := range after {
		if before[p] != v {
			changes = append(changes, Change{Path: p, Old: before[p], New: v})
		}
	}
	for p, v := range before {
		if _, ok := after[p]; !ok {
			changes = append(changes, Change{Path: p, Old: v})
		}
	}
	sort.Slice(changes, func(i, j int) bool { return changes[i].Path < changes[j].Path })
	return changes
}

// lineWriter passes text on line by line and keeps it all. os/exec writes to it
// from one goroutine, since stdout and stderr are the same writer.
type lineWriter struct {
	mu   sync.Mutex
	line func(string)
	rest []byte
	all  bytes.Buffer
}

var _ io.Writer = (*lineWriter)(nil)

// Write implements io.Writer.
func (w *lineWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all.Write(p)
	w.rest = append(w.rest, p...)
	for {
		i := bytes.IndexByte(w.rest, '\n')
		if i < 0 {
			return len(p), nil
		}
		w.line(string(w.rest[:i]))
		w.rest = w.rest[i+1:]
	}
}

// end passes on a last line without newline.
func (w *lineWriter) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.rest) > 0 {
		w.line(string(w.rest))
		w.rest = nil
	}
}
