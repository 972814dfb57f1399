package stdin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"hpgo/internal/skip"
)

// user answers questions from a list and writes them down.
type user struct {
	mu      sync.Mutex
	answers []string
	asked   []string // prompt, with a * for a password
}

var errGone = errors.New("nobody is there")

func (u *user) ask(_ context.Context, prompt string, password bool) (string, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.answers) == 0 {
		return "", errGone
	}
	if password {
		prompt += "*"
	}
	u.asked = append(u.asked, prompt)
	answer := u.answers[0]
	u.answers = u.answers[1:]
	return answer, nil
}

// kinds are the two kinds of inputs.
var kinds = map[string]func() (Input, error){
	"pipe":     func() (Input, error) { return NewPipe() },
	"terminal": func() (Input, error) { return NewTerminal() },
}

// need returns an input of a kind, unless the system has no terminals.
func need(t *testing.T, kind string) Input {
	t.Helper()
	in, err := kinds[kind]()
	if err != nil && kind == "terminal" {
		skip.Because(t, "no pseudo terminal: "+err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(in.Close)
	return in
}

// hang bounds a test that would wait for ever.
const hang = 2 * time.Minute

// converse runs a command whose input asks the user, and returns its output.
func converse(t *testing.T, in Input, u *user, argv ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	var out bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in.Theirs(), &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in.Started()
	fed, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- in.Feed(fed, cmd.Process.Pid, u.ask) }()
	err := cmd.Wait()
	stop()
	if ferr := <-done; ferr != nil {
		t.Errorf("feed: %v", ferr)
	}
	if ctx.Err() != nil {
		t.Fatalf("it hung; output so far: %s", out.String())
	}
	if err != nil {
		fmt.Fprintf(&out, "(%v)", err)
	}
	return out.String()
}

func TestFeed(t *testing.T) {
	long := strings.Repeat("0123456789abcdefghijklmnopqrstuvwxyzäöü\t", 500)
	tests := []struct {
		name    string
		script  string // of sh
		answers []string
		out     string
		asked   string
		only    string // a kind
	}{
		{name: "nothing is read", script: "sleep 0.1; echo done", answers: []string{"x"}, out: "done\n", asked: "[]"},
		{name: "one line", script: "read x; echo got $x", answers: []string{"a b"}, out: "got a b\n", asked: "[]1"},
		{name: "two lines", script: "read x; sleep 0.05; read y; echo $y$x", answers: []string{"a", "b"}, out: "ba\n", asked: "[ ]2"},
		{name: "a child that reads", script: "(cat | head -n 1); echo end", answers: []string{"deep", "more"}, out: "deep\nend\n", asked: "any"},
		{name: "a file is read", script: "read x < /etc/hostname; echo ok", answers: []string{"no"}, out: "ok\n", asked: "[]"},
		{name: "another descriptor", script: "exec 5<&0 0</dev/null; read x <&5; echo $x", answers: []string{"five"}, out: "five\n", asked: "[]1"},
		{name: "nobody answers", script: "read x || echo end; read y || echo again", out: "end\nagain\n", asked: "[]"},
		{name: "nobody answers any more", script: "read x; read y || echo no $x", answers: []string{"a"}, out: "no a\n", asked: "[]1"},
		{name: "a long line", script: "head -n 1 | wc -c; read y; echo $y", answers: []string{long, "after"}, out: fmt.Sprintln(len(long)+1) + "after\n", asked: "[ ]2"},
		{name: "a kind of file", script: "test -p /dev/stdin && echo pipe; test -t 0 && echo terminal; true", out: "pipe\n", only: "pipe", asked: "[]"},
		{name: "a kind of file", script: "test -p /dev/stdin && echo pipe; test -t 0 && echo terminal; true", out: "terminal\n", only: "terminal", asked: "[]"},
		{name: "a password", script: "stty -echo; read x; stty echo; read y; echo $x $y", answers: []string{"secret", "open"}, out: "secret open\n", asked: "[* ]2", only: "terminal"},
	}
	for _, tt := range tests {
		for kind := range kinds {
			if tt.only != "" && tt.only != kind {
				continue
			}
			t.Run(tt.name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				u := &user{answers: tt.answers}
				out := converse(t, need(t, kind), u, "sh", "-c", tt.script)
				asked := fmt.Sprint(u.asked)
				if n := len(u.asked); n > 0 {
					asked += fmt.Sprint(n)
				}
				if strings.TrimLeft(out, " ") != tt.out || tt.asked != "any" && asked != tt.asked {
					t.Errorf("output %q, want %q; asked %s, want %s", out, tt.out, asked, tt.asked)
				}
			})
		}
	}
}

