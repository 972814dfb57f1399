package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"hpgo/kernel/jupyter/jupytertest"
)

// shellParent starts the kernel as its child and waits for it.
var shellParent = []string{"sh", "-c", `"$@" & wait`, "sh"}

// startOrphans has the session start programs and leaves it in a cell that runs
// for ever. It returns the numbers of all processes that are there now, the
// kernel's first.
func startOrphans(t *testing.T, s *served, last string) []int {
	t.Helper()
	s.Execute("1") // what is said of a first use comes before
	reply, published := s.Execute("cmd := exec.Command(\"sleep\", \"600\")\nerr := cmd.Start()\nif err != nil {\n\tpanic(err)\n}\n" +
		"fmt.Println(os.Getppid(), os.Getpid(), cmd.Process.Pid)")
	if reply.Text("status") != "ok" {
		t.Fatalf("the first cell: %v %s", reply, shown(published))
	}
	text := shown(published)
	reply, published = s.Execute("!sleep 600 & echo $!")
	if reply.Text("status") != "ok" {
		t.Fatalf("the second cell: %v", reply)
	}
	text += " " + shown(published)
	id := s.Send("shell", "execute_request", jupytertest.ExecuteContent(last, nil))
	m := s.PublishedWhere("a process number", func(m jupytertest.Message) bool { return m.Parent == id && m.Type == "stream" })
	var pids []int
	for _, word := range strings.Fields(text + " " + m.Text("text")) {
		pid, err := strconv.Atoi(word)
		if err != nil {
			t.Fatalf("%q is no process number", word)
		}
		pids = append(pids, pid)
	}
	return pids
}

const (
	tightLoop = "fmt.Println(os.Getpid())\nfor n := 0; ; n++ {\n}"
	longShell = "!echo $$; sleep 600 | cat"
)

// allGone waits for the end of processes.
func allGone(t *testing.T, pids []int) {
	t.Helper()
	for _, pid := range pids {
		waitFor(t, fmt.Sprintf("the end of process %d (the kernel, the worker and what they started: %v)", pid, pids), func() bool { return ended(pid) })
	}
}

// ended reports whether a process has ended; one that nobody waits for has, too.
func ended(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(stat), ") Z ") || strings.Contains(string(stat), ") X ")
}

// leftIn is what sessions left in their TMPDIR.
func leftIn(t *testing.T, tmp string) []string {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(tmp, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return left
}

// TestParentKilled: a front end that dies without a word takes the kernel, its
// worker and all that they started with it.
func TestParentKilled(t *testing.T) {
	t.Parallel()
	s := serveBy(t, shellParent)
	pids := startOrphans(t, s, tightLoop)
	s.cmd.Process.Kill()
	allGone(t, pids)
	if left := leftIn(t, s.tmp); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// TestKernelKilled: nothing survives a kernel that is killed, and the next one
// puts away its directory.
func TestKernelKilled(t *testing.T) {
	for name, last := range map[string]string{"loop": tightLoop, "shell": longShell} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			pids := startOrphans(t, s, last)
			s.cmd.Process.Kill()
			allGone(t, pids)
			if left := leftIn(t, s.tmp); len(left) != 1 {
				t.Errorf("left behind: %q", left)
			}
			hpgo(t, []string{"TMPDIR=" + s.tmp}, "run", write(t, t.TempDir(), "in.ipynb", notebookOf(t, "1")), "--no-html").expect(t, 0)
			if left := leftIn(t, s.tmp); len(left) > 0 {
				t.Errorf("the next run left: %q", left)
			}
		})
	}
}

// TestKernelEnds: by signals and requests, in the middle of a cell.
func TestKernelEnds(t *testing.T) {
	for _, test := range []struct {
		name, last string
		end        func(*served)
	}{
		{"SIGTERM", tightLoop, func(s *served) { s.cmd.Process.Signal(syscall.SIGTERM) }},
		{"SIGHUP", longShell, func(s *served) { s.cmd.Process.Signal(syscall.SIGHUP) }},
		{"shutdown", tightLoop, func(s *served) { s.Send("control", "shutdown_request", map[string]any{"restart": true}) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			pids := startOrphans(t, s, test.last)
			test.end(s)
			<-s.ended
			if code := s.cmd.ProcessState.ExitCode(); code != 0 {
				t.Errorf("exit code %d", code)
			}
			allGone(t, pids)
			if left := leftIn(t, s.tmp); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}
