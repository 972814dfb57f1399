package native

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

const source = `
__attribute__((noinline)) static double inner(double x) { return x * 3 + 1; }
double elsewhere(double);
double outer(double x) { return elsewhere(inner(x)) / 2; }
`

// library makes a shared library of C, by gcc with flags.
func library(t testing.TB, flags ...string) string {
	t.Helper()
	gcc, err := exec.LookPath("gcc")
	if err != nil || runtime.GOOS != "linux" {
		t.Skip("no gcc that writes ELF files")
	}
	dir := t.TempDir()
	c, so := filepath.Join(dir, "a.c"), filepath.Join(dir, "a.so")
	if err := os.WriteFile(c, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(gcc, append(flags, "-O2", "-fno-ipa-cp", "-fno-ipa-sra", "-shared", "-fPIC", "-o", so, c)...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return so
}

// Each instruction of a function has its name, as debug/elf has it, and what is beside
// functions has none.
func TestNamesOfAFile(t *testing.T) {
	so := library(t)
	f, err := readFile(so)
	if err != nil {
		t.Fatal(err)
	}
	want, err := elf.Open(so)
	if err != nil {
		t.Fatal(err)
	}
	defer want.Close()
	symbols, err := want.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	text := want.Section(".text")
	met := map[string]bool{}
	for _, s := range symbols {
		if elf.ST_TYPE(s.Info) != elf.STT_FUNC || s.Size == 0 || elf.SectionIndex(s.Section) >= elf.SectionIndex(len(want.Sections)) || want.Sections[s.Section] != text {
			continue
		}
		for _, at := range []uint64{s.Value, s.Value + s.Size - 1} {
			if got := f.name(at - text.Addr + text.Offset); got != s.Name {
				t.Errorf("%q at %#x, want %q", got, at, s.Name)
			}
		}
		met[s.Name] = true
	}
	if !met["inner"] || !met["outer"] {
		t.Errorf("only %v are there", met)
	}
	if plt := want.Section(".plt"); plt == nil || f.name(plt.Offset+plt.Size-1) != stub {
		t.Errorf("the last byte of %v is in %q", plt, f.name(plt.Offset+plt.Size-1))
	}
	if got := f.name(0); got != "" {
		t.Errorf("%q where the file begins", got)
	}
}

// A file without the names for debuggers tells those that others may call.
func TestNamesOfAStrippedFile(t *testing.T) {
	f, err := readFile(library(t, "-s"))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, s := range f.symbols {
		names[f.name(s.at-f.loads[1].Address+f.loads[1].Offset)] = true
	}
	if !names["outer"] || names["inner"] {
		t.Errorf("names %v", names)
	}
}

func TestParseMaps(t *testing.T) {
	got := parseMaps(`00400000-00568000 r--p 00000000 fe:00 10403874  /usr/bin/x
00568000-00600000 r-xp 00168000 fe:00 10403874                   /usr/bin/a b
7f9a77a00000-7f9a77de9000 r-xp 00001000 fe:00 10094857           /tmp/c1.so (deleted)
7ffc1b5f5000-7ffc1b5f7000 r-xp 00000000 00:00 0                  [vdso]
7ffc1b5f8000-7ffc1b5f9000 r-xp 00000000 00:00 0
nothing
`)
	want := []mapping{{0x568000, 0x600000, 0x168000, "/usr/bin/a b", false}, {0x7f9a77a00000, 0x7f9a77de9000, 0x1000, "/tmp/c1.so", true},
		{0x7ffc1b5f5000, 0x7ffc1b5f7000, 0, Kernel, false}, {0x7ffc1b5f8000, 0x7ffc1b5f9000, 0, "", false}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}

// An address that is nowhere has no name, and a file that isn't there neither.
func TestNowhere(t *testing.T) {
	var c Code
	if name, path := c.Name(1); name != "" || path != "" {
		t.Errorf("%q in %q", name, path)
	}
	c.mappings = []mapping{{start: 0x1000, end: 0x2000, path: "/nowhere/x.so"}}
	if name, path := c.Name(0x1800); name != "" || path != "/nowhere/x.so" {
		t.Errorf("%q in %q", name, path)
	}
}

// Broken files are errors.
func FuzzParse(f *testing.F) {
	whole, err := os.ReadFile(library(f, "-s"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:200])
	broken := bytes.Clone(whole)
	for i := 40; i < len(broken); i += 97 {
		broken[i] ^= 0xff
	}
	f.Add(broken)
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := parse(bytes.NewReader(data))
		if err != nil {
			return
		}
		for at := uint64(0); at < uint64(len(data)); at += 61 {
			got.name(at)
		}
	})
}
