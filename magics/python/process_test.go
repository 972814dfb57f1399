package python

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hpgo/internal/skip"
	"hpgo/kernel/display"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// screen writes down what a cell shows.
type screen struct {
	mu     sync.Mutex
	text   strings.Builder
	shown  []display.Bundle
	answer string // to every question; "" is nobody
	said   chan string
}

func (s *screen) Stream(name, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.WriteString(name[3:] + ":" + text)
	if s.said != nil {
		s.said <- text
	}
}

func (s *screen) Display(e display.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.WriteString("<display>")
	s.shown = append(s.shown, e.Bundle)
}

func (s *screen) CanAsk() bool { return s.answer != "" }

func (s *screen) Ask(_ context.Context, prompt string, password bool) (string, error) {
	if s.answer == "end" {
		return "", errors.New("the end of input")
	}
	if password {
		return prompt + " secret", nil
	}
	return prompt + s.answer, nil
}

// start starts the Python of this machine.
func start(t *testing.T) *Process {
	t.Helper()
	exe, err := Find("", t.TempDir(), os.Environ())
	if err != nil {
		skip.Because(t, err.Error())
	}
	p, err := Start(t.Context(), exe, t.TempDir(), os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// run runs a cell that must not fail and returns what it showed and its value.
func run(t *testing.T, p *Process, s *screen, code string) (text, value string) {
	t.Helper()
	s.text.Reset()
	done, err := p.Run(t.Context(), Cell{Number: 7, Line: 2, Code: code, Dir: p.sentDir}, s)
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	if done.Value != nil {
		value, _ = done.Value.Data["text/plain"].(string)
	}
	return s.text.String(), value
}

func TestCells(t *testing.T) {
	p := start(t)
	if p.Version == "" || p.Exe == "" || !p.Alive() {
		t.Errorf("process %+v", p)
	}
	for _, c := range []struct{ name, code, text, value string }{
		{"order", "import sys\nfor i in range(3): print(i); print(-i, file=sys.stderr)", "out:0\nerr:0\nout:1\nerr:-1\nout:2\nerr:-2\n", ""},
		{"value", "1 + 1", "", "2"},
		{"quiet", "1 + 1 ; # no", "", ""},
		{"None", "None", "", ""},
		{"last value", "_", "", "2"},
		{"semicolon in text", "x = 'é;'; x", "", "'é;'"},
		{"display", "print(1); display(2); print(3)", "out:1\n<display>out:3\n", ""},
		{"children", "import os, subprocess\nprint(1); subprocess.run(['echo', '2']); print(3);", "out:1\nout:2\nout:3\n", ""},
		{"fork", "import warnings; warnings.simplefilter('ignore')\nprint('a')\nif os.fork() == 0:\n  print('b', flush=True); display(1); os._exit(0)\nx = os.wait()\nprint('d')", "out:a\nb\nd\n", ""},
		{"threads", "import threading\nt = threading.Thread(target=print, args=('t',)); t.start(); t.join()", "out:t\n", ""},
		{"await", "import asyncio\nawait asyncio.sleep(0, 5)", "", "5"},
		{"names of cells", "import __main__\n__main__.x is x", "", "True"},
		{"pickle", "import pickle\nclass P: pass\ntype(pickle.loads(pickle.dumps(P()))) is P", "", "True"},
		{"IPython", "try:\n  from IPython.display import display as show, clear_output\nexcept ImportError:\n  show, clear_output = display, lambda: display(0)\nshow(1); clear_output()\nprint(2)", "<display><display>out:2\n", ""},
		{"many elements", "list(range(10**7))[:1] + ['...']", "", "[0, '...']"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, value := run(t, p, &screen{}, c.code)
			if strings.ReplaceAll(text, "\nout:", "\n") != strings.ReplaceAll(c.text, "\nout:", "\n") || value != c.value {
				t.Errorf("shown %q, value %q; want %q, %q", text, value, c.text, c.value)
			}
		})
	}
}

// TestTraceback looks at whole tracebacks.
func TestTraceback(t *testing.T) {
	p := start(t)
	for _, c := range []struct{ name, code, want string }{
		{"call", "def f(a):\n    return 1 / a\n\nf(0)", "Traceback (most recent call last):\n  cell 7, line 5\n    f(0)\n  cell 7, line 3, in f\n    return 1 / a\nZeroDivisionError: division by zero"},
		{"syntax", "x = 1\nx = = 2", "  cell 7, line 3\n    x = = 2\nSyntaxError: invalid syntax"},
		{"exit", "raise SystemExit('bye')", "SystemExit: bye"},
		{"input", "input()", "Traceback (most recent call last):\n  cell 7, line 2\n    input()\nEOFError: there is nobody to ask: the front end takes no input"},
		{"zero byte", "'a\x00b'", "SyntaxError: source code string cannot contain null bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := p.Run(t.Context(), Cell{Number: 7, Line: 2, Code: c.code, Dir: p.sentDir}, &screen{})
			var e *Exception
			if !errors.As(err, &e) {
				t.Fatalf("error %v", err)
			}
			var lines []string
			for _, l := range e.Traceback { // newer Pythons mark places with ~ and ^
				if strings.Trim(l, " ~^") != "" {
					lines = append(lines, l)
				}
			}
			got := strings.ReplaceAll(strings.Join(lines, "\n"), "ValueError: source", "SyntaxError: source")
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestInput(t *testing.T) {
	p := start(t)
	_, value := run(t, p, &screen{answer: "Ada"}, "import getpass, sys\ninput('name? '), getpass.getpass('key?'), sys.stdin.readline()")
	if want := `('name? Ada', 'key? secret', 'Ada\n')`; value != want {
		t.Errorf("value %s, want %s", value, want)
	}
	_, err := p.Run(t.Context(), Cell{Code: "input()", Number: 1, Line: 1, Dir: p.sentDir}, &screen{answer: "end"})
	if err == nil || err.Error() != "EOFError: the end of input" {
		t.Errorf("error %v", err)
	}
}

// TestInterrupt interrupts cells and finds the variables again.
func TestInterrupt(t *testing.T) {
	p := start(t)
	run(t, p, &screen{}, "x = 42\nimport asyncio\nawait asyncio.sleep(0)")
	for name, code := range map[string]string{
		"loop":  "print('go')\nwhile True: pass",
		"sleep": "import time\nprint('go')\ntime.sleep(1000)",
		"child": "import subprocess\nprint('go')\nsubprocess.run(['sleep', '1000'])",
		"print": "while True: print('go')",
		"await": "import asyncio\nasync def f():\n  print('go')\n  await asyncio.sleep(1000)\nawait f()",
		"async": "import asyncio\nasync def f():\n  print('go')\n  while True: pass\nawait f()",
		"ticks": "import asyncio\nasync def f():\n  print('go')\n  while True: await asyncio.sleep(0)\nawait f()",
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			s := &screen{said: make(chan string, 1<<16)}
			result := make(chan error, 1)
			go func() { // ends with the cell
				_, err := p.Run(ctx, Cell{Number: 3, Line: 1, Code: code, Dir: p.sentDir}, s)
				result <- err
			}()
			<-s.said
			go func() { // so that nothing waits; ends with the test
				for range s.said {
				}
			}()
			cancel()
			select {
			case err := <-result:
				var e *Exception
				if !errors.As(err, &e) || e.Name != "KeyboardInterrupt" {
					t.Fatalf("error %v", err)
				}
				// The loop of asyncio doesn't always tell where a task was.
				if !strings.Contains(code, "asyncio") && !strings.Contains(strings.Join(e.Traceback, "\n"), "cell 3, line ") {
					t.Errorf("traceback %q", e.Traceback)
				}
			case <-time.After(patience):
				t.Fatal("the cell goes on")
			}
			close(s.said)
			if _, value := run(t, p, &screen{}, "x"); value != "42" {
				t.Errorf("x is %s", value)
			}
		})
	}
}

// TestDeath ends the process in several ways.
func TestDeath(t *testing.T) {
	for name, c := range map[string]struct{ code, reason string }{
		"exit":   {"import os; print('bye'); os._exit(3)", "exit status 3"},
		"zero":   {"import os; print('bye'); os._exit(0)", "exit status 0"},
		"signal": {"import os; print('bye'); os.kill(os.getpid(), 9)", "killed by signal: killed"},
		"holder": {"import os, subprocess; print('bye')\nsubprocess.Popen(['sleep', '10'], start_new_session=True)\nos._exit(4)", "exit status 4"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t)
			s := &screen{}
			_, err := p.Run(t.Context(), Cell{Number: 1, Line: 1, Code: c.code, Dir: p.sentDir}, s)
			var died *Died
			if !errors.As(err, &died) || died.Reason != c.reason || s.text.String() != "out:bye\n" {
				t.Errorf("error %v, shown %q", err, s.text.String())
			}
			if p.Alive() {
				t.Error("it is alive")
			}
			if _, err := p.Run(t.Context(), Cell{Number: 2, Line: 1, Code: "1", Dir: p.sentDir}, s); !errors.As(err, &died) {
				t.Errorf("after its end: %v", err)
			}
		})
	}
}

