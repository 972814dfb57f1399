package session

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/display"
)

// typist is a face whose user answers, or leaves.
type typist struct {
	log  strings.Builder
	gone bool
}

// Stream implements Sink.
func (y *typist) Stream(name, text string) { fmt.Fprintf(&y.log, "%s[%s]", name, text) }

// Display implements Sink.
func (y *typist) Display(display.Event) { y.log.WriteString("(display)") }

// Input implements Asker.
func (y *typist) Input(_ context.Context, prompt string, _ bool) (string, error) {
	fmt.Fprintf(&y.log, "<%s>", prompt)
	if y.gone {
		return "", errors.New("gone")
	}
	return "x", nil
}

// TestPromptsWait: the beginning of a line is shown when nobody asks.
func TestPromptsWait(t *testing.T) {
	y := &typist{}
	p := &promptSink{face: y, hold: time.Millisecond}
	p.Stream("stdout", "a")
	for shown := ""; shown != "stdout[a]"; time.Sleep(time.Millisecond) {
		p.mu.Lock()
		shown = y.log.String()
		p.mu.Unlock()
	}
}

func TestPrompts(t *testing.T) {
	ask := func(prompt string) func(*promptSink) {
		return func(p *promptSink) { p.Input(context.Background(), prompt, false) }
	}
	write := func(name, text string) func(*promptSink) {
		return func(p *promptSink) { p.Stream(name, text) }
	}
	show := func(p *promptSink) { p.Display(display.Event{}) }
	for _, test := range []struct {
		name  string
		steps []func(*promptSink)
		gone  bool
		want  string
	}{
		{"text before a question", []func(*promptSink){write("stdout", "Name? "), ask("")}, false, "<Name? >"},
		{"only its last line", []func(*promptSink){write("stdout", "Hello\nNa"), write("stdout", "me? "), ask("")}, false, "stdout[Hello\n]<Name? >"},
		{"a whole line", []func(*promptSink){write("stdout", "Name?\n"), ask("")}, false, "stdout[Name?\n]<>"},
		{"on the other stream", []func(*promptSink){write("stdout", "a"), write("stderr", "b"), ask("")}, false, "stdout[a]<b>"},
		{"a question with a prompt", []func(*promptSink){write("stdout", "a"), ask("b")}, false, "stdout[a]<b>"},
		{"each text once", []func(*promptSink){write("stdout", "a"), ask(""), ask("")}, false, "<a><>"},
		{"before a display", []func(*promptSink){write("stdout", "a"), show, ask("")}, false, "stdout[a](display)<>"},
		{"no question", []func(*promptSink){write("stdout", "a"), write("stdout", "b")}, false, "stdout[ab]"},
		{"no answer", []func(*promptSink){write("stderr", "a"), ask("")}, true, "<a>stderr[a]"},
		{"a counter", []func(*promptSink){write("stdout", "\r10 %"), ask("")}, false, "stdout[\r10 %]<>"},
		{"colours", []func(*promptSink){write("stdout", "\x1b[1mName?"), ask("")}, false, "stdout[\x1b[1mName?]<>"},
		{"too long", []func(*promptSink){write("stdout", strings.Repeat("x", longestPrompt+1)), ask("")}, false,
			"stdout[" + strings.Repeat("x", longestPrompt+1) + "]<>"},
	} {
		y := &typist{gone: test.gone}
		p := &promptSink{face: y, hold: time.Hour}
		for _, step := range test.steps {
			step(p)
		}
		p.Flush()
		if got := y.log.String(); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}
