package processes

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var (
	oneHangs = Task{"one hangs", func(job []uint64) uint64 {
		if job[0] == 1 {
			time.Sleep(time.Hour)
		}
		os.Exit(4)
		return 0
	}}
	double = Task{"double", func(job []uint64) uint64 { return 2 * job[0] }}
	die    = Task{"die", func(job []uint64) uint64 { os.Exit(3); return 0 }}
	sleep  = Task{"sleep", func(job []uint64) uint64 { time.Sleep(time.Hour); return 0 }}
)

// hung is set where the test's program shall start a worker that never answers.
const hung = "HPGO_KERNELS_TEST_HUNG"

// ownFile is set to what the test's program shall do to its own file before it starts a
// worker.
const ownFile = "HPGO_KERNELS_TEST_OWN_FILE"

func TestMain(m *testing.M) {
	os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE")) // workers that the race detector watches would take a second to end
	Serve(oneHangs, double, die, sleep)
	if os.Getenv(hung) != "" {
		Run(sleep, 1, [][]uint64{{1}})
		os.Exit(1)
	}
	if does := os.Getenv(ownFile); does != "" {
		startWithout(does)
	}
	os.Exit(m.Run())
}

// startWithout starts a worker after the program's file was deleted, or may not be run
// any more, prints what comes of it, and doesn't return.
func startWithout(does string) {
	change := os.Remove
	if does == "forbid" {
		change = func(file string) error { return os.Chmod(file, 0) }
	}
	file, err := os.Executable()
	if err == nil {
		err = change(file)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(Run(double, 1, [][]uint64{{21}}))
	os.Exit(0)
}

func TestRun(t *testing.T) {
	if why := Own.Missing(); why != "" {
		t.Fatal(why)
	}
	got, err := Run(double, 3, [][]uint64{{1}, {2}, {3}, {4}, {1 << 62}})
	if want := []uint64{2, 4, 6, 8, 1 << 63}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := Run(double, 3, nil); err != nil || len(got) != 0 {
		t.Errorf("no jobs: %v, %v", got, err)
	}
	if _, err := Run(die, 2, [][]uint64{{1}, {2}}); err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("a worker that dies: %v", err)
	}
	if _, err := Run(oneHangs, 2, [][]uint64{{1}, {2}}); err == nil || err.Error() != "worker for one hangs: exit status 4" {
		t.Errorf("one worker dies, the other has work for an hour: %v", err)
	}
	if _, err := Run(Task{}, 1, [][]uint64{{1}}); err == nil || !strings.Contains(err.Error(), "no name") {
		t.Errorf("a task without a name: %v", err)
	}
	if _, err := Run(Task{Name: "no such"}, 1, [][]uint64{{1}}); err == nil || !strings.Contains(err.Error(), "exit status 2") {
		t.Errorf("a task that isn't there: %v", err)
	}
}

func TestNotServing(t *testing.T) {
	t.Setenv(servesVariable, "1")
	if Own.Missing() == "" {
		t.Error("another process' Serve does for this one")
	}
	if _, err := Run(double, 1, [][]uint64{{1}}); err == nil || !strings.HasPrefix(err.Error(), `start workers for "double": only in a program`) {
		t.Errorf("a program that can't be a worker: %v", err)
	}
}

// TestKilled: the worker of a program that is killed in the middle of a job ends.
func TestKilled(t *testing.T) {
	if _, err := os.Stat("/proc/self/task"); err != nil {
		t.Skip("needs /proc")
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), hung+"=1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var child string
	for deadline := time.Now().Add(20 * time.Second); child == "" && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if found := childrenOf(cmd.Process.Pid); len(found) > 0 {
			child = found[0]
		}
	}
	if child == "" {
		t.Fatal("no worker was started")
	}
	cmd.Process.Kill()
	cmd.Wait()
	for deadline := time.Now().Add(20 * time.Second); alive(child); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("worker %s lives on", child)
		}
	}
}

// childrenOf are the numbers of a process' children.
func childrenOf(pid int) []string {
	var found []string
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue
		}
		var state string
		var parent int
		_, rest, _ := strings.Cut(string(stat), ") ")
		if n, _ := fmt.Fscan(bufio.NewReader(strings.NewReader(rest)), &state, &parent); n == 2 && parent == pid {
			found = append(found, e.Name())
		}
	}
	return found
}

// alive tells whether a process runs: it is there, and no zombie.
func alive(pid string) bool {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	_, rest, _ := strings.Cut(string(stat), ") ")
	return err == nil && !strings.HasPrefix(rest, "Z")
}

// TestWorkerKilled: a worker that somebody kills in the middle of a job is an error
// that says so, and the other worker doesn't stay, nor goes on.
func TestWorkerKilled(t *testing.T) {
	if _, err := os.Stat("/proc/self/task"); err != nil {
		t.Skip("needs /proc")
	}
	done := make(chan error, 1)
	go func() {
		_, err := Run(sleep, 2, [][]uint64{{1}, {2}})
		done <- err
	}()
	workers := childrenOnceThereAre(t, 2)
	number, _ := strconv.Atoi(workers[0])
	if err := syscall.Kill(number, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err == nil || err.Error() != "worker for sleep: signal: killed" {
		t.Errorf("one of two was killed: %v", err)
	}
	for _, w := range workers {
		if alive(w) {
			t.Errorf("worker %s lives on", w)
		}
	}
}

// childrenOnceThereAre waits for so many workers of this process.
func childrenOnceThereAre(t *testing.T, n int) []string {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if found := childrenOf(os.Getpid()); len(found) == n {
			return found
		}
	}
	t.Fatalf("there never were %d workers", n)
	return nil
}

// TestMany: many runs at once, of many workers each, that all end.
func TestMany(t *testing.T) {
	jobs := make([][]uint64, 40)
	for i := range jobs {
		jobs[i] = []uint64{uint64(i)}
	}
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			got, err := Run(double, 20, jobs)
			for i := range got {
				if got[i] != 2*uint64(i) {
					t.Errorf("job %d: %d", i, got[i])
				}
			}
			if err != nil || len(got) != len(jobs) {
				t.Errorf("%d answers, %v", len(got), err)
			}
		})
	}
	wait.Wait()
	if left := childrenOf(os.Getpid()); len(left) > 0 {
		t.Errorf("workers %v are left", left)
	}
}

// TestCantStart: a program whose file may not be run any more, or is gone. The first is
// an error with the reason; the second is no matter where Linux keeps the file.
func TestCantStart(t *testing.T) {
	if _, err := os.Stat("/proc/self/exe"); err != nil {
		t.Skip("needs /proc")
	}
	program, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ does, want string }{
		{"forbid", "start a worker: fork/exec /proc/self/exe: permission denied"},
		{"delete", "[42] <nil>"},
	} {
		file := filepath.Join(t.TempDir(), "program")
		if err := os.WriteFile(file, program, 0o700); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(file)
		cmd.Env = append(os.Environ(), ownFile+"="+c.does)
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), c.want) {
			t.Errorf("%s: %v\n%s", c.does, err, out)
		}
	}
}

// TestTooLong: a job that is more than a worker reads at a time.
func TestTooLong(t *testing.T) {
	if _, err := Run(double, 1, [][]uint64{make([]uint64, 1<<16)}); err == nil || err.Error() != "worker for double: exit status 1" {
		t.Errorf("%.200v", err)
	}
}
