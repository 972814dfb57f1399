//go:build unix

package group

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// parentVariable makes the test binary a process that starts a group and waits
// to be killed.
const parentVariable = "HPGO_GROUP_TEST_PARENT"

func TestMain(m *testing.M) {
	if script := os.Getenv(parentVariable); script != "" {
		cmd := exec.Command("sh", "-c", script)
		cmd.Stdout = os.Stdout
		if err := New(cmd).Start(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		cmd.Wait()
		time.Sleep(time.Minute)
	}
	os.Exit(m.Run())
}

// start runs a shell script that prints process numbers, and returns them.
func start(t *testing.T, script string, n int) (*exec.Cmd, *Group, []int) {
	t.Helper()
	cmd := exec.Command("sh", "-c", script)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	g := New(cmd)
	if err := g.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, g, pids(t, bufio.NewReader(out), n)
}

func pids(t *testing.T, r *bufio.Reader, n int) []int {
	t.Helper()
	var list []int
	for range n {
		line, err := r.ReadString('\n')
		pid, bad := strconv.Atoi(strings.TrimSpace(line))
		if err != nil || bad != nil {
			t.Fatalf("read %q: %v", line, err)
		}
		list = append(list, pid)
	}
	return list
}

// gone waits for the end of processes, whoever is to wait for them.
func gone(t *testing.T, list ...int) {
	t.Helper()
	for _, pid := range list {
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
				break
			}
			if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil && strings.Contains(string(text), ") Z ") {
				break
			}
			if time.Now().After(deadline) {
				t.Errorf("process %d lives on", pid)
				break
			}
		}
	}
}

// TestParentKilled: what a killed process has started ends, whether its program
// still runs or has left others in the background.
func TestParentKilled(t *testing.T) {
	for name, script := range map[string]string{
		"running":    "echo $$; sleep 600 & echo $!; trap '' TERM INT; sleep 600 | cat",
		"background": "sleep 600 & echo $!; (trap '' HUP TERM; sleep 600) & echo $!",
	} {
		t.Run(name, func(t *testing.T) {
			parent := exec.Command(os.Args[0])
			parent.Env = append(os.Environ(), parentVariable+"="+script)
			out, err := parent.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := parent.Start(); err != nil {
				t.Fatal(err)
			}
			list := pids(t, bufio.NewReader(out), 2)
			parent.Process.Kill()
			parent.Wait()
			gone(t, list...)
		})
	}
}

// TestRelease: a group in the background lives until it is closed, and an empty
// one leaves nothing.
func TestRelease(t *testing.T) {
	cmd, g, list := start(t, "sleep 600 & echo $!", 1)
	cmd.Wait()
	if g.Release() {
		t.Error("released with a process in it")
	}
	if err := syscall.Kill(list[0], 0); err != nil {
		t.Errorf("the background process: %v", err)
	}
	g.Close()
	gone(t, list...)
	if !g.Release() {
		t.Error("not released when closed")
	}
	cmd, g, _ = start(t, "echo $$", 1)
	guard := g.guard.Process.Pid
	cmd.Wait()
	if !g.Release() {
		t.Error("not released")
	}
	gone(t, guard)
}

// runs tells whether a program of this name is in a group, and waits: its shell
// has then returned from starting it.
func runs(group int, name string) bool {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		text, err := os.ReadFile(file)
		_, after, found := strings.Cut(string(text), "("+name+") S ")
		fields := strings.Fields(after)
		if err == nil && found && len(fields) > 2 && fields[1] == strconv.Itoa(group) {
			return true
		}
	}
	return len(stats) == 0
}

// TestInterrupt: the program is interrupted with what it started, the guard isn't.
func TestInterrupt(t *testing.T) {
	// As the kernel does: an ignored signal would be ignored by what is started.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	defer signal.Stop(signals)
	cmd, g, list := start(t, "echo $$; sleep 600; echo after; sleep 600", 1)
	// dash drops a signal that comes between its vfork and the child's exec, so
	// wait for the child's own name.
	for deadline := time.Now().Add(20 * time.Second); !runs(g.id(), "sleep"); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("sleep never ran")
		}
	}
	if err := g.Interrupt(); err != nil {
		t.Fatal(err)
	}
	gone(t, list...)
	if err := cmd.Wait(); err == nil {
		t.Error("the program ended well")
	}
	if g.guard.ProcessState != nil || syscall.Kill(g.guard.Process.Pid, 0) != nil {
		t.Error("the guard was interrupted")
	}
	if !g.Release() {
		t.Error("not released")
	}
}

func TestNoProgram(t *testing.T) {
	g := New(exec.Command("/no/such/program"))
	if err := g.Start(); err == nil {
		t.Fatal("it was started")
	}
	if !g.Release() {
		t.Error("not released")
	}
}