// TestClose ends a process whose cell runs, with what it started.
func TestClose(t *testing.T) {
	p := start(t)
	s := &screen{said: make(chan string, 1)}
	go p.Run(t.Context(), Cell{Number: 1, Line: 1, Code: "import subprocess\nc = subprocess.Popen(['sleep', '1000'])\nprint(c.pid)\nc.wait()", Dir: p.sentDir}, s)
	pid := strings.TrimSpace(<-s.said)
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	deadline := time.Now().Add(patience)
	for {
		stat, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
		if err != nil || strings.Contains(string(stat), ") Z ") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is alive", stat)
		}
		time.Sleep(10 * time.Millisecond)
	}
	if syscall.Kill(p.PID(), 0) == nil {
		t.Error("Python is alive")
	}
}

// TestEnvironment changes directory and variables between cells.
func TestEnvironment(t *testing.T) {
	p := start(t)
	dir := t.TempDir()
	cell := Cell{Number: 1, Line: 1, Code: "import os\nos.environ['MINE'] = '1'\nos.getcwd(), os.environ['OURS']", Dir: dir, Env: []string{"OURS=2"}}
	for range 2 {
		done, err := p.Run(t.Context(), cell, &screen{})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := done.Value.Data["text/plain"], "('"+dir+"', '2')"; got != want {
			t.Errorf("got %v, want %s", got, want)
		}
	}
	if _, value := run(t, p, &screen{}, "os.chdir('/'); os.environ['OURS'] = '3'; os.environ['MINE']"); value != "'1'" {
		t.Errorf("MINE is %s", value)
	}
	done, err := p.Run(t.Context(), Cell{Number: 1, Line: 1, Code: "os.getcwd(), os.environ['OURS']", Dir: dir, Env: []string{"OURS=2"}}, &screen{})
	if err != nil || done.Value.Data["text/plain"] != "('/', '3')" {
		t.Errorf("what Python changed was changed back: %v %v", done.Value, err)
	}
}

