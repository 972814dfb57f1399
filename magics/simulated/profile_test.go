package simulated

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	data, err := os.ReadFile("testdata/sample.out")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Parse(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	want := map[Place]Cost{
		{"main.fib", "cell 7", 1, 0x4a0010}:                        {ir: 12, dr: 1},
		{"main.fib", "cell 7", 1, 0x4a0014}:                        {ir: 3, dr: 1, bc: 1, bcm: 1},
		{"main.fib", "cell 7", 4, 0x4a0016}:                        {ir: 1},
		{"main.fib", "/usr/local/go/src/cmp/cmp.go", 40, 0x4a0014}: {ir: 5},
		{"main.fib", "cell 7", 39, 0x4a0020}:                       {ir: 7, i1mr: 0, d1mr: 2, d1mw: 1, dlmr: 1},
		{"runtime.memmove", "???", 0, 0x4b0000}:                    {ir: 100, dr: 50, dw: 50, d1mr: 8, d1mw: 4, dlmr: 1},
	}
	for at, c := range want {
		if p.Costs[at] != c {
			t.Errorf("%+v costs %v, want %v", at, p.Costs[at], c)
		}
	}
	if len(p.Costs) != len(want) || p.Trigger != "Client Request: hpgo run 1" {
		t.Errorf("%d places, trigger %q: %v", len(p.Costs), p.Trigger, p.Costs)
	}
	total := p.Total()
	if total.Instructions() != 128 || total.References() != 15 || total.Misses() != 2 || total.Branches() != 1 || total.Estimate() != 128+10+150+200 {
		t.Errorf("total %v", total)
	}
}

func TestParseBroken(t *testing.T) {
	for text, want := range map[string]string{
		"events: Ir\n1 2 3\n": "line 2", "positions: instr line\nevents: Ir\n0x1\n": "line 3", "events: Ir\n1 x\n": "callgrind's format", "events: Ir\n+z 1\n": "position",
		"jump=1 2\n": "jumps",
	} {
		if _, err := Parse(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	data, err := os.ReadFile("testdata/sample.out")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	f.Add("positions: line\nevents: Ir Xx\nfn=(1)\n* 1 2\n-9 1\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(strings.NewReader(text))
		if err == nil {
			p.Total()
		}
	})
}

func TestReadRun(t *testing.T) {
	dir := t.TempDir()
	data, err := os.ReadFile("testdata/sample.out")
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "a[1]*")
	for name, text := range map[string]string{out: "", out + ".1": string(data), out + ".2": "desc: Trigger: Client Request: hpgo run 2\nevents: Ir\nfn=f\n1 4\n"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for run, want := range map[string]uint64{"hpgo run 1": 128, "hpgo run 2": 4} {
		if p, err := ReadRun(out, run); err != nil || p.Total().Instructions() != want {
			t.Errorf("%s: %v, %v", run, p.Total(), err)
		}
	}
	if _, err := ReadRun(out, "hpgo run 3"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestEvents(t *testing.T) {
	var c Cost
	for i := range c {
		c[i] = 1 << i
	}
	for name, want := range map[string]uint64{"instructions": 1, "cache-references": 8 + 16 + 32, "cache-misses": 64 + 128 + 256, "branches": 512 + 2048, "branch-misses": 1024 + 4096, "L1-dcache-load-misses": 16, "LLC-store-misses": 256} {
		if got, ok := c.Event(name); got != want || !ok {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
	for _, name := range []string{"cycles", "task-clock", "migrations"} {
		if _, ok := c.Event(name); ok {
			t.Errorf("the model counts %s", name)
		}
	}
}
