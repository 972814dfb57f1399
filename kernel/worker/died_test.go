package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hpgo/kernel/worker/frame"
)

func TestDeaths(t *testing.T) {
	tests := []struct {
		args    []string
		opts    Options
		reason  Reason
		code    int
		signal  syscall.Signal
		message string // contained
		stderr  string // contained
		output  string // contained in what the sink got
	}{
		{args: []string{"exit", "3"}, reason: Exited, code: 3, message: "exit status 3", output: "bye"},
		{args: []string{"exit", "0"}, reason: Exited, code: 0, message: "exit status 0"},
		{args: []string{"logfatal"}, reason: Exited, code: 1, message: "exit status 1", stderr: "fatal message", output: "fatal message"},
		{args: []string{"kill"}, reason: Signaled, code: -1, signal: syscall.SIGKILL, message: "signal: killed"},
		{args: []string{"mapwrite"}, reason: Fatal, code: 2, message: "fatal error: concurrent map writes", stderr: "goroutine "},
		{args: []string{"overflow"}, opts: Options{MemoryLimit: 400 << 20}, reason: Fatal, code: 2, message: "fatal error: stack overflow", stderr: "stack exceeds"},
		{args: []string{"toomuch"}, reason: OutOfMemory, code: 2, message: "out of memory"},
		{args: []string{"eat"}, opts: Options{MemoryLimit: 200 << 20}, reason: OutOfMemory, code: -1,
			signal: syscall.SIGKILL, message: "out of memory: the worker used"},
		{args: []string{"unguarded"}, reason: Panicked, code: 2, message: "panic: nobody recovers", stderr: "behave"},
		{args: []string{"garbage"}, reason: Protocol, code: -1, signal: syscall.SIGKILL, message: "not a frame"},
		{args: []string{"closeevents"}, reason: Protocol, code: -1, signal: syscall.SIGKILL, message: "closed its connection"},
		{args: []string{"halfframe"}, reason: Signaled, code: -1, signal: syscall.SIGKILL, message: "signal: killed"},
	}
	for _, tt := range tests {
		t.Run(tt.args[0], func(t *testing.T) {
			if tt.opts.MemoryLimit == 0 {
				tt.opts.MemoryLimit = 2 << 30
			}
			w := start(t, tt.opts)
			r, _, err := do(t, w, tt.args...)
			d := IsDied(err)
			if d == nil {
				t.Fatalf("got %v, want a *Died", err)
			}
			if d.Reason != tt.reason || d.ExitCode != tt.code || d.Signal != tt.signal {
				t.Errorf("reason %q, exit code %d, signal %d; message %q", d.Reason, d.ExitCode, d.Signal, d.Message)
			}
			if !strings.Contains(d.Message, tt.message) {
				t.Errorf("message %q", d.Message)
			}
			if !strings.Contains(d.Stderr, tt.stderr) {
				t.Errorf("stderr %q", d.Stderr)
			}
			if crash := strings.Contains(d.Stderr, "goroutine "); d.Withheld != crash || crash && strings.Contains(r.String(), "goroutine ") {
				t.Errorf("withheld %v, output %.300q", d.Withheld, r)
			}
			if !strings.Contains(r.String(), tt.output) {
				t.Errorf("output %q", r)
			}
			// The next call says the same, at once.
			if _, _, err := do(t, w, "hello"); IsDied(err) != d || w.Alive() || w.Err() != error(d) {
				t.Errorf("the call after: %v, alive %v", err, w.Alive())
			}
		})
	}
}

