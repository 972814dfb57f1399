package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hpgo/kernel/cell"
)

// Options are the compiler settings of a session or of one magic.
type Options struct {
	GCFlags []string // extra flags of the compile tool
	Dir     string   // where //go:embed patterns are looked up
	Env     []string // NAME=value, more for the compile tool
}

// Archive is a compiled version of the session's package.
type Archive struct {
	File string
	Dir  string // holds the generated source
	// LDFlags are what the cell's #cgo lines want the linker to know.
	LDFlags []string
	// Messages are what the compiler was asked for by flags such as -m.
	Messages string
	Counted  []Export // packages with counters, which take the place of the module's
}

// Compile compiles a unit with the compile tool itself: no go command, no
// dependency analysis, some tens of milliseconds. dir is a fresh directory that
// the caller removes. Compiler messages come back as cell.Errors.
func (m *Module) Compile(ctx context.Context, u *cell.Unit, opt Options, dir string) (*Archive, error) {
	paths := slices.Concat(m.mode.needs, u.Imports)
	if err := m.Require(ctx, paths...); err != nil {
		return nil, fmt.Errorf("prepare the imports of cell %d: %w", u.Cell, err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("build cell %d: %w", u.Cell, err)
	}
	counted, err := m.countedArchives(ctx, u, dir)
	if err != nil {
		return nil, err
	}
	cfg := filepath.Join(dir, "importcfg")
	if err := m.WriteImportcfg(cfg, counted...); err != nil {
		return nil, err
	}
	out := filepath.Join(dir, "session.a")
	args := []string{"-p", cell.PackagePath, "-importcfg", cfg, "-pack", "-o", out, "-trimpath", dir + "=>", "-lang=" + langVersion(m.tc.Version)}
	args = slices.Concat(args, m.mode.compile, opt.GCFlags)
	if len(u.Embed) > 0 {
		cfg := filepath.Join(dir, "embedcfg")
		if err := writeEmbedcfg(cfg, opt.Dir, u.Embed); err != nil {
			return nil, cell.Errors{{Cell: u.Cell, Msg: err.Error(), Code: "embed"}}
		}
		args = append(args, "-embedcfg", cfg)
	}
	for _, f := range u.Files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), []byte(f.Text), 0o644); err != nil {
			return nil, fmt.Errorf("build cell %d: %w", u.Cell, err)
		}
		if !f.Cgo {
			args = append(args, f.Name)
		}
	}
	a := &Archive{File: out, Dir: dir, Counted: counted}
	var c *cgoOutput
	if u.Slow != "" {
		var err error
		if c, err = m.runCgo(ctx, u, dir); err != nil {
			return nil, err
		}
		args = append(args, c.goFiles...)
		a.LDFlags = c.ldflags
	}
	messages, err := m.tc.With(opt.Env...).Tool(ctx, dir, "compile", args...)
	if err != nil {
		return nil, compileErrors(u, err, opt.GCFlags)
	}
	a.Messages = string(messages)
	if c != nil {
		return a, appendObjects(out, c.objects)
	}
	return a, nil
}

// WriteImportcfg writes the table of archives for compile and link, with extra
// packages behind those of the module.
func (m *Module) WriteImportcfg(file string, extra ...Export) error {
	var b strings.Builder
	for _, e := range append(m.Exports(), extra...) {
		fmt.Fprintf(&b, "packagefile %s=%s\n", e.Path, e.File)
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		return fmt.Errorf("write importcfg: %w", err)
	}
	return nil
}

// WriteLinkcfg is WriteImportcfg for the linker, which may take some packages
// from a shared library instead of their archives.
func (m *Module) WriteLinkcfg(file string, shlibs []Export, extra ...Export) error {
	if err := m.WriteImportcfg(file, extra...); err != nil {
		return err
	}
	var b strings.Builder
	for _, e := range shlibs {
		fmt.Fprintf(&b, "packageshlib %s=%s\n", e.Path, e.File)
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("write importcfg: %w", err)
	}
	defer f.Close()
	if _, err := f.WriteString(b.String()); err != nil {
		return fmt.Errorf("write importcfg: %w", err)
	}
	return nil
}

// langVersion turns "go1.26.8" into the language version "go1.26".
func langVersion(v string) string {
	v, _, _ = strings.Cut(v, " ")
	parts := strings.SplitN(v, ".", 3)
	if len(parts) < 2 {
		return v
	}
	return parts[0] + "." + strings.TrimRight(strings.FieldsFunc(parts[1], func(r rune) bool { return r < '0' || r > '9' })[0], "")
}

var compilerLine = regexp.MustCompile(`^cell (\d+):(\d+):(\d+): (.*)$`)

// compileErrors reads the compiler's messages. The cell was type-checked
// before, so these are the rare ones that only the compiler knows; a message
// outside of the cells' text is a fault of hpgo and says so.
func compileErrors(u *cell.Unit, err error, flags []string) error {
	var ce *CommandError
	if !errors.As(err, &ce) {
		return err
	}
	var errs cell.Errors
	var other []string
	for line := range strings.Lines(ce.Output) {
		line = strings.TrimRight(line, "\n")
		if m := compilerLine.FindStringSubmatch(line); m != nil {
			n, _ := strconv.Atoi(m[1])
			l, _ := strconv.Atoi(m[2])
			c, _ := strconv.Atoi(m[3])
			errs = append(errs, cell.Diagnostic{Cell: n, Line: l, Col: c, Msg: m[4]})
		} else if strings.TrimSpace(line) != "" {
			other = append(other, line)
		}
	}
	if len(errs) > 0 {
		errs.Sort()
		return errs.Dedupe()
	}
	if len(flags) > 0 && len(other) > 0 {
		return fmt.Errorf("the compiler refuses cell %d with the flags %s: %s", u.Cell, strings.Join(flags, " "), other[0])
	}
	return fmt.Errorf("internal error: the generated code of cell %d doesn't compile; please report this:\n%s", u.Cell, strings.Join(other, "\n"))
}
