package guard

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

type point struct {
	X, Y int
	Name string
}

type color int

type named string

type stringer struct{}

func (stringer) String() string { return "a stringer" }

type broken struct{}

func (broken) Error() string { panic("in Error") }

type node struct{ Next *node }

func TestValue(t *testing.T) {
	cycle := &node{}
	cycle.Next = cycle
	self := []any{nil}
	self[0] = self
	tests := []struct {
		value any
		want  string
	}{
		{"text", "text"},
		{"two\nlines", "two\nlines"},
		{42, "42"}, {uint8(3), "3"}, {'x', "120"}, {1.5, "1.5"}, {float32(0.1), "0.1"}, {true, "true"}, {1 + 2i, "(1+2i)"},
		{color(3), "guard.color(3)"},
		{named("a\nb"), "guard.named(\"a\nb\")"},
		{errors.New("an error"), "an error"},
		{fmt.Errorf("outer: %w", os.ErrNotExist), "outer: file does not exist"},
		{stringer{}, "a stringer"},
		{broken{}, "(guard.broken) whose method panicked: in Error"},
		{(*broken)(nil), "(*guard.broken) whose method panicked"},
		{point{1, 2, "p"}, `guard.point{X:1, Y:2, Name:"p"}`},
		{&point{1, 2, "p"}, `&guard.point{X:1, Y:2, Name:"p"}`},
		{[]int{1, 2}, "[]int{1, 2}"},
		{map[string]int{"a": 1}, "map[string]int{1 elements}"},
		{[]any{nil, "s", color(1)}, `[]interface {}{nil, "s", guard.color(1)}`},
	}
	for _, tt := range tests {
		if got := Value(tt.value); got != tt.want {
			t.Errorf("%T: got %q, want %q", tt.value, got, tt.want)
		}
	}
	// Cyclic and huge ones end, and stay small.
	for _, v := range []any{cycle, self, make([]byte, 1<<20), strings.Repeat("\u4e16", 1<<20)} {
		if got := Value(v); len(got) > maxValue+100 {
			t.Errorf("%T: %d bytes", v, len(got))
		}
	}
}

// TestValueAsGo compares with what Go prints for the same panics.
func TestValueAsGo(t *testing.T) {
	values := []any{"text", 42, uint8(3), 'x', 1.5, true, 1 + 2i, color(3), named("a\tb"), errors.New("e"), stringer{}, 1e100, -0.25}
	if n := os.Getenv("HPGO_TEST_PANIC"); n != "" {
		var i int
		fmt.Sscan(n, &i)
		go func() { panic(values[i]) }() // outside of the testing package's recover
		select {}
	}
	for i, v := range values {
		cmd := exec.Command(os.Args[0], "-test.run=TestValueAsGo")
		cmd.Env = append(os.Environ(), fmt.Sprint("HPGO_TEST_PANIC=", i))
		out, _ := cmd.CombinedOutput()
		_, after, _ := strings.Cut(string(out), "panic: ")
		want, _, _ := strings.Cut(after, "\n\ngoroutine ")
		if got := Value(v); got != want {
			t.Errorf("%T: got %q, Go prints %q", v, got, want)
		}
	}
}

func TestRecover(t *testing.T) {
	reports := make(chan *Panic, 1)
	Handle(func(p *Panic) { reports <- p })
	defer Handle(nil)

	go func() { defer Recover(); fails(5) }()
	p := <-reports
	if p.Value != "runtime error: index out of range [5] with length 2" || p.GoType != "runtime.boundsError" || !p.Goroutine {
		t.Errorf("got %+v", p)
	}
	if len(p.Frames) != 2 || !strings.HasSuffix(p.Frames[0].Func, "guard.fails") || !strings.Contains(p.Frames[1].Func, "TestRecover.func") {
		t.Errorf("frames %+v", p.Frames)
	}

	done := make(chan bool)
	for _, f := range []func(){func() {}, runtime.Goexit} {
		go func() { defer close(done); defer Recover(); f() }()
		<-done
		done = make(chan bool)
	}
	select {
	case p := <-reports:
		t.Errorf("a goroutine that did not panic: %+v", p)
	default:
	}
}

//go:noinline
func fails(i int) int { return []int{1, 2}[i] }

func TestWithoutHandler(t *testing.T) {
	defer func() {
		if v := recover(); v != "goes on" {
			t.Errorf("recovered %v", v)
		}
	}()
	defer Recover()
	panic("goes on")
}

func TestDeepStack(t *testing.T) {
	defer func() {
		recover()
		p := Describe("x")
		if len(p.Frames) != keepInner+keepOuter {
			t.Fatalf("%d frames", len(p.Frames))
		}
		if e := p.Frames[keepInner].Elided; e < 10_000-keepInner-keepOuter {
			t.Errorf("%d left out", e)
		}
	}()
	deep(10_000)
}

//go:noinline
func deep(n int) int {
	if n == 0 {
		panic("deep")
	}
	return deep(n-1) + 1
}
