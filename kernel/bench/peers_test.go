package bench

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hpgo/internal/skip"
	"hpgo/kernel/build"
	"hpgo/kernels"
)

// The peers of a made up subject: a row that is right, one that leaves the result of
// the others as it is, and one that crashes.
const idleC = `
#include <signal.h>
static double *result;
static void *make(long n) { result = calloc(n, 8); return result; }
static void right(void *in) { for (int i = 0; i < 3; i++) result[i] = 1; }
static void idle(void *in) { }
static void crash(void *in) { raise(SIGSEGV); }
static struct row rows[] = { { "right", "", right }, { "idle", "", idle }, { "crash", "", crash }, { 0 } };
static int sums(struct sum *out) { out[0] = (struct sum){ "sum", result[0] + result[1] + result[2] }; return 1; }
`

const idlePython = `
from peer import row

result = [0.0, 0.0, 0.0]

def make(n):
    return n

def sums(values):
    return [("sum", sum(values))]

@row("right", "")
def _():
    def run(n):
        result[:] = [1.0] * 3
        return result
    return run

@row("idle", "")
def _():
    return lambda n: result

@row("crash", "")
def _():
    def run(n):
        raise MemoryError
    return run
`

// TestIdlePeers: a peer's row that computes nothing doesn't pass for another that has
// left its result, and one that crashes costs nobody else.
func TestIdlePeers(t *testing.T) {
	source, err := build.SourceDir()
	if err != nil {
		t.Fatal(err)
	}
	w := workshop{source: t.TempDir(), dir: t.TempDir()}
	dir := filepath.Join(w.source, "kernels", "idle")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(source, "kernels", "peers"), filepath.Join(w.source, "kernels", "peers")); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"idle.h": idleC, "idle.py": idlePython} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("C", func(t *testing.T) {
		c, err := w.cContender(t.Context(), "idle")
		idlePeer(t, c, err, "Segmentation fault")
	})
	t.Run("Python", func(t *testing.T) {
		if _, err := exec.LookPath("python3"); err != nil {
			skip.Because(t, "no python3")
		}
		c, err := w.pythonContender(t.Context(), "idle")
		idlePeer(t, c, err, "MemoryError")
	})
}

func idlePeer(t *testing.T, c *contender, err error, crash string) {
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if _, err := c.open("idle", 3); err != nil {
		t.Fatal(err)
	}
	want, err := c.carryOut("check 0")
	if err != nil || kernels.SameSums([]kernels.Sum{{Name: "sum", Value: 3}}, want.Sums) != "" {
		t.Fatalf("the row that is right: %+v, %v", want, err)
	}
	if got, err := c.carryOut("check 1"); err != nil || differs(want, got) == "" {
		t.Errorf("the idle row passes: %+v, %v", got, err)
	}
	if got, err := c.ask("check 2"); err != nil || !strings.Contains(got.Error, crash) {
		t.Errorf("the row that crashes: %+v, %v", got, err)
	}
	if got, err := c.carryOut("run 0 0"); err != nil || got.Runs != 1 {
		t.Errorf("after that: %+v, %v", got, err)
	}
}
