package plugin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
)

// objMagic begins every Go object file (cmd/internal/goobj.Magic); the eight
// bytes behind it are the package's fingerprint.
const objMagic = "\x00go120ld"

// fingerprint replaces the fingerprint of every version of the session.
const fingerprint = "hpgolive"

// stubPath is the package path that the stub is compiled with. Paths of cells
// have the same length.
const stubPath = "hpgo/c00000000"

// pluginPath returns the package path of the n-th cell's stub.
func pluginPath(n int64) string { return fmt.Sprintf("hpgo/c%08d", n) }

// patchSession makes a compiled version of the session loadable beside the
// earlier ones: constant fingerprint, no plugin export table of its own.
func patchSession(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("patch the cell's archive: %w", err)
	}
	i := bytes.Index(data, []byte(objMagic))
	if i < 0 {
		return errors.New("patch the cell's archive: no Go object in it (unknown toolchain)")
	}
	old := bytes.Clone(data[i+len(objMagic) : i+len(objMagic)+8])
	copy(data[i+len(objMagic):], fingerprint)
	// The export data ends with the same fingerprint.
	if j := bytes.Index(data[:i], append(bytes.Clone(old), "\n$$\n"...)); j >= 0 {
		copy(data[j:], fingerprint)
	}
	obj := data[i:]
	// Both names stand in the object's string table, ahead of any user data.
	rename(obj, "go:plugin.tabs", "go:plugin.tab_")
	rename(obj, "go:plugin.exports", "go:plugin.export_")
	if err := os.WriteFile(file, data, 0o644); err != nil {
		return fmt.Errorf("patch the cell's archive: %w", err)
	}
	return nil
}

// rename overwrites the first occurrence of a name with another of equal length.
func rename(data []byte, from, to string) {
	if i := bytes.Index(data, []byte(from)); i >= 0 {
		copy(data[i:], to)
	}
}

// patchStub returns the stub's archive for another package path.
func patchStub(stub []byte, path string) []byte {
	return bytes.ReplaceAll(stub, []byte(stubPath), []byte(path))
}

// stubSource is compiled with -linkshared, which makes it refer to the session's
// symbols by name: the index that is used otherwise differs between versions.
// The runtime's packages are imported by name so that the linker learns their
// fingerprints, which the loader compares with those in the worker.
// The linkname keeps the compiler from looking into the entry function.
const stubSource = `package main

import (
	_ "plugin"
	_ "runtime"
	_ "runtime/cgo"
	_ "unsafe"
	_ %q
)

//go:linkname entry %s.%s
func entry()

func Cell() { entry() }

func main() {}
`

// compileStub compiles the main package that calls the session's entry
// function, against an empty session with the constant fingerprint. It imports
// plugin, which makes the linker keep every package-level map initialiser: a
// later cell may need one that this cell doesn't.
func (e *Engine) compileStub(ctx context.Context) ([]byte, error) {
	dir := filepath.Join(e.dir, "stub")
	u := &cell.Unit{Imports: []string{"plugin", "runtime", "runtime/cgo"}, Files: []cell.File{{Name: "entry.go",
		Text: "package main\n\n" + cell.InitCode + "//go:noinline\nfunc " + cell.EntryName + "() {}\n"}}}
	a, err := e.mod.Compile(ctx, u, build.Options{}, dir)
	if err != nil {
		return nil, err
	}
	if err := patchSession(a.File); err != nil {
		return nil, err
	}
	src := fmt.Sprintf(stubSource, cell.PackagePath, cell.PackagePath, cell.EntryName)
	if err := os.WriteFile(filepath.Join(dir, "stub.go"), []byte(src), 0o644); err != nil {
		return nil, err
	}
	cfg := filepath.Join(dir, "stubcfg")
	if err := e.mod.WriteImportcfg(cfg, build.Export{Path: cell.PackagePath, File: a.File}); err != nil {
		return nil, err
	}
	out := filepath.Join(dir, "stub.a")
	if _, err := e.tc.Tool(ctx, dir, "compile", "-p", stubPath, "-dynlink", "-linkshared", "-importcfg", cfg, "-pack", "-trimpath", dir+"=>", "-o", out, "stub.go"); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	if !bytes.Contains(data, []byte(stubPath)) {
		return nil, errStub
	}
	return data, nil
}
