package pi

import (
	"math"
	"os"
	"testing"

	"hpgo/kernels/kerneltest"
	"hpgo/kernels/processes"
)

func TestMain(m *testing.M) {
	os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE")) // workers that the race detector watches would take a second to end
	processes.Serve(Task)
	os.Exit(m.Run())
}

func TestPi(t *testing.T) {
	kerneltest.Run(t, kerneltest.Suite[Darts, int]{
		Subject:  Kernel,
		Sizes:    []int{0, 1, 2, 3, 7, 8, 9, 17, 1000, 1025, 10_007},
		Bad:      []kerneltest.Case[Darts]{{Name: "fewer darts than none", In: func() Darts { return -1 }}},
		BadSizes: []int{-1, 1 << 50},
	})
}

// TestEstimate: within five standard deviations.
func TestEstimate(t *testing.T) {
	const darts = 1_000_000
	hits := count(0, darts)
	if got := Estimate(darts, hits); math.Abs(got-math.Pi) > 5*1.64/1000 {
		t.Errorf("π is %v", got)
	}
}

// TestParts: darts are the same, however they are divided.
func TestParts(t *testing.T) {
	if a, b := count(0, 5000), count(0, 1234)+count(1234, 5000); a != b {
		t.Errorf("%d hits in one part, %d in two", a, b)
	}
}

// TestFallsBack: where the program can't be its own worker, goroutines do.
func TestFallsBack(t *testing.T) {
	t.Setenv("HPGO_KERNELS_SERVES", "")
	if own.Missing() == "" {
		t.Fatal("nothing is missing")
	}
	if got, want := byProcesses(10_007), Plain(10_007); got != want {
		t.Errorf("%d hits, not %d", got, want)
	}
}

func BenchmarkPi(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }
