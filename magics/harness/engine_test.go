package harness

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// TestMainEngine is no test: TestEngine starts it as an engine.
func TestMainEngine(t *testing.T) {
	if os.Getenv("HPGO_TEST_ENGINE") == "" {
		return
	}
	e := NewEngine()
	var kept [][]byte
	check := func() { e.Snapshot(1, "two") }
	if os.Getenv("HPGO_TEST_ENGINE") == "counted" {
		e.ServeCounted(func(n int) {
			e.Begin()
			for ; n > 0; n-- {
				kept = append(kept[:0], make([]byte, 1000))
			}
		}, check)
	} else {
		e.Serve(func(b *testing.B) {
			e.Begin()
			for b.Loop() {
				kept = append(kept[:0], make([]byte, 1000))
			}
		}, check)
	}
	if len(kept) != 1 {
		os.Exit(3)
	}
	os.Exit(0)
}

// TestEngine drives a program: results, runs with both kinds of loops, a profile.
func TestEngine(t *testing.T) {
	for _, kind := range []string{"loop", "counted"} {
		t.Run(kind, func(t *testing.T) { driveEngine(t, kind) })
	}
}

func driveEngine(t *testing.T, kind string) {
	commands, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, answers, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	cmd := exec.Command(os.Args[0], "-test.run=^TestMainEngine$")
	cmd.Env = append(os.Environ(), "HPGO_TEST_ENGINE="+kind)
	cmd.ExtraFiles = []*os.File{commands, answers}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	commands.Close()
	answers.Close()
	in := bufio.NewScanner(from)
	in.Buffer(nil, 1<<20)
	ask := func(line string) (a EngineAnswer) {
		t.Helper()
		if _, err := to.WriteString(line + "\n"); err != nil || !in.Scan() || json.Unmarshal(in.Bytes(), &a) != nil {
			t.Fatalf("%s: %v, %s", line, err, in.Bytes())
		}
		return a
	}
	if a := ask(`{"do":"check"}`); a.Snapshot == nil || a.Snapshot.Difference(TakeSnapshot(1, "two"), 0) != "" {
		t.Errorf("check: %+v", a)
	}
	file := filepath.Join(t.TempDir(), "cpu.pprof")
	if a := ask(`{"do":"profile","file":"` + file + `"}`); a.Error != "" {
		t.Errorf("profile: %s", a.Error)
	}
	for _, n := range []string{"1000", "1001", "1000"} {
		a := ask(`{"do":"run","n":` + n + `}`)
		r := a.Run
		if r == nil || r.Wall <= 0 || r.Allocs/uint64(r.N) != 1 || r.Bytes/uint64(r.N) < 1000 || r.CPU > float64(runtime.NumCPU())*(r.Wall+0.5) {
			t.Errorf("run of %s: %+v", n, a.Run)
		}
	}
	if a := ask(`{"do":"stop"}`); a.Error != "" {
		t.Errorf("stop: %s", a.Error)
	}
	if st, err := os.Stat(file); err != nil || st.Size() == 0 {
		t.Errorf("profile: %v", err)
	}
	if a := ask(`{"do":"dance"}`); a.Error == "" {
		t.Error("it dances")
	}
	if a := ask(`nonsense`); a.Error == "" {
		t.Error("nonsense is understood")
	}
	to.Close()
	if err := cmd.Wait(); err != nil {
		t.Errorf("the end: %v", err)
	}
}