func TestMissing(t *testing.T) {
	p := start(t)
	missing, err := p.Missing(t.Context(), []string{"math", "no_such_module", "no.such"})
	if err != nil || len(missing) != 2 || missing[1] != "no.such" {
		t.Errorf("missing %q, %v", missing, err)
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	program := func(name string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("#!/bin/sh\necho no Python; exit 5\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		return path
	}
	onPath, inVenv, named := program("bin/python3"), program("venv/bin/python3"), program("named")
	path, venv := "PATH="+dir+"/bin", "VIRTUAL_ENV="+dir+"/venv"
	for name, c := range map[string]struct {
		asked string
		env   []string
		want  string
		err   string
	}{
		"path":          {"", []string{path}, onPath, ""},
		"virtual":       {"", []string{path, venv}, inVenv, ""},
		"variable":      {"", []string{path, venv, Variable + "=" + named}, named, ""},
		"asked":         {"./named", []string{path, venv, Variable + "=python3"}, named, ""},
		"asked by name": {"python3", []string{path}, onPath, ""},
		"none":          {"", []string{"PATH=/nowhere"}, "", "Python 3 was not found: install it"},
		"bad variable":  {"", []string{path, Variable + "=nothing"}, "", "HPGO_PYTHON names nothing, which is no program"},
		"directory":     {dir, []string{path}, "", "--python names " + dir},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Find(c.asked, dir, c.env)
			if got != c.want || c.err == "" != (err == nil) || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	_, err := Start(t.Context(), onPath, dir, os.Environ())
	if err == nil || !strings.Contains(err.Error(), "did not start (exit status 5): no Python") {
		t.Errorf("a program that is no Python: %v", err)
	}
}

// TestInsist interrupts a Python that takes no interrupt, and then insists.
func TestInsist(t *testing.T) {
	p := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	again := make(chan struct{})
	s := &screen{said: make(chan string, 10)}
	result := make(chan error, 1)
	go func() { // ends with the cell
		_, err := p.Run(ctx, Cell{Number: 3, Line: 1, Code: "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('go')\nwhile True: pass", Dir: p.sentDir, Insist: again}, s)
		result <- err
	}()
	<-s.said
	cancel()
	select {
	case note := <-s.said:
		if !strings.Contains(note, "another interrupt ends it") {
			t.Errorf("note %q", note)
		}
	case err := <-result:
		t.Fatalf("the cell ended: %v", err)
	}
	close(again)
	select {
	case err := <-result:
		var died *Died
		if !errors.As(err, &died) || died.Reason != "killed by signal: killed" {
			t.Errorf("error %v", err)
		}
	case <-time.After(patience):
		t.Fatal("the cell goes on")
	}
}
