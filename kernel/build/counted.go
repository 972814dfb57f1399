package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hpgo/kernel/cell"
)

// Packages with counters (cell.CountPackage) take the place of the packages
// themselves in the units that count. Those of the standard library are compiled
// by the go command, which assembles what they have in assembly; it refuses to
// change files of the module cache, so others are compiled by the compile tool.

// countedArchives compiles the packages that a unit counts in, into files in a
// directory. They pass for the packages themselves.
func (m *Module) countedArchives(ctx context.Context, u *cell.Unit, dir string) ([]Export, error) {
	if len(u.Counted) == 0 {
		return nil, nil
	}
	std, other, err := m.splitCounted(ctx, u.Counted)
	if err != nil {
		return nil, err
	}
	done := m.announce([]string{u.Counted[0].Path + " with counters"})
	defer done()
	prints := map[string]string{}
	archives, err := m.countedStd(ctx, std, filepath.Join(dir, "counted"), prints)
	if err != nil {
		return nil, err
	}
	var all []Export
	for i, e := range archives {
		to := filepath.Join(dir, fmt.Sprintf("counted%d.a", i))
		if err := m.disguise(e, to, prints); err != nil {
			return nil, err
		}
		all = append(all, Export{Path: e.Path, File: to})
	}
	for i, p := range other {
		e, err := m.countedOther(ctx, p, filepath.Join(dir, fmt.Sprintf("other%d", i)), all)
		if err != nil {
			return nil, err
		}
		if err := m.disguise(e, e.File, prints); err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// splitCounted tells the packages of the standard library from others.
func (m *Module) splitCounted(ctx context.Context, packages []*cell.CountedPackage) (std, other []*cell.CountedPackage, err error) {
	for _, p := range packages {
		if err := m.Require(ctx, p.Path); err != nil {
			return nil, nil, fmt.Errorf("compile %s with counters: %w", p.Path, err)
		}
		first, _, _ := strings.Cut(p.Path, "/")
		if strings.Contains(first, ".") {
			other = append(other, p)
		} else {
			std = append(std, p)
		}
	}
	return std, other, nil
}

// countedStd compiles packages of the standard library, those that others import
// first. What else is compiled anew, since it imports them, has other fingerprints,
// which go into prints.
func (m *Module) countedStd(ctx context.Context, packages []*cell.CountedPackage, dir string, prints map[string]string) ([]Export, error) {
	if len(packages) == 0 {
		return nil, nil
	}
	overlay, err := WriteOverlay(dir, packages...)
	if err != nil {
		return nil, err
	}
	args := slices.Concat([]string{"list", "-export", "-deps", "-overlay", overlay, "-f", "{{.ImportPath}}\t{{.Export}}"}, m.mode.list, m.mode.flags)
	for _, p := range packages {
		args = append(args, p.Path)
	}
	out, err := m.tc.Run(ctx, m.Dir, args...)
	if err != nil {
		return nil, fmt.Errorf("compile %s with counters: %w", packages[0].Path, err)
	}
	var all []Export
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if slices.ContainsFunc(packages, func(p *cell.CountedPackage) bool { return p.Path == path }) {
			all = append(all, Export{Path: path, File: file})
		} else if err := m.notePrint(path, file, prints); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// countedOther compiles a package of another module against the module's archives
// and those of others with counters.
func (m *Module) countedOther(ctx context.Context, p *cell.CountedPackage, dir string, counted []Export) (Export, error) {
	fail := func(err error) (Export, error) {
		return Export{}, fmt.Errorf("compile %s with counters: %w", p.Path, err)
	}
	out, err := m.tc.Run(ctx, m.Dir, slices.Concat([]string{"list", "-f", "{{.Dir}}\t{{if .Module}}{{.Module.GoVersion}}{{end}}\t{{len .SFiles}}\t{{join .GoFiles \"\t\"}}"}, m.mode.flags, []string{p.Path})...)
	if err != nil {
		return fail(err)
	}
	fields := strings.Split(strings.TrimRight(string(out), "\n"), "\t")
	if len(fields) < 4 || fields[2] != "0" {
		return fail(errors.New("it has code in assembly"))
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fail(err)
	}
	cfg, archive := filepath.Join(dir, "importcfg"), filepath.Join(dir, "package.a")
	if err := m.WriteImportcfg(cfg, counted...); err != nil {
		return fail(err)
	}
	args := append([]string{"-p", p.Path, "-importcfg", cfg, "-pack", "-o", archive, "-trimpath", dir + "=>"}, m.mode.compile...)
	if fields[1] != "" {
		args = append(args, "-lang=go"+languageOf(fields[1]))
	}
	changed := map[string]bool{}
	for path, text := range p.Files {
		changed[filepath.Base(path)] = true
		file := filepath.Join(dir, filepath.Base(path))
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return fail(err)
		}
		args = append(args, file)
	}
	for _, name := range fields[3:] {
		if !changed[name] {
			args = append(args, filepath.Join(fields[0], name))
		}
	}
	if _, err := m.tc.Tool(ctx, dir, "compile", args...); err != nil {
		return fail(err)
	}
	return Export{Path: p.Path, File: archive}, nil
}

// languageOf is the language of a go directive: 1.24.0 is 1.24.
func languageOf(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// WriteOverlay writes the files of counted packages to a directory, and the list
// for the flag -overlay of the go command, whose path it returns.
func WriteOverlay(dir string, packages ...*cell.CountedPackage) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("write counted packages: %w", err)
	}
	replace := map[string]string{}
	for _, p := range packages {
		for path, text := range p.Files {
			file := filepath.Join(dir, fmt.Sprintf("f%d.go", len(replace)))
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				return "", fmt.Errorf("write counted packages: %w", err)
			}
			replace[path] = file
		}
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", fmt.Errorf("write counted packages: %w", err)
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, data, 0o644); err != nil {
		return "", fmt.Errorf("write counted packages: %w", err)
	}
	return list, nil
}

