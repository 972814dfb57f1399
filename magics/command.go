package magics

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"hpgo/kernel/stdin"
	"hpgo/magics/group"
	"hpgo/magics/magic"
)

const (
	// outputLimit bounds what one command may show, as the worker's does for
	// cells: more than this stops front ends.
	outputLimit = 16 << 20
)

// ShellError is a command that failed.
type ShellError struct {
	Command string
	Reason  string // exit status N, killed by SIGNAL
	Status  int    // -1 when a signal ended it
}

// Error returns the reason.
func (e *ShellError) Error() string { return e.Reason }

// command is a program to run in a process group of its own.
type command struct {
	title string   // for the error
	argv  []string // program and arguments
	dir   string
	env   []string
	stdin string // all there is to read, unless ask is set
	// ask asks the user for a line when the command, or what it started, waits
	// for one; nil: nobody can be asked.
	ask   stdin.Ask
	out   func(stream, text string)
	atEnd func(func()) (forget func()) // Host.AtEnd
}

// RunProgram runs a program in the cells' directory and shows its output by out,
// one call at a time.
func RunProgram(ctx context.Context, h magic.Host, argv, env []string, out func(stream, text string)) error {
	c := hostCommand(h, argv[0], argv...)
	c.env, c.out = env, out
	return c.run(ctx)
}

// run runs the command to its end. Its output goes to out as it comes, one call
// at a time, cut on rune boundaries. When ctx ends, the group is interrupted,
// and killed if that doesn't help.
func (c command) run(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, c.argv[0], c.argv[1:]...)
	cmd.Dir = c.dir
	cmd.Env = append(c.env[:len(c.env):len(c.env)], "PWD="+c.dir)
	in := c.input(cmd)
	sink := &commandOutput{out: hinting(c.out, in), left: outputLimit}
	stdout, stderr := &commandStream{to: sink, name: "stdout"}, &commandStream{to: sink, name: "stderr"}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	g := group.New(cmd)
	var reaper *time.Timer
	cmd.Cancel = func() error {
		reaper = time.AfterFunc(group.KillAfter, g.Kill)
		return g.Interrupt()
	}
	cmd.WaitDelay = group.LetGo
	err := g.Start()
	if err == nil {
		stop := c.feed(ctx, in, cmd.Process.Pid)
		err = cmd.Wait()
		stop()
		if reaper != nil {
			// The leader is gone; what is left of its group goes too.
			reaper.Stop()
			g.Kill()
		}
		if !g.Release() {
			c.keep(g)
		}
	}
	if in != nil {
		in.Close()
	}
	stdout.end()
	stderr.end()
	sink.end()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return c.explain(err)
}

// backgroundPoll is how often a group in the background is looked at.
const backgroundPoll = 5 * time.Second

// keep lets a group go on in the background, as `!server &` wants it, until it
// ends or the session does. The goroutine that looks after it ends then.
func (c command) keep(g *group.Group) {
	end, ended := make(chan struct{}), make(chan struct{})
	forget := c.atEnd(func() {
		close(end)
		<-ended
	})
	go func() {
		defer close(ended)
		for !g.Release() {
			select {
			case <-end:
				g.Close()
				return
			case <-time.After(backgroundPoll):
			}
		}
		forget()
	}()
}

// input gives a command its standard input: the user's lines, a text, or the null
// device. It returns the first of these; nil for the others.
func (c command) input(cmd *exec.Cmd) stdin.Input {
	if c.ask == nil {
		if c.stdin != "" {
			cmd.Stdin = strings.NewReader(c.stdin)
		}
		return nil
	}
	var in stdin.Input
	in, err := stdin.NewTerminal()
	if err != nil { // not every container has terminals
		in, err = stdin.NewPipe()
	}
	if err != nil {
		return nil // no descriptors are left: starting the command says so
	}
	cmd.Stdin = in.Theirs()
	return in
}

// hinting is an output that tells the input when a prompt may have been written.
func hinting(out func(stream, text string), in stdin.Input) func(stream, text string) {
	if in == nil {
		return out
	}
	return func(stream, text string) {
		out(stream, text)
		if !strings.HasSuffix(text, "\n") {
			in.Hint()
		}
	}
}

// feed asks the user for what the command reads, until stop is called.
func (c command) feed(ctx context.Context, in stdin.Input, pid int) (stop func()) {
	if in == nil {
		return func() {}
	}
	in.Started()
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		// Who can't be seen to wait finds the end of his input, as without a user.
		_ = in.Feed(ctx, pid, c.ask)
	}()
	return func() {
		cancel()
		<-done
	}
}

// explain turns the error of os/exec into what the user should read.
func (c command) explain(err error) error {
	var exit *exec.ExitError
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay):
		return nil
	case errors.As(err, &exit):
		reason := exit.Error()
		if rest, ok := strings.CutPrefix(reason, "signal: "); ok {
			reason = "killed by signal: " + rest
		}
		return &ShellError{Command: c.title, Reason: reason, Status: exit.ExitCode()}
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("program %s was not found in PATH", c.argv[0])
	}
	if _, gone := os.Stat(c.dir); c.dir != "" && gone != nil { // the error names the program
		return fmt.Errorf("the cells' directory: %w; %%cd DIR goes to another", gone)
	}
	return fmt.Errorf("run %s: %w", c.argv[0], err)
}

// commandOutput passes the text of both streams on, within the limit.
type commandOutput struct {
	mu      sync.Mutex
	out     func(stream, text string)
	left    int
	dropped int
}

func (o *commandOutput) show(stream, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(text) > o.left {
		cut := o.left
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		o.dropped += len(text) - cut
		o.left, text = cut, text[:cut]
	}
	o.left -= len(text)
	if text != "" {
		o.out(stream, text)
	}
}

// end says what was dropped.
func (o *commandOutput) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.dropped > 0 {
		o.out("stderr", fmt.Sprintf("\n[hpgo: the output limit of %d MiB was reached; %d more bytes were dropped]\n", outputLimit>>20, o.dropped))
	}
}

// commandStream is one stream; os/exec writes to it from one goroutine.
type commandStream struct {
	to    *commandOutput
	name  string
	carry []byte // an incomplete rune
}

// Write implements io.Writer.
func (s *commandStream) Write(p []byte) (int, error) {
	data := append(s.carry, p...)
	keep := len(data)
	for i := 1; i <= min(len(data), utf8.UTFMax-1); i++ {
		if tail := data[len(data)-i:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				keep = len(data) - i
			}
			break
		}
	}
	s.carry = append([]byte(nil), data[keep:]...)
	s.to.show(s.name, strings.ToValidUTF8(string(data[:keep]), "\uFFFD"))
	return len(p), nil
}

// end shows what an ended stream left.
func (s *commandStream) end() {
	if len(s.carry) > 0 {
		s.to.show(s.name, strings.ToValidUTF8(string(s.carry), "\uFFFD"))
		s.carry = nil
	}
}
