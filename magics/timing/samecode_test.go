package timing

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hpgo/magics/result"
)

// loopProgram has three timed loops: of code without bounds checks, of code with one,
// and of such that is reached through an interface.
const loopProgram = `package main

import (
	"os"
	"testing"
)

func sum(n int) (s float64) {
	for i := range n {
		s += float64(i) * float64(i)
	}
	return s
}

//go:noinline
func at(xs []int, i int) int { return xs[i] }

type getter interface{ get(i int) int }
type list []int
type half []int

//go:noinline
func (l list) get(i int) int { return l[i] }

//go:noinline
func (h half) get(i int) int { return h[i/2] }

var xs = []int{1, 2, 3}

func main() {
	n := len(os.Args)
	testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			sum(n)
		}
	})
	testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			at(xs, n)
		}
	})
	var g getter = list(xs)
	if n > 1 {
		g = half(xs)
	}
	testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			g.get(n)
		}
	})
}
`

// TestSameCode: without bounds checks only that code differs which has some, or
// reaches such.
func TestSameCode(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "main.go")
	if err := os.WriteFile(file, []byte(loopProgram), 0o666); err != nil {
		t.Fatal(err)
	}
	var programs []*programCode
	for _, flag := range []string{"-gcflags=", "-gcflags=-B"} {
		exe := filepath.Join(dir, "exe"+flag)
		cmd := exec.Command("go", "build", flag, "-o", exe, file)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=", "GO111MODULE=off", "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		p, err := openCode(exe)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		programs = append(programs, p)
	}
	base, other := programs[0], programs[1]
	loops, err := base.loops()
	slices.Sort(loops)
	if err != nil || len(loops) != 3 {
		t.Fatalf("loops %q, %v", loops, err)
	}
	for i, want := range []bool{true, false, false} {
		if same, err := sameCode(base, other, loops[i:i+1]); err != nil || same != want {
			t.Errorf("%s: same %v, %v, want %v", loops[i], same, err, want)
		}
		if same, err := base.isIn(filepath.Join(dir, "exe-gcflags="), loops[i:i+1]); err != nil || !same {
			t.Errorf("%s isn't the same as itself: %v", loops[i], err)
		}
	}
	if _, err := openCode(file); err == nil {
		t.Error("Go source is taken for a program")
	}
}

// TestJudgeSameCode: a difference of the same instructions is none of the code, and
// the floor for those that differ.
func TestJudgeSameCode(t *testing.T) {
	rules := result.Compare{Alpha: 0.05, MinEffect: 0.02, Confidence: 0.95, Rounds: 10, Interleaved: true}
	of := func(name string, at float64) series {
		return series{variant: result.Variant{Name: name, Loops: 1}, times: spread(at, 10)}
	}
	base, same, near, far := of("gc", 1e-6), of("simd", 1.2e-6), of("-B", 0.85e-6), of("-N -l", 3e-6)
	base.again, same.same = spread(1e-6, 10), true
	res, warnings := judge(rules, []series{base, same, near, far})
	for i, want := range []string{"base", "no difference in the code", "no difference", "3.0 times as slow"} {
		if got := res.Variants[i].Words(); got != want {
			t.Errorf("%s: %q, want %q", res.Variants[i].Name, got, want)
		}
	}
	if !res.Variants[1].SameCode || res.Layout < 0.19 || res.Layout > 0.21 || len(warnings) != 1 || !strings.Contains(warnings[0], "same instructions differ by up to 20 %") {
		t.Errorf("%+v, layout %v, %q", res.Variants[1], res.Layout, warnings)
	}
	if text := res.String(); !strings.Contains(text, "+20.00%  (same code)") || !strings.Contains(text, "none is faster than gc") {
		t.Errorf("text:\n%s", text)
	}
	res, _ = judge(rules, []series{base, same})
	if got := res.Headline(); got != "simd has the same instructions as gc" {
		t.Error(got)
	}
}