// objMagic begins a Go object file (cmd/internal/goobj.Magic); the eight bytes
// behind it are the package's fingerprint, which also ends the export data. The
// linker and the loader compare the fingerprints that packages know of each other.
const objMagic = "\x00go120ld"

var errObject = errors.New("the archive has no Go object in it (unknown toolchain)")

// disguise copies an archive and gives the copy the fingerprint of the package
// that it stands for. prints has those of other counted packages, which it may
// import, and gets this one's.
func (m *Module) disguise(e Export, to string, prints map[string]string) error {
	m.mu.Lock()
	original := m.exports[e.Path]
	m.mu.Unlock()
	was, err := os.ReadFile(original)
	if err != nil {
		return fmt.Errorf("compile %s with counters: %w", e.Path, err)
	}
	data, err := os.ReadFile(e.File)
	if err != nil {
		return fmt.Errorf("compile %s with counters: %w", e.Path, err)
	}
	real, own := fingerprintOf(was), fingerprintOf(data)
	if real == "" || own == "" {
		return fmt.Errorf("compile %s with counters: %w", e.Path, errObject)
	}
	prints[own] = real
	for from, to := range prints {
		data = bytes.ReplaceAll(data, []byte(from), []byte(to))
	}
	if err := os.WriteFile(to, data, 0o644); err != nil {
		return fmt.Errorf("compile %s with counters: %w", e.Path, err)
	}
	return nil
}

// notePrint notes the fingerprint of a package that was compiled anew.
func (m *Module) notePrint(path, file string, prints map[string]string) error {
	m.mu.Lock()
	original := m.exports[path]
	m.mu.Unlock()
	if file == "" || original == "" || file == original {
		return nil
	}
	was, err := os.ReadFile(original)
	if err != nil {
		return fmt.Errorf("compile with counters: %w", err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("compile with counters: %w", err)
	}
	if from, to := fingerprintOf(data), fingerprintOf(was); from != "" && to != "" {
		prints[from] = to
	}
	return nil
}

// fingerprintOf returns the fingerprint in an archive; "": there is none.
func fingerprintOf(archive []byte) string {
	i := bytes.Index(archive, []byte(objMagic))
	if i < 0 || len(archive) < i+len(objMagic)+8 {
		return ""
	}
	return string(archive[i+len(objMagic) : i+len(objMagic)+8])
}

// TryCounted compiles packages with counters; those of the standard library stay
// in the build cache.
func (m *Module) TryCounted(ctx context.Context, packages ...*cell.CountedPackage) error {
	dir, err := os.MkdirTemp(m.Dir, "counted-")
	if err != nil {
		return fmt.Errorf("compile with counters: %w", err)
	}
	defer os.RemoveAll(dir)
	_, err = m.countedArchives(ctx, &cell.Unit{Counted: packages}, dir)
	return err
}

// Importing is a package with what it imports.
type Importing struct {
	Path     string
	Imports  []string
	Assembly bool // it isn't of the standard library and has code that is no Go
}

// Imports returns packages and all that they import, each behind what it imports
// itself.
func (m *Module) Imports(ctx context.Context, paths []string) ([]Importing, error) {
	args := slices.Concat([]string{"list", "-deps", "-f", "{{.ImportPath}}\t{{if not .Standard}}{{len .SFiles}}{{len .CgoFiles}}{{end}}\t{{join .Imports \"\\t\"}}"}, m.mode.flags, paths)
	out, err := m.tc.Run(ctx, m.Dir, args...)
	if err != nil {
		return nil, fmt.Errorf("list what packages import: %w", err)
	}
	var all []Importing
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		all = append(all, Importing{Path: fields[0], Imports: fields[2:], Assembly: fields[1] != "" && fields[1] != "00"})
	}
	return all, nil
}
