package build

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hpgo/kernel/cell"
)

// Program is something that the go command builds: package main of the session's
// module, in a directory of its own.
type Program struct {
	Cell  int // for messages
	Dir   string
	Files []cell.File
	Flags []string // of go build
	Test  bool     // build the tests of the package
	// Package is the import path of what is built in place of Files.
	Package string
	Env     []string // of the go command, beside the toolchain's own
	Over    []string // NAME=value that count before the toolchain's own
}

// BuildProgram builds a program with the go command, as its user would: what
// cells can't have, such as -race or -cover, is there. It returns the file of the
// program, which the caller removes with the directory. Compiler messages come
// back as cell.Errors.
func (m *Module) BuildProgram(ctx context.Context, p Program) (string, error) {
	if err := os.MkdirAll(p.Dir, 0o755); err != nil {
		return "", fmt.Errorf("build a program: %w", err)
	}
	for _, f := range p.Files {
		if err := os.WriteFile(filepath.Join(p.Dir, f.Name), []byte(f.Text), 0o644); err != nil {
			return "", fmt.Errorf("build a program: %w", err)
		}
	}
	exe := filepath.Join(p.Dir, "program")
	args := []string{"build", "-o", exe}
	if p.Test {
		args = []string{"test", "-c", "-o", exe}
	}
	done := m.announce([]string{"the program"})
	defer done()
	tc := *m.tc
	tc.env = slices.Concat(p.Env, tc.env, p.Over)
	_, err := tc.Run(ctx, p.Dir, slices.Concat(args, p.Flags, []string{cmp.Or(p.Package, ".")})...)
	if err != nil {
		return "", programErrors(p, err)
	}
	if _, err := os.Stat(exe); err != nil {
		return "", fmt.Errorf("go %s built nothing", strings.Join(append(args, p.Flags...), " "))
	}
	return exe, nil
}

// programErrors reads the messages of a failed go build.
func programErrors(p Program, err error) error {
	var ce *CommandError
	if !errors.As(err, &ce) {
		return err
	}
	u := &cell.Unit{Cell: p.Cell}
	var lines []string
	for line := range strings.Lines(ce.Output) {
		// Names of files in line directives come with the directory.
		if i := strings.Index(line, "cell "); i > 0 && strings.HasSuffix(line[:i], "/") {
			line = line[i:]
		}
		if !strings.HasPrefix(line, "# ") {
			lines = append(lines, line)
		}
	}
	own := compileErrors(u, &CommandError{Args: ce.Args, Output: strings.Join(lines, ""), Err: ce.Err}, nil)
	var found cell.Errors
	if errors.As(own, &found) {
		return found
	}
	text := strings.TrimSpace(strings.Join(lines, ""))
	if len(p.Flags) > 0 {
		return fmt.Errorf("go build with the flags %s fails:\n%s", strings.Join(p.Flags, " "), text)
	}
	return fmt.Errorf("go build fails:\n%s", text)
}

// WriteFiles replaces the program in the module's own directory, where the
// user's commands find it beside go.mod; old are the names that were written
// before. It returns the new names.
func (m *Module) WriteFiles(files []cell.File, old []string) ([]string, error) {
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
		if err := os.WriteFile(filepath.Join(m.Dir, f.Name), []byte(f.Text), 0o644); err != nil {
			return old, fmt.Errorf("write the session's program: %w", err)
		}
	}
	for _, name := range old {
		if !slices.Contains(names, name) {
			if err := os.Remove(filepath.Join(m.Dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return names, fmt.Errorf("remove the session's last program: %w", err)
			}
		}
	}
	return names, nil
}

// ForPage returns the module as programs for WebAssembly see it: the same go.mod,
// other archives. It lives in the module's directory and needs no Close.
func (m *Module) ForPage() *Module {
	tc := *m.tc
	tc.env = append(slices.Clone(tc.env), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0") // the last ones count
	return &Module{tc: &tc, mode: mode{name: "wasm"}, Dir: m.Dir, source: m.source, key: m.key + "-wasm", exports: map[string]string{},
		own: true, Progress: m.Progress}
}
