package session_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"hpgo/magics/settings"
)

// TestRelink: what everything is linked for is in force after a restart that the user
// allows, for old functions too, and can be taken back; what can't be used changes
// nothing. The standard library is compiled for it the first time.
func TestRelink(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long where the standard library must be compiled") // deliberate
	}
	if why := settings.Lacks("/", "v3"); why != "" || runtime.GOARCH != "amd64" {
		t.Skip(why) // deliberate: no program of that level runs here
	}
	t.Setenv("HPGO_ENGINE", "fresh") // the live engine's packages take a minute
	t.Setenv("GOAMD64", "")
	t.Setenv("GOEXPERIMENT", "")
	s := startSession(t)
	s.want(t, "func twice(n int) int { return 2 * n }", "fresh-process mode")
	s.want(t, "%flags GOAMD64=v3 --restart", "GOAMD64=v3: a new worker, in which everything is linked so; no variables are lost")
	s.want(t, "twice(21)", "42")
	s.want(t, "list := %flags\nlist", `[]string{"GOAMD64=v3"}`)
	s.want(t, "%flags GOEXPERIMENT=magic", "unknown GOEXPERIMENT magic")
	s.want(t, "%env GOAMD64=v1", "cells are built so by %flags GOAMD64=v1")
	s.want(t, "%flags", "GOAMD64        v3")
	s.want(t, "%flags -reset --restart", "GOAMD64 is reset")
	s.want(t, "twice(4)", "8")
}

// TestLentFlags: a measurement that was lent what makes it a program of its own has the
// session's values, and its result is declared in the session.
func TestLentFlags(t *testing.T) {
	s := startSession(t)
	s.want(t, "x := 1", "")
	s.want(t, "x = 5", "")
	s.want(t, "%timeit -n 1 -r 1 --flags goflags=-tags=a fmt.Println(\"x is\", x)", "x is 5")
	s.want(t, "took := %timeit -q -n 3 -r 1 --flags goflags=-tags=a x+1", "")
	s.want(t, "took.Loops", "3")
}

// want runs a cell, and expects a text in what it gives.
func (s *teller) want(t *testing.T, code, text string) {
	t.Helper()
	told := s.tell(txtar.File{Name: "cell", Data: []byte(code)}, "", false)
	var all strings.Builder
	for _, p := range told.parts() {
		all.Write(p.Data)
	}
	if !strings.Contains(all.String(), text) {
		t.Errorf("%s gives\n%swant %s", code, all.String(), text)
	}
}

// TestProfileGuided: a profile that a cell has recorded has the next cells' calls
// through interfaces tried as direct ones, live and in programs; it is taken as it was
// when it was set.
func TestProfileGuided(t *testing.T) {
	s := startSession(t)
	s.want(t, `type shape interface{ area() float64 }
type square struct{ side float64 }
func (s square) area() float64 { return s.side * s.side }
func total(shapes []shape) (sum float64) { for _, s := range shapes { sum += s.area() }; return sum }
shapes := make([]shape, 10000)
for i := range shapes { shapes[i] = square{1} }
total(shapes)`, "10000")
	profile := filepath.Join(t.TempDir(), "cpu.pprof")
	s.want(t, fmt.Sprintf("%%prun -q -plain -D %q for range 4000 { total(shapes) }", profile), "")
	if told := s.tell(txtar.File{Name: "cell", Data: []byte("%inline total")}, "", false); strings.Contains(told.streams["stdout"].String(), "devirtualized") {
		t.Fatal("it is so without a profile")
	}
	s.want(t, fmt.Sprintf("%%flags pgo=%q", profile), "compiled so from the next cell on")
	told := s.tell(txtar.File{Name: "cell", Data: []byte(fmt.Sprintf("%%flags pgo=%q", profile))}, "", false)
	if strings.Contains(told.streams["stdout"].String(), "warning") {
		t.Errorf("the session's own profile: %s", told.streams["stdout"])
	}
	other := filepath.Join(t.TempDir(), "other.pprof")
	s.want(t, fmt.Sprintf("%%prun -q -plain -D %q for range 300 { _ = strings.Fields(strings.Repeat(\"ab \", 10000)) }", other), "")
	s.want(t, fmt.Sprintf("%%flags pgo=%q", other), "none of the session's functions is in")
	s.want(t, fmt.Sprintf("%%flags pgo=%q", profile), "compiled so from the next cell on")
	if err := os.Remove(profile); err != nil {
		t.Fatal(err)
	}
	s.want(t, "%inline total", "the profile says it is mostly square.area")
	s.want(t, "total(shapes[:3])", "3")
	s.want(t, "%disasm --fresh total", "total")
	s.want(t, fmt.Sprintf("%%flags pgo=%q", profile), "there is no such file")
	s.want(t, "%flags -reset pgo", "pgo is reset")
	s.want(t, "%flags pgo=/etc/hostname", "UsageError")
}
