package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"hpgo/kernels"
	"hpgo/kernels/protocol"
)

// contender is a process that has rows of kernels (kernels/protocol).
type contender struct {
	name    string // Go, Python, C
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers *bufio.Reader
	stderr  strings.Builder
	engine  string // how its Go is built or run; "": as it is
	version string
	rows    []kernels.Row
}

// startContender starts a program. It is killed with ctx.
func startContender(ctx context.Context, name string, command ...string) (*contender, error) {
	c := &contender{name: name, cmd: exec.CommandContext(ctx, command[0], command[1:]...)}
	c.cmd.Stderr = &c.stderr
	in, err := c.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	c.in, c.answers = in, bufio.NewReader(out)
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return c, nil
}

// ask sends a command and waits for its answer. An error of the command is the
// answer's; one that comes back means that the process is of no use any more.
func (c *contender) ask(format string, args ...any) (protocol.Answer, error) {
	var a protocol.Answer
	if _, err := fmt.Fprintf(c.in, format+"\n", args...); err != nil {
		return a, c.gone(err)
	}
	line, err := c.answers.ReadBytes('\n')
	if err != nil {
		return a, c.gone(err)
	}
	if err := json.Unmarshal(line, &a); err != nil {
		return a, fmt.Errorf("%s answers %q: %w", c.name, line, err)
	}
	return a, nil
}

// gone adds what a process that has ended said last.
func (c *contender) gone(err error) error {
	c.in.Close()
	if how := c.cmd.Wait(); how != nil {
		err = how // signal: segmentation fault
	}
	if said := strings.TrimSpace(c.stderr.String()); said != "" {
		return fmt.Errorf("%s has ended (%w): %s", c.name, err, lastLine(said))
	}
	return fmt.Errorf("%s has ended: %w", c.name, err)
}

// open opens a subject.
func (c *contender) open(subject string, size int) (protocol.Answer, error) {
	a, err := c.ask("open %s %d", subject, size)
	if err == nil && a.Error != "" {
		err = errors.New(a.Error)
	}
	c.rows, c.version = a.Rows, a.Version
	if c.engine != "" && len(c.rows) > 0 {
		c.rows = c.rows[:1] // the reference: the rest would be measured once for each engine
		c.rows[0].Name += ", " + c.engine
	}
	return a, err
}

// close ends the process and waits for it.
func (c *contender) close() {
	c.in.Close()
	c.cmd.Wait() // how it ends says nothing about what it measured
}

// goContender builds and starts the rows in Go, with flags and settings of the build.
func goContender(ctx context.Context, source, dir, name string, flags, env []string) (*contender, error) {
	program := filepath.Join(dir, "hpgo-kernels-"+strings.Map(plainLetter, name))
	args := append([]string{"build", "-o", program}, flags...)
	cmd := exec.CommandContext(ctx, "go", append(args, "hpgo/kernels/hpgo-kernels")...)
	cmd.Dir, cmd.Env = source, append(append(os.Environ(), "GOFLAGS=", "GOWORK=off"), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the kernels: %w\n%s", err, out)
	}
	return startContender(ctx, name, program)
}

func plainLetter(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
		return r
	}
	return '-'
}

// pythonContender starts a subject's rows in Python.
func pythonContender(ctx context.Context, source, subject string) (*contender, error) {
	script := filepath.Join(source, "kernels", subject, subject+".py")
	if _, err := os.Stat(script); err != nil {
		return nil, errNoPeer
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		return nil, fmt.Errorf("no Python: %w", err)
	}
	return startContender(ctx, "Python", python, filepath.Join(source, "kernels", "peers", "peer.py"), script)
}

// cContender compiles and starts a subject's rows in C. Sums and products are not
// contracted, so that the results are those of the other languages.
func cContender(ctx context.Context, source, dir, subject string) (*contender, error) {
	header := filepath.Join(source, "kernels", subject, subject+".h")
	if _, err := os.Stat(header); err != nil {
		return nil, errNoPeer
	}
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		return nil, fmt.Errorf("no C: %w", err)
	}
	program := filepath.Join(dir, subject+"-c")
	cmd := exec.CommandContext(ctx, gcc, "-O3", "-march=native", "-ffp-contract=off", "-fopenmp",
		"-DSUBJECT=\""+header+"\"", filepath.Join(source, "kernels", "peers", "peer.c"), "-o", program, "-lm")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("compile the kernels in C: %w\n%s", err, out)
	}
	return startContender(ctx, "C", program)
}

// errNoPeer: the subject has none in this language.
var errNoPeer = errors.New("no such peer")
