package assembly

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sample has what the tests look for, each in a function of its own.
const sample = `package main

import "os"

type node struct {
	next *node
	v    [4]float64
}

var global *node

//go:noinline
func store(t, u *node) { t.next = u; global = t }

//go:noinline
func add(a, b []float64) {
	for i := range a {
		a[i] += b[i]
	}
}

func at(xs []int, i int) int { return xs[i] }

//go:noinline
func outer(xs []int) int {
	return at(xs, 1) + at(xs, 7)
}

//go:noinline
func call(f func(int) int, s interface{ Size() int }) int { return f(3) + s.Size() }

type size int

func (s size) Size() int { return int(s) }

//go:noinline
func grow(xs []int, x int) []int { return append(xs, x) }

func main() {
	t := &node{}
	store(t, t)
	a := make([]float64, len(os.Args))
	add(a, a)
	println(call(func(i int) int { return i + len(a) }, size(2)), outer([]int{1, 2}), len(grow(nil, 1)))
}
`

// build compiles the sample with the go command.
func build(t *testing.T, env ...string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module sample\n\ngo 1.26\n", "main.go": sample} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	exe := filepath.Join(dir, "sample")
	cmd := exec.Command("go", "build", "-o", exe, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), append([]string{"GOFLAGS=", "GOWORK=off"}, env...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return exe
}

func open(t *testing.T, file string) *Program {
	t.Helper()
	p, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func function(t *testing.T, p *Program, name string) *Function {
	t.Helper()
	f, err := p.Function(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// objdumpLine is one of go tool objdump -s: file and line, address, bytes, text.
var objdumpLine = regexp.MustCompile(`^\s+(\S+):(\d+)\s+0x([0-9a-f]+)\s+([0-9a-f]+)\s+(.*)$`)

// The addresses, sizes and lines of all instructions are those that go tool objdump
// finds in the same file.
func TestSameAsObjdump(t *testing.T) {
	exe := build(t)
	p := open(t, exe)
	for _, name := range []string{"main.store", "main.add", "main.outer", "main.call", "main.grow", "main.main"} {
		out, err := exec.Command("go", "tool", "objdump", "-s", "^"+regexp.QuoteMeta(name)+"$", exe).Output()
		if err != nil {
			t.Fatalf("go tool objdump: %v", err)
		}
		f := function(t, p, name)
		i := 0
		for line := range strings.Lines(string(out)) {
			m := objdumpLine.FindStringSubmatch(strings.TrimRight(line, "\n"))
			if m == nil {
				continue
			}
			addr, _ := strconv.ParseUint(m[3], 16, 64)
			if strings.HasPrefix(m[5], "INT $0x3") && i == len(f.Instructions) {
				continue // behind the function
			}
			if i == len(f.Instructions) {
				t.Fatalf("%s: objdump has one more: %s", name, line)
			}
			in := f.Instructions[i]
			inner := in.Stack[0]
			if addr != f.Entry+uint64(in.Offset) || len(m[4]) != 2*in.Size || m[1] != filepath.Base(inner.File) || m[2] != strconv.Itoa(inner.Line) {
				t.Errorf("%s: %s:%d offset %#x size %d %s; objdump: %s", name, inner.File, inner.Line, in.Offset, in.Size, in.Text, line)
			}
			i++
		}
		if i != len(f.Instructions) || i == 0 {
			t.Errorf("%s has %d instructions, objdump finds %d", name, len(f.Instructions), i)
		}
	}
}

func TestTotals(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		t.Run(arch, func(t *testing.T) {
			p := open(t, build(t, "GOARCH="+arch, "GOAMD64=v1", "CGO_ENABLED=0"))
			checks := []struct {
				name string
				got  func(Totals) int
				want int
			}{
				{"main.store", func(t Totals) int { return t.WriteBarrier }, 1},
				{"main.store", func(t Totals) int { return t.Bounds }, 0},
				{"main.add", func(t Totals) int { return t.Bounds }, 1}, // that of b[i]
				{"main.outer", func(t Totals) int { return t.Bounds }, 2},
				{"main.call", func(t Totals) int { return t.Indirect }, 2},
				{"main.call", func(t Totals) int { return t.Interface }, 1},
				{"main.call", func(t Totals) int { return t.Closure }, 1},
				{"main.grow", func(t Totals) int { return t.Called["runtime.growslice"] }, 1},
				{"main.add", func(t Totals) int { return t.Packed }, 0}, // one number at a time
			}
			for _, c := range checks {
				f := function(t, p, c.name)
				if got := c.got(f.Totals()); got != c.want || f.Arch != arch {
					t.Errorf("%s: %d, want %d: %+v", c.name, got, c.want, f.Totals())
				}
			}
		})
	}
}

// What was inlined says from where, and counts for the line of its call.
func TestInlined(t *testing.T) {
	p := open(t, build(t))
	f := function(t, p, "main.outer")
	if !strings.HasSuffix(f.File, "main.go") || f.Line != 25 {
		t.Errorf("outer begins at %s:%d, want line 25", f.File, f.Line)
	}
	inlined := 0
	for i := range f.Instructions {
		in := &f.Instructions[i]
		if in.Inlined() {
			inlined++
			if in.Stack[0].Func != "main.at" || in.Stack[0].Line != 22 || in.At().Line != 26 {
				t.Errorf("%#x %s stands at %v", in.Offset, in.Text, in.Stack)
			}
		}
		if in.Target >= 0 && f.Index(in.Target) < 0 {
			t.Errorf("%#x %s jumps to %#x, where nothing begins", in.Offset, in.Text, in.Target)
		}
		if f.Index(in.Offset) != i || f.Index(in.Offset+in.Size-1) != i {
			t.Errorf("Index(%#x) isn't %d", in.Offset, i)
		}
	}
	if inlined == 0 {
		t.Error("nothing in outer is from at")
	}
	if _, err := p.Function("main.at"); !errors.Is(err, ErrNoFunction) {
		t.Errorf("a function that was inlined everywhere: %v", err)
	}
	if g, err := p.At(f.Entry + 3); err != nil || g.Name != f.Name {
		t.Errorf("At finds %v, %v", g, err)
	}
}

func TestDamagedFiles(t *testing.T) {
	exe := build(t)
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("no program"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(text); err == nil {
		t.Error("a text was opened")
	}
	if _, err := Open(text + "?"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	data, err := os.ReadFile(exe)
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(string(data), "\xf1\xff\xff\xff\x00\x00\x01\x08")
	if at < 0 {
		t.Skip("the table's magic isn't where it was")
	}
	data[at] = 0xf9
	if err := os.WriteFile(exe, data, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(exe); !errors.Is(err, ErrNoGo) {
		t.Errorf("tables of another version: %v", err)
	}
}

// Tables with wrong numbers in them give errors or other code, no panic and no end
// without result.
func TestWrongNumbers(t *testing.T) {
	exe := build(t)
	good, err := os.ReadFile(exe)
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, exe)
	module, table := p.file.Section(".go.module"), p.file.Section(".gopclntab")
	main := function(t, p, "main.main")
	rnd := rand.New(rand.NewPCG(1, 2))
	bad := filepath.Join(t.TempDir(), "bad")
	for i := range 60 {
		data := slices.Clone(good)
		section := module
		if i%2 == 1 {
			section = table
		}
		for range 40 {
			at := section.Offset + rnd.Uint64N(section.FileSize)
			if i%2 == 1 { // beside what main.main has
				at = min(section.Offset+(p.tables.lines-section.Addr)+rnd.Uint64N(1<<14), section.Offset+section.FileSize-1)
			}
			data[at] = byte(rnd.Uint32())
		}
		if err := os.WriteFile(bad, data, 0o755); err != nil {
			t.Fatal(err)
		}
		q, err := Open(bad)
		if err != nil {
			continue
		}
		for _, name := range []string{"main.main", "main.outer"} {
			q.Function(name)
		}
		q.At(main.Entry)
		q.Close()
	}
}
