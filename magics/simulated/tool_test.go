package simulated

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"hpgo/internal/skip"
	"hpgo/magics/harness/valgrind"
)

func TestMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Find(t.Context()); valgrind.Supported && !errors.Is(err, ErrMissing) {
		t.Error(err)
	}
}

// The instructions of a function are the same in each of three runs, line by line.
func TestRepeats(t *testing.T) {
	tool, err := Find(t.Context())
	if err != nil {
		skip.Because(t, err.Error())
	}
	dir := t.TempDir()
	exe := filepath.Join(dir, "program")
	if text, err := exec.Command("go", "build", "-o", exe, "./testdata/program").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	out, log := filepath.Join(dir, "counts"), filepath.Join(dir, "log")
	command := append(tool.Command(out, log, ReadGeometry("/")), exe)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "GODEBUG="+Settings)
	if text, err := cmd.CombinedOutput(); err != nil {
		told, _ := os.ReadFile(log)
		t.Fatalf("%v\n%s\n%s", err, text, told)
	}
	type line struct {
		fn   string
		line int
	}
	var first map[line]uint64
	for run := 1; run <= 3; run++ {
		p, err := ReadRun(out, valgrind.DumpName(run))
		if err != nil {
			t.Fatal(err)
		}
		got := map[line]uint64{}
		sum := uint64(0)
		for at, c := range p.Costs {
			if at.File == "cell 7" {
				got[line{at.Func, at.Line}] += c.Instructions()
				sum += c.Instructions()
			}
		}
		t.Logf("run %d: %d instructions, %d of the functions; %v", run, p.Total().Instructions(), sum, p.Total())
		// fib(20) is 21,891 calls, of more than 5 instructions each.
		if sum < 21_891*5 || sum > 21_891*50 || p.Total().Instructions() < sum {
			t.Errorf("run %d: %d instructions", run, sum)
		}
		if first == nil {
			first = got
		}
		for at, n := range first {
			if got[at] != n {
				t.Errorf("run %d: %v has %d instructions, the first run %d", run, at, got[at], n)
			}
		}
	}
}
