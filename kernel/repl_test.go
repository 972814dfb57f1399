package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"hpgo/internal/skip"
)

// piped runs hpgo repl with a standard input.
func piped(t *testing.T, stdin string, args ...string) outcome {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), hpgoBinary, append([]string{"repl"}, args...)...)
	cmd.Stdin = strings.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

func TestReplPipe(t *testing.T) {
	dir := t.TempDir()
	nb := write(t, dir, "first.ipynb", notebookOf(t, "n := 20\nn + 1"))
	for _, test := range []struct {
		name, in, args string
		code           int
		out            string
		err            []string
	}{
		{name: "a value", in: "1+1", out: "2\n"},
		{name: "nothing", in: "", out: ""},
		{name: "cells", in: "x := 3\nfunc f() int { return g() }\nfunc g() int { return x }\n\nf()\n" +
			"for i := range 2 {\n\tfmt.Println(i)\n}\n%%bash\necho shell\n\n!echo line\nx*x\n", out: "3\n0\n1\nshell\nline\n9\n"},
		{name: "a failure ends it", in: "1\nx := []int{}\nx[3]\n2\n", code: 1, out: "1\n", err: []string{"Panic", "index out of range"}},
		{name: "keep going", in: "undefinedName\n2\n", args: "--keep-going", code: 1, out: "2\n", err: []string{"undefined: undefinedName"}},
		{name: "not whole", in: "for {\n", code: 1, err: []string{"cell 1:"}},
		{name: "-e", in: "4\n", args: "-e|x := 2; x*x|-e|x", out: "4\n2\n"},
		{name: "-i", in: "n * 2", args: "-i|" + nb, out: "21\n40\n"},
		{name: "--dir", args: "--dir|" + dir + "|-e|s, _ := os.Getwd(); s == `" + dir + "`", out: "true\n"},
		{name: "timeout", args: "--timeout|3s|-e|for i := 0; ; i++ {\n}", code: 1, err: []string{"Timeout"}},
	} {
		var args []string
		if test.args != "" {
			args = strings.Split(test.args, "|")
		}
		o := piped(t, test.in, args...)
		t.Run(test.name, func(t *testing.T) {
			o.expect(t, test.code, test.err...)
			if o.stdout != test.out {
				t.Errorf("standard output %q, want %q", o.stdout, test.out)
			}
			if strings.Contains(o.stderr, "\x1b[") {
				t.Errorf("colours without a terminal: %q", o.stderr)
			}
		})
	}
}

// replIn starts a run with its own directory for temporary files and checks at
// the end that nothing is left of it.
func replIn(t *testing.T, args ...string) (cmd *exec.Cmd, gone func()) {
	t.Helper()
	dir, tmp := t.TempDir(), t.TempDir()
	cmd = exec.Command(hpgoBinary, append([]string{"repl", "--dir", dir}, args...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	return cmd, func() {
		t.Helper()
		if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
			t.Errorf("temporary files are left: %v, %v", left, err)
		}
		pid, err := strconv.Atoi(read(t, filepath.Join(dir, "pid")))
		if err != nil {
			t.Fatal(err)
		}
		waitFor(t, "the end of the worker", func() bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) })
	}
}

// tellPID is a cell that writes down its worker's process.
const tellPID = `os.WriteFile("pid", []byte(fmt.Sprint(os.Getpid())), 0o644)`

// TestReplClosedOutput is hpgo repl | head -1.
func TestReplClosedOutput(t *testing.T) {
	cmd, gone := replIn(t, "-e", tellPID, "-e", "for i := range 300000 {\n\tfmt.Println(i)\n}", "-e", "1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var first [2]byte
	if _, err := out.Read(first[:]); err != nil {
		t.Fatal(err)
	}
	out.Close()
	_ = cmd.Wait()
	if cmd.ProcessState.ExitCode() != exitPipe || stderr.Len() > 0 {
		t.Errorf("exit code %d, %s", cmd.ProcessState.ExitCode(), &stderr)
	}
	gone()
}

// TestReplFullDisk: an output that can't be written is an error that is said.
func TestReplFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		skip.Because(t, "no /dev/full")
	}
	defer full.Close()
	cmd := exec.Command(hpgoBinary, "repl", "-e", "1+1")
	var stderr strings.Builder
	cmd.Stdout, cmd.Stderr = full, &stderr
	_ = cmd.Run()
	if cmd.ProcessState.ExitCode() != exitFailed || !strings.Contains(stderr.String(), "no space left") {
		t.Errorf("exit code %d, %s", cmd.ProcessState.ExitCode(), &stderr)
	}
}

// TestReplSignals ends a run that waits for more input, and one whose cell runs.
func TestReplSignals(t *testing.T) {
	for _, last := range []string{"", "for i := 0; ; i++ {\n}\n"} {
		cmd, gone := replIn(t)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := in.Write([]byte(tellPID + "\nfmt.Println(1)\n" + last)); err != nil {
			t.Fatal(err)
		}
		var one [1]byte
		if _, err := out.Read(one[:]); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		if cmd.ProcessState.ExitCode() != exitSignal {
			t.Errorf("exit code %d", cmd.ProcessState.ExitCode())
		}
		gone()
	}
}

// TestReplWorkerKilled: the death of the worker is an error of the cell.
func TestReplWorkerKilled(t *testing.T) {
	o := piped(t, "x := 1\nimport \"syscall\"\nsyscall.Kill(os.Getpid(), syscall.SIGKILL); select {}\n1+1\n", "--keep-going")
	o.expect(t, 1, "WorkerDied", "the variables are lost: x")
	if o.stdout != "2\n" {
		t.Errorf("standard output %q", o.stdout)
	}
}
