package remote

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// build compiles a text with a compiler that takes -o, and returns what it made.
func build(t *testing.T, name, text string, command ...string) *elf.File {
	t.Helper()
	dir := t.TempDir()
	source, made := filepath.Join(dir, name), filepath.Join(dir, "made")
	if err := os.WriteFile(source, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(command[0], append(command[1:], "-o", made, source)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", command, err, out)
	}
	f, err := elf.Open(made)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// TestStubs: calls of another file's functions go by stubs, however the compiler makes
// them, and each has the name of its function.
func TestStubs(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("stubs are known of amd64 only")
	}
	const text = "#include <stdio.h>\n#include <stdlib.h>\nint main(int n, char **a) { return puts(a[0]) + abs(rand()); }\n"
	for _, flags := range [][]string{{"-fcf-protection=none", "-Wl,-z,lazy"}, {"-fcf-protection=full", "-Wl,-z,ibtplt"}, {"-Wl,-z,now"}} {
		f := build(t, "a.c", text, append([]string{"gcc", "-fplt"}, flags...)...)
		found := map[string]bool{}
		for _, s := range stubs(f) {
			found[s.Name] = true
			if f.Section(".plt").Addr > s.Value || s.Size > 16 {
				t.Errorf("%v: %s is at %#x, of %d B", flags, s.Name, s.Value, s.Size)
			}
		}
		if !found["puts@plt"] || !found["rand@plt"] {
			t.Errorf("%v: %v", flags, found)
		}
	}
}

// TestLineTable: the lines of a Go program are found where the loader chooses its
// addresses, too.
func TestLineTable(t *testing.T) {
	for _, mode := range []string{"exe", "pie"} {
		f := build(t, "a.go", "package main\n\n//go:noinline\nfunc f() { println(1) }\n\nfunc main() { f() }\n", "go", "build", "-ldflags=-s -w", "-buildmode="+mode)
		table := lineTable(f)
		if table == nil {
			t.Fatalf("%s: there is no table", mode)
		}
		fn := table.LookupFunc("main.f")
		if fn == nil {
			t.Fatalf("%s: there is no main.f", mode)
		}
		if file, line, at := table.PCToLine(fn.Entry); filepath.Base(file) != "a.go" || line != 4 || at.Name != "main.f" {
			t.Errorf("%s: %s:%d %s", mode, file, line, at.Name)
		}
	}
}
