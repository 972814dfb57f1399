package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTwoKernels: two that start at the same moment in one directory have a
// directory, environment, modules, variables and worker each, and a history
// together.
func TestTwoKernels(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	module := filepath.Join(dir, "module")
	if err := os.MkdirAll(module, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, module, "go.mod", "module example.com/answer\n\ngo 1.26\n")
	write(t, module, "answer.go", "package answer\n\nconst Is = 42\n")
	log := historyVariable + "=" + filepath.Join(dir, "history.jsonl")
	a, b := serve(t, log, "TWO=both"), serve(t, log, "TWO=both")
	a.Execute("1") // what is said of a first use comes before
	b.Execute("1")
	for _, step := range []struct {
		in          *served
		code, shows string
	}{
		{a, "x := \"of a\"", ""},
		{b, "x := 7", ""},
		{a, "%cd " + module, "*"},
		{a, "%env TWO=a", "*"},
		{a, "%use .", "*"},
		{b, "os.Getenv(\"TWO\")", "execute_result \"both\""},
		{a, "x + os.Getenv(\"TWO\")", "execute_result \"of aa\""},
		{a, "import \"example.com/answer\"\nanswer.Is", "execute_result 42"},
		{b, "import \"example.com/answer\"", "CompileError"},
		{b, "wd, _ := os.Getwd()\nfilepath.Base(wd) == \"module\"", "execute_result false"},
		{a, "os.Exit(3)", "WorkerDied"},
		{b, "x", "execute_result 7"},
		{a, "x := 1; x", "execute_result 1"},
	} {
		_, published := step.in.Execute(step.code)
		if got := shown(published); step.shows != "*" && (!strings.Contains(got, step.shows) || step.shows == "" && got != "") {
			t.Errorf("%s\nshows %q, want %q", step.code, got, step.shows)
		}
	}
	for _, s := range []*served{a, b} {
		reply, _ := s.Request("shell", "history_request", map[string]any{"hist_access_type": "search", "pattern": "x := *", "raw": true, "output": false})
		list, _ := reply.Content["history"].([]any)
		if len(list) != 3 {
			t.Errorf("%d inputs were found: %v", len(list), list)
		}
	}
}

// TestWorkerRestarts: workers that end leave nothing in the kernel.
func TestWorkerRestarts(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.Execute("1")
	proc := fmt.Sprintf("/proc/%d/", s.cmd.Process.Pid)
	count := func(what string) int {
		entries, err := os.ReadDir(proc + what)
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	children := func() int {
		text := ""
		tasks, _ := filepath.Glob(proc + "task/*/children")
		for _, file := range tasks {
			text += read(t, file)
		}
		return len(strings.Fields(text))
	}
	die := func() {
		t.Helper()
		if reply, _ := s.Execute("os.Exit(3)"); reply.Text("ename") != "WorkerDied" {
			t.Errorf("os.Exit: %v", reply)
		}
		if reply, _ := s.Execute("x := 1"); reply.Text("status") != "ok" {
			t.Errorf("after it: %v", reply)
		}
	}
	die()
	files := count("fd")
	for range 4 {
		die()
	}
	waitFor(t, "the old workers' files to be closed", func() bool { return count("fd") <= files })
	waitFor(t, "the old workers to be waited for", func() bool { return children() == 1 })
	sessions := leftIn(t, s.tmp)
	if len(sessions) != 1 {
		t.Errorf("in TMPDIR: %q", sessions)
	}
}