func TestDeathsOfOurDoing(t *testing.T) {
	tests := []struct {
		name   string
		end    func(w *Worker, cancel context.CancelFunc)
		reason Reason
		is     error
	}{
		{"cancel", func(_ *Worker, cancel context.CancelFunc) { cancel() }, Interrupted, context.Canceled},
		{"kill", func(w *Worker, _ context.CancelFunc) { w.Kill() }, Killed, nil},
		{"close", func(w *Worker, _ context.CancelFunc) { w.Close() }, Closed, nil},
		{"cancel while stopped", func(w *Worker, cancel context.CancelFunc) { syscall.Kill(w.PID(), syscall.SIGSTOP); cancel() }, Interrupted, context.Canceled},
		{"from outside", func(w *Worker, _ context.CancelFunc) { syscall.Kill(w.PID(), syscall.SIGTERM) }, Signaled, nil},
	}
	for _, action := range []string{"loop", "block"} {
		for _, tt := range tests {
			t.Run(action+" "+tt.name, func(t *testing.T) {
				w := start(t, Options{})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				r := &record{}
				go func() {
					for !strings.Contains(r.String(), "ing\n") {
						time.Sleep(time.Millisecond)
					}
					tt.end(w, cancel)
				}()
				_, err := w.Call(ctx, Call{Object: built.cell, Symbol: "Cell", Args: []string{"cell", action}}, r)
				d := IsDied(err)
				if d == nil || d.Reason != tt.reason {
					t.Fatalf("got %v", err)
				}
				if tt.is != nil && !errors.Is(err, tt.is) {
					t.Errorf("%v is no %v", err, tt.is)
				}
			})
		}
	}
	t.Run("deadline", func(t *testing.T) {
		w := start(t, Options{})
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		_, err := w.Call(ctx, Call{Object: built.cell, Symbol: "Cell", Args: []string{"cell", "loop"}}, &record{})
		if d := IsDied(err); d == nil || d.Reason != Interrupted || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("before the call", func(t *testing.T) {
		w := start(t, Options{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := w.Call(ctx, Call{}, &record{}); !errors.Is(err, context.Canceled) || IsDied(err) != nil {
			t.Errorf("got %v", err)
		}
		must(t, w, "hello")
	})
}

func TestDeathBetweenCalls(t *testing.T) {
	w := start(t, Options{})
	must(t, w, "lateexit")
	<-w.Dead()
	if d := IsDied(w.Err()); d == nil || d.ExitCode != 4 {
		t.Errorf("got %v", w.Err())
	}
}

func TestSystemKillsSaidToBeMemory(t *testing.T) {
	e := ending{status: syscall.WaitStatus(syscall.SIGKILL), oom: true, words: &lastWords{}}
	if d := e.died(); d.Reason != OutOfMemory {
		t.Errorf("got %+v", d)
	}
}

func TestStartFails(t *testing.T) {
	tests := []struct {
		kind, message string
		reason        Reason
	}{
		{"exits", "exit status 7", Exited},
		{"killed", "signal: killed", Signaled},
		{"version", fmt.Sprintf("version mismatch: the other side speaks version %d, this one %d", frame.Version+1, frame.Version), Protocol},
		{"text", "not a frame", Protocol},
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.kind, func(t *testing.T) {
			_, err := Start(t.Context(), Options{Exe: self, Env: []string{"HPGO_TEST_FAKE=" + tt.kind}})
			d := IsDied(err)
			if d == nil || d.Reason != tt.reason || !strings.Contains(d.Message, tt.message) {
				t.Fatalf("got %v", err)
			}
			if tt.kind == "exits" && !strings.Contains(d.Stderr, "missing something") {
				t.Errorf("stderr %q", d.Stderr)
			}
		})
	}
	t.Run("silent", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := Start(ctx, Options{Exe: self, Env: []string{"HPGO_TEST_FAKE=silent"}}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("missing", func(t *testing.T) {
		if _, err := Start(t.Context(), Options{Exe: filepath.Join(t.TempDir(), "nothing")}); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("bad memory limit", func(t *testing.T) {
		t.Setenv(EnvMemoryLimit, "lots")
		if _, err := Start(t.Context(), Options{Exe: built.worker}); err == nil || !strings.Contains(err.Error(), "HPGO_MEMORY_LIMIT") {
			t.Errorf("got %v", err)
		}
	})
}

func TestMalformedEvents(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for kind, message := range map[string]string{
		"toolong": "frame too long", "badjson": "decode message", "unknown": "unknown kind 99",
		"twohellos": "second hello", "done": "cell 5, which is not running",
	} {
		t.Run(kind, func(t *testing.T) {
			w, err := Start(t.Context(), Options{Exe: self, Env: []string{"HPGO_TEST_FAKE=" + kind}})
			if err == nil {
				_, err = w.Call(t.Context(), Call{Cell: 1}, &record{})
			}
			if d := IsDied(err); d == nil || d.Reason != Protocol || !strings.Contains(d.Message, message) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestLastWords(t *testing.T) {
	stack := "\n\ngoroutine 1 [running]:\nmain.main()\n"
	tests := []struct {
		name   string
		parts  []string
		reason Reason
		want   string
	}{
		{"fatal", []string{"fatal error: all goroutines are asleep - deadlock!" + stack}, Fatal, "fatal error: all goroutines are asleep - deadlock!"},
		{"in pieces", []string{"hello\n", "fatal error: ", "stack overflow", stack}, Fatal, "fatal error: stack overflow"},
		{"long dump", []string{"panic: x" + stack, strings.Repeat("goroutine 9 [select]:\n", 50_000)}, Panicked, "panic: x"},
		{"much text, then a crash", []string{strings.Repeat("more text\n", 500_000) + "fatal error: concurrent map writes" + stack}, Fatal, "fatal error: concurrent map writes"},
		{"user's text", []string{"panic: not really\n"}, Exited, "exit status 2"},
		{"cgo", []string{"SIGSEGV: segmentation violation\nPC=0x1 m=0" + stack}, Fatal, "SIGSEGV: segmentation violation"},
		{"nothing", nil, Exited, "exit status 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var l lastWords
			for _, p := range tt.parts {
				l.write([]byte(p))
			}
			d := ending{status: syscall.WaitStatus(2 << 8), words: &l}.died()
			if d.Reason != tt.reason || d.Message != tt.want {
				t.Errorf("got %q, %q", d.Reason, d.Message)
			}
		})
	}
}
