package worker

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// asked is a record whose user answers from a list. A question stands in the log
// as <prompt:answer>, with a * for a password. When the list is empty the user
// keeps the question open.
type asked struct {
	record
	answers []string
	onAsk   func()
}

var errNobody = errors.New("there is no user")

func (a *asked) Input(ctx context.Context, prompt string, password bool) (string, error) {
	if password {
		prompt += "*"
	}
	if a.onAsk != nil {
		a.onAsk()
	}
	a.mu.Lock()
	if len(a.answers) == 0 {
		a.log.WriteString("<" + prompt + ":...>")
		a.mu.Unlock()
		<-ctx.Done()
		return "", ctx.Err()
	}
	defer a.mu.Unlock()
	answer := a.answers[0]
	a.answers = a.answers[1:]
	if answer == "EOF" {
		return "", errNobody
	}
	a.log.WriteString("<" + prompt + ":" + answer + ">")
	return answer, nil
}

// ask is do with a user.
func ask(t *testing.T, w *Worker, answers []string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	a := &asked{answers: answers}
	_, err := w.Call(ctx, Call{Cell: 1, Object: built.cell, Symbol: "Cell", Args: append([]string{"cell"}, args...)}, a)
	return a.String(), err
}

func TestInput(t *testing.T) {
	w := start(t, Options{})
	tests := []struct {
		name    string
		answers []string
		args    []string
		log     string
	}{
		{"fmt.Scan", []string{"Ada"}, []string{"scan"}, "Name? <:Ada>got Ada<nil>"},
		{"an empty line first", []string{"", "Ada"}, []string{"scan"}, "Name? <:><:Ada>got Ada<nil>"},
		{"bufio", []string{"a b  c"}, []string{"scanline"}, `<:a b  c>"a b  c\n" <nil>`},
		{"what was left is gone", []string{"x"}, []string{"scanline"}, `<:x>"x\n" <nil>`},
		{"a child", []string{"one", "two"}, []string{"sh", "read x; read y; echo $y$x"}, "<:one><:two>twoone\n<nil>"},
		{"a grandchild", []string{"deep"}, []string{"sh", "(read x; echo $x); true"}, "<:deep>deep\n<nil>"},
		{"nobody answers", []string{"EOF"}, []string{"scan"}, "Name? got EOF"},
		{"another one does", []string{"Bob"}, []string{"scan"}, "Name? <:Bob>got Bob<nil>"},
		{"display.Input", []string{"Ada", "42"}, []string{"ask"}, "before <Your name::Ada><Pin:*:42>Ada 42 <nil> <nil>"},
		{"display.Input, nobody answers", []string{"Ada", "EOF"}, []string{"ask"},
			"before <Your name::Ada>Ada  <nil> display: nobody can be asked for input here"},
		{"nothing is read", nil, []string{"sleep", "100"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if log, err := ask(t, w, tt.answers, tt.args...); err != nil || log != tt.log {
				t.Errorf("got %q, %v; want %q", log, err, tt.log)
			}
		})
	}
}

// TestInputLeftOver: what one line has too much is for the next read of the same
// cell, not for another cell.
func TestInputLeftOver(t *testing.T) {
	w := start(t, Options{})
	log, err := ask(t, w, []string{"one", "two"}, "sh", "read x; head -c 2; echo $x")
	if want := "<:one><:two>twone\n<nil>"; err != nil || log != want {
		t.Fatalf("got %q, %v; want %q", log, err, want)
	}
	if log, err := ask(t, w, []string{"new"}, "scanline"); err != nil || log != `<:new>"new\n" <nil>` {
		t.Errorf("got %q, %v", log, err)
	}
}

// TestNoInput: a sink that is no Asker gives an end of file at once, and the next
// one that is may be asked again.
func TestNoInput(t *testing.T) {
	w := start(t, Options{})
	for range 2 {
		if r, _ := must(t, w, "scan"); r.String() != "Name? got EOF" {
			t.Errorf("got %q", r)
		}
		if r, _ := must(t, w, "ask"); strings.Count(r.String(), "nobody can be asked") != 2 {
			t.Errorf("got %q", r)
		}
		if log, err := ask(t, w, []string{"Ada"}, "scan"); err != nil || log != "Name? <:Ada>got Ada<nil>" {
			t.Errorf("got %q, %v", log, err)
		}
	}
}

// TestInputOneShot: programs of their own ask alike.
func TestInputOneShot(t *testing.T) {
	for _, tt := range []struct{ action, log string }{
		{"scan", "Name? <:Ada>got Ada<nil>"},
		{"ask", "before <Your name::Ada><Pin:*:42>Ada 42 <nil> <nil>"},
	} {
		a := &asked{answers: []string{"Ada", "42"}}
		_, err := Run(t.Context(), Options{Exe: built.oneshot, MemoryLimit: 2 << 30}, Call{Args: []string{"cell", tt.action}}, a)
		if err != nil || a.String() != tt.log {
			t.Errorf("got %q, %v; want %q", a, err, tt.log)
		}
	}
}

// TestInputInterrupted: an interrupt takes the question back.
func TestInputInterrupted(t *testing.T) {
	for _, action := range []string{"scan", "ask"} {
		w := start(t, Options{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		a := &asked{onAsk: cancel}
		_, err := w.Call(ctx, Call{Object: built.cell, Symbol: "Cell", Args: []string{"cell", action}}, a)
		if err == nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v; output %q", action, err, a)
		}
	}
}

// TestInputOfBackground: a goroutine that reads goes on waiting between cells; the
// next cell's user may answer it, and isn't asked longer than that cell runs.
func TestInputOfBackground(t *testing.T) {
	w := start(t, Options{})
	if log, err := ask(t, w, nil, "scanlater"); err != nil || log != "" && log != "<:...>" {
		t.Errorf("got %q, %v", log, err)
	}
	if log, err := ask(t, w, nil, "sleep", "200"); err != nil || log != "<:...>" {
		t.Errorf("got %q, %v", log, err)
	}
	if log, err := ask(t, w, []string{"now"}, "sleep", "300"); err != nil || log != "<:now>later: now<nil>" {
		t.Errorf("got %q, %v", log, err)
	}
	// A question between cells has nobody to answer it.
	if _, err := ask(t, w, nil, "asklater", "50"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond)
	log, err := ask(t, w, nil, "sleep", "100")
	if err != nil || !strings.Contains(log, "nobody can be asked") {
		t.Errorf("got %q, %v", log, err)
	}
}

// TestPrompt: a program that asks in a way of its own reads the answer, and isn't
// asked twice.
func TestPrompt(t *testing.T) {
	w := start(t, Options{})
	if err := w.Prompt("?", false); !errors.Is(err, ErrNoInput) {
		t.Errorf("between cells: %v", err)
	}
	prompted := make(chan error, 1)
	a := &asked{answers: []string{"Ada", "too much"}}
	go func() {
		err := ErrNoInput
		for errors.Is(err, ErrNoInput) { // until the call has begun
			err = w.Prompt("Enter:", true)
		}
		prompted <- err
	}()
	a.onAsk = func() { time.Sleep(50 * time.Millisecond) }
	_, err := w.Call(t.Context(), Call{Object: built.cell, Symbol: "Cell", Args: []string{"cell", "scan"}}, a)
	if log := a.String(); err != nil || strings.Count(log, "<") != 2 || !strings.Contains(log, "<Enter:*:Ada>") || !strings.HasSuffix(log, "got Ada<nil>") {
		t.Errorf("got %q, %v", log, err)
	}
	if err := <-prompted; err != nil {
		t.Error(err)
	}
}
