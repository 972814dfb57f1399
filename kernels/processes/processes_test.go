package processes

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
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

func TestMain(m *testing.M) {
	os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE")) // workers that the race detector watches would take a second to end
	Serve(oneHangs, double, die, sleep)
	if os.Getenv(hung) != "" {
		Run(sleep, 1, [][]uint64{{1}})
		os.Exit(1)
	}
	os.Exit(m.Run())
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
	if _, err := Run(Task{Name: "no such"}, 1, [][]uint64{{1}}); err == nil || !strings.Contains(err.Error(), "exit status 2") {
		t.Errorf("a task that isn't there: %v", err)
	}
}

func TestNotServing(t *testing.T) {
	t.Setenv(servesVariable, "1")
	if Own.Missing() == "" {
		t.Error("another process' Serve does for this one")
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
		child = childOf(cmd.Process.Pid)
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

// childOf is the number of a process' child that is a worker, if it has one.
func childOf(pid int) string {
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
			return e.Name()
		}
	}
	return ""
}

// alive tells whether a process runs: it is there, and no zombie.
func alive(pid string) bool {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	_, rest, _ := strings.Cut(string(stat), ") ")
	return err == nil && !strings.HasPrefix(rest, "Z")
}
