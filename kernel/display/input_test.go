package display

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// TestInputInAProgram: without a notebook the line comes from standard input, and
// nothing more is taken.
func TestInputInAProgram(t *testing.T) {
	in := strings.NewReader("Ada\r\n\nrest")
	var out strings.Builder
	for _, want := range []string{"Ada", "", "rest"} {
		line, err := askTerminal(in, &out, "? ")
		if err != nil || line != want {
			t.Errorf("got %q, %v; want %q", line, err, want)
		}
	}
	if _, err := askTerminal(in, &out, "? "); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
	if out.String() != "? ? ? ? " {
		t.Errorf("prompts %q", out.String())
	}
}

// TestInputInANotebook: questions go the way that was set.
func TestInputInANotebook(t *testing.T) {
	t.Cleanup(func() { SetAsk(nil) })
	SetAsk(func(prompt string, password bool) (string, error) {
		if password {
			return "", ErrNoInput
		}
		return "to " + prompt, nil
	})
	if line, err := Input("a"); line != "to a" || err != nil {
		t.Errorf("got %q, %v", line, err)
	}
	if _, err := Password("b"); !errors.Is(err, ErrNoInput) {
		t.Errorf("got %v", err)
	}
}