// TestLateReader: a terminal whose input ends stays until who waits for it has run
// and taken the end.
func TestLateReader(t *testing.T) {
	tt := need(t, "terminal").(*Terminal)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		tt.endFor(func() bool { return true })
	}()
	select {
	case <-gone:
		t.Error("the terminal is gone before the end was taken")
	case <-time.After(100 * time.Millisecond):
	}
	n, err := tt.Theirs().Read(make([]byte, 10))
	if n != 0 || err != io.EOF {
		t.Errorf("read %d, %v, want the end of the input", n, err)
	}
	<-gone
	if _, err := tt.Theirs().Read(make([]byte, 10)); err == nil {
		t.Error("the input goes on")
	}
}

// TestPipeAgain: an input that ended can be opened again for a program that runs
// on, and what was not read can be thrown away.
func TestPipeAgain(t *testing.T) {
	in, err := NewPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	theirs := in.Theirs()
	var buf [100]byte
	read := func(want string) {
		t.Helper()
		n, err := theirs.Read(buf[:])
		got := string(buf[:n])
		if err != nil {
			got += err.Error()
		}
		if got != want {
			t.Errorf("read %q, want %q", got, want)
		}
	}
	u := &user{answers: []string{"one", "two", "three"}}
	prompt := func() {
		t.Helper()
		if err := in.Prompt(t.Context(), u.ask, "?", true); err != nil {
			t.Fatal(err)
		}
	}
	prompt()
	read("one\n")
	in.End()
	read("EOF")
	if err := in.Prompt(t.Context(), u.ask, "?", true); !errors.Is(err, os.ErrClosed) {
		t.Errorf("prompt after the end: %v", err)
	}
	for range 2 {
		if err := in.Open(); err != nil {
			t.Fatal(err)
		}
	}
	prompt()
	in.Discard()
	in.End()
	read("EOF")
	if got := fmt.Sprint(u.asked); got != "[?* ?* ?*]" {
		t.Errorf("asked %s", got)
	}
	in.Close()
	in.Close()
	if err := in.Open(); err != nil {
		t.Errorf("open after close: %v", err)
	}
}

// TestFullPipe: an answer that nobody reads doesn't hold whoever gave it.
func TestFullPipe(t *testing.T) {
	for kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			in := need(t, kind)
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			u := &user{answers: []string{strings.Repeat("x", 1<<20)}}
			if err := in.Prompt(ctx, u.ask, "", false); err == nil {
				t.Error("a pipe took a MiB")
			}
		})
	}
}

// TestPromptGoesFirst: while a question is open that the program put in its own
// way, the read that waits for its answer is no question of its own.
func TestPromptGoesFirst(t *testing.T) {
	in, err := NewPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", "read x; echo $x")
	var out bytes.Buffer
	cmd.Stdin, cmd.Stdout = in.Theirs(), &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in.Started()
	u := &user{answers: []string{"asked for", "too much"}}
	slow := func(ctx context.Context, prompt string, password bool) (string, error) {
		time.Sleep(100 * time.Millisecond)
		return u.ask(ctx, prompt, password)
	}
	answered := make(chan error, 1)
	go func() { answered <- in.Prompt(ctx, slow, "Enter:", false) }()
	time.Sleep(10 * time.Millisecond)
	go in.Feed(ctx, cmd.Process.Pid, u.ask)
	if err := errors.Join(cmd.Wait(), <-answered); err != nil {
		t.Fatal(err)
	}
	if got := out.String() + fmt.Sprint(u.asked); got != "asked for\n[Enter:]" {
		t.Errorf("got %q", got)
	}
}

