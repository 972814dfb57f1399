package timing

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"hpgo/magics/group"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
)

// engineProcess is a program that is driven run by run. It waits between them, so
// that several can take turns. Nothing of it outlives close.
//
// It starts the goroutines of os/exec, which copy what the program prints and end
// with it, and one that waits for the end of a context, which close ends.
type engineProcess struct {
	cmd     *exec.Cmd
	group   *group.Group
	to      *os.File
	from    *os.File
	answers *bufio.Scanner
	printed *lastBytes
	stop    func() bool
	ended   bool
}

// longestAnswer is how long a line of an engine's may be: that with a result.
const longestAnswer = 64 << 20

// startEngine starts a program as an engine.
func startEngine(ctx context.Context, h magic.Host, argv, env []string) (*engineProcess, error) {
	commands, to, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start an engine: %w", err)
	}
	defer commands.Close()
	from, answers, err := os.Pipe()
	if err != nil {
		to.Close()
		return nil, fmt.Errorf("start an engine: %w", err)
	}
	defer answers.Close()
	e := &engineProcess{to: to, from: from, printed: &lastBytes{}, answers: bufio.NewScanner(from)}
	e.answers.Buffer(nil, longestAnswer)
	e.cmd = exec.Command(argv[0], argv[1:]...)
	e.cmd.Dir, e.cmd.Env = h.Dir(), append(h.Environ(), env...)
	e.cmd.ExtraFiles = []*os.File{commands, answers}
	e.cmd.Stdout, e.cmd.Stderr = io.Discard, e.printed
	e.cmd.WaitDelay = group.LetGo
	e.group = group.New(e.cmd)
	if err := e.group.Start(); err != nil {
		to.Close()
		from.Close()
		return nil, fmt.Errorf("start an engine: %w", err)
	}
	e.stop = context.AfterFunc(ctx, e.group.Kill)
	return e, nil
}

// ask sends a command and waits for its answer.
func (e *engineProcess) ask(ctx context.Context, c harness.EngineCommand) (harness.EngineAnswer, error) {
	var a harness.EngineAnswer
	line, err := json.Marshal(c)
	if err != nil {
		return a, fmt.Errorf("ask an engine: %w", err)
	}
	if _, err := e.to.Write(append(line, '\n')); err != nil {
		return a, e.died(ctx)
	}
	if !e.answers.Scan() {
		return a, e.died(ctx)
	}
	if err := json.Unmarshal(e.answers.Bytes(), &a); err != nil {
		return a, fmt.Errorf("read an engine's answer: %w", err)
	}
	if a.Error != "" {
		return a, errors.New(a.Error)
	}
	return a, nil
}

// died says how the program ended.
func (e *engineProcess) died(ctx context.Context) error {
	e.finish()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	why := "it ended"
	if s := e.cmd.ProcessState; s != nil {
		why = s.String()
	}
	if text := e.printed.lastWords(); text != "" {
		why += ": " + text
	}
	return errors.New(why)
}

// finish waits for the program's end, and ends what it has started.
func (e *engineProcess) finish() {
	if e.ended {
		return
	}
	e.ended = true
	e.to.Close()
	reaper := time.AfterFunc(group.KillAfter, e.group.Kill)
	_ = e.cmd.Wait() // its state is in cmd
	reaper.Stop()
	e.from.Close()
	e.group.Close()
}

// close ends the program.
func (e *engineProcess) close() {
	e.stop()
	e.finish()
}

// lastBytes keeps the end of what is written to it.
type lastBytes struct{ text []byte }

const keptBytes = 8 << 10

// Write implements io.Writer.
func (l *lastBytes) Write(p []byte) (int, error) {
	if l.text = append(l.text, p...); len(l.text) > keptBytes {
		l.text = bytes.Clone(l.text[len(l.text)-keptBytes:])
	}
	return len(p), nil
}

// lastWords is the line that says why a program ended: a panic's, or the last.
func (l *lastBytes) lastWords() string {
	last := ""
	for line := range strings.Lines(string(l.text)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "fatal error:") {
			return line
		}
		if line != "" {
			last = line
		}
	}
	return last
}
