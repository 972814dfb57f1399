package display

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
)

// ErrNoInput is the error of asking where nobody answers: in a notebook that is
// run without a user, or between two cells.
var ErrNoInput = errors.New("nobody can be asked for input here")

// asking is how the process asks its user; nil: on its own terminal.
var asking struct {
	mu  sync.Mutex
	ask func(prompt string, password bool) (string, error)
}

// SetAsk directs questions to ask, which may be called from several goroutines;
// nil returns to the process's own terminal. The worker calls it before user code
// runs.
func SetAsk(ask func(prompt string, password bool) (string, error)) {
	asking.mu.Lock()
	defer asking.mu.Unlock()
	asking.ask = ask
}

// Input asks the user for a line and returns it without its end:
//
//	name, err := display.Input("Your name: ")
//
// In a notebook the front end shows the prompt with a box to type in. In an
// ordinary program the prompt goes to standard output and the line comes from
// standard input. The error is ErrNoInput where nobody answers; an interrupt is
// an error as well.
func Input(prompt string) (string, error) { return input(prompt, false) }

// Password is Input for what shouldn't be seen: the front end hides what is
// typed, and it doesn't get into the notebook. An ordinary program hides nothing.
func Password(prompt string) (string, error) { return input(prompt, true) }

func input(prompt string, password bool) (string, error) {
	asking.mu.Lock()
	ask := asking.ask
	asking.mu.Unlock()
	if ask == nil {
		ask = func(prompt string, _ bool) (string, error) { return askTerminal(os.Stdin, os.Stdout, prompt) }
	}
	line, err := ask(prompt, password)
	if err != nil {
		return "", fmt.Errorf("display: %w", err)
	}
	return line, nil
}

// askTerminal reads byte by byte: what follows the line is for others to read.
func askTerminal(in io.Reader, out io.Writer, prompt string) (string, error) {
	if _, err := io.WriteString(out, prompt); err != nil {
		return "", err
	}
	var line []byte
	var b [1]byte
	for {
		n, err := in.Read(b[:])
		switch {
		case n > 0 && b[0] == '\n':
			return strings.TrimSuffix(string(line), "\r"), nil
		case n > 0:
			line = append(line, b[0])
		case err == io.EOF && len(line) > 0:
			return string(line), nil
		case err != nil:
			return "", err
		}
	}
}