// TestPolling: a program that waits by polling for its input and nothing else is
// seen to wait.
func TestPolling(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		skip.Because(t, "no python3")
	}
	read := "; print(sys.stdin.readline(), end='')"
	for _, tt := range []struct{ name, code, out string }{
		{"epoll", "e = select.epoll(); e.register(0, select.EPOLLIN); e.poll()" + read, "yes\n"},
		{"poll", "p = select.poll(); p.register(0, select.POLLIN | select.POLLPRI); p.poll()" + read, "yes\n"},
		{"select", "select.select([0], [], [])" + read, "yes\n"},
		{"poll with a limit", "p = select.poll(); p.register(0, select.POLLIN); print(p.poll(100))", "[]\n"},
		{"select with a limit", "print(select.select([0], [], [], 0.1))", "([], [], [])\n"},
		{"poll of two", "r, w = os.pipe(); p = select.poll(); p.register(r, select.POLLIN); p.register(0, select.POLLIN)\n" +
			"threading.Timer(0.1, lambda: os.write(w, b'x')).start(); print(len(p.poll()))", "1\n"},
		{"select of two", "r, w = os.pipe()\n" +
			"threading.Timer(0.1, lambda: os.write(w, b'x')).start(); print(select.select([0, r], [], [])[0] == [r])", "True\n"},
	} {
		for kind := range kinds {
			t.Run(tt.name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				u := &user{answers: []string{"yes"}}
				out := converse(t, need(t, kind), u, "python3", "-c", "import os, select, sys, threading\n"+tt.code)
				if asked := len(u.asked) == 1; out != tt.out || asked != (tt.out == "yes\n") {
					t.Errorf("got %q, asked %v", out, u.asked)
				}
			})
		}
	}
}

// TestBlind: a process that may not be looked at gets the end of its input.
func TestBlind(t *testing.T) {
	if os.Getuid() == 0 {
		skip.Because(t, "root may look at every process")
	}
	if _, err := exec.LookPath("python3"); err != nil {
		skip.Because(t, "no python3")
	}
	for kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			in := need(t, kind)
			// 4 is PR_SET_DUMPABLE: with 0 not even the owner may trace it.
			cmd := exec.Command("python3", "-c", "import ctypes,sys\nctypes.CDLL(None).prctl(4, 0, 0, 0, 0)\nprint(repr(sys.stdin.read()))")
			var out bytes.Buffer
			cmd.Stdin, cmd.Stdout = in.Theirs(), &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			in.Started()
			ctx, cancel := context.WithTimeout(t.Context(), hang)
			defer cancel()
			if err := in.Feed(ctx, cmd.Process.Pid, (&user{answers: []string{"x"}}).ask); !errors.Is(err, ErrBlind) {
				t.Errorf("got %v", err)
			}
			if err := cmd.Wait(); err != nil || out.String() != "''\n" {
				t.Errorf("got %q, %v", out.String(), err)
			}
		})
	}
	t.Run("a password", func(t *testing.T) {
		u := &user{answers: []string{"secret"}}
		out := converse(t, need(t, "terminal"), u, "python3", "-c", "import ctypes, sys, termios\nctypes.CDLL(None).prctl(4, 0, 0, 0, 0)\n"+
			"m = termios.tcgetattr(0); m[3] &= ~termios.ECHO; termios.tcsetattr(0, termios.TCSAFLUSH, m)\n"+
			"print(sys.stdin.readline(), end='')\nm[3] |= termios.ECHO; termios.tcsetattr(0, termios.TCSADRAIN, m)")
		if got := out + fmt.Sprint(u.asked); got != "secret\n[*]" {
			t.Errorf("got %q", got)
		}
	})
}
