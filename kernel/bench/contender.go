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
	"slices"
	"strings"

	"hpgo/kernels"
	"hpgo/kernels/protocol"
	"hpgo/magics/group"
)

// contender is a process that has rows of kernels (kernels/protocol), with what it
// starts.
type contender struct {
	name    string // Go, Python, C
	cmd     *exec.Cmd
	group   *group.Group
	ended   error // why it is of no use any more; nil while it is
	in      io.WriteCloser
	answers *bufio.Reader
	stderr  strings.Builder
	engine  string // how its Go is built or run; "": as it is
	version string
	rows    []kernels.Row
}

// start starts a program. It is killed with ctx, and all that it has started, too;
// what it leaves in the directory for temporary files goes with the workshop.
func (w workshop) start(ctx context.Context, name string, command ...string) (*contender, error) {
	c := &contender{name: name, cmd: exec.CommandContext(ctx, command[0], command[1:]...)}
	c.cmd.Stderr, c.cmd.Env = &c.stderr, append(os.Environ(), w.temporary())
	c.group = group.New(c.cmd)
	c.cmd.Cancel, c.cmd.WaitDelay = func() error { c.group.Kill(); return nil }, group.LetGo
	in, err := c.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	c.in, c.answers = in, bufio.NewReader(out)
	if err := c.group.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return c, nil
}

// ask sends a command and waits for its answer. An error of the command is the
// answer's; one that comes back means that the process is of no use any more.
func (c *contender) ask(format string, args ...any) (protocol.Answer, error) {
	var a protocol.Answer
	if c.ended != nil {
		return a, c.ended
	}
	if _, err := fmt.Fprintf(c.in, format+"\n", args...); err != nil {
		return a, c.gone(err)
	}
	line, err := c.answers.ReadBytes('\n')
	if err != nil {
		return a, c.gone(err)
	}
	if err := json.Unmarshal(line, &a); err != nil {
		c.close()
		c.ended = fmt.Errorf("%s answers %q: %w", c.name, line, err)
		return a, c.ended
	}
	return a, nil
}

// gone adds what a process that has ended said last.
func (c *contender) gone(err error) error {
	if how := c.wait(); how != nil {
		err = how // signal: segmentation fault
	}
	c.ended = fmt.Errorf("%s has ended: %w", c.name, err)
	if said := strings.TrimSpace(c.stderr.String()); said != "" {
		c.ended = fmt.Errorf("%s has ended (%w): %s", c.name, err, lastLine(said))
	}
	return c.ended
}

// wait waits for the process, whose input ends, and then for nothing that it left.
func (c *contender) wait() error {
	c.in.Close()
	err := c.cmd.Wait()
	c.group.Close()
	return err
}

// open opens a subject.
func (c *contender) open(subject string, size int) (protocol.Answer, error) {
	a, err := c.carryOut("open %s %d", subject, size)
	c.rows, c.version = a.Rows, a.Version
	if c.engine != "" && len(c.rows) > 0 {
		c.rows = c.rows[:1] // the reference: the rest would be measured once for each engine
		c.rows[0].Name += ", " + c.engine
	}
	return a, err
}

// close ends the process and waits for it; how it ends says nothing about what it
// measured.
func (c *contender) close() { _ = c.wait() }

// carryOut asks for what has no use for an error in its answer.
func (c *contender) carryOut(format string, args ...any) (protocol.Answer, error) {
	a, err := c.ask(format, args...)
	if err == nil && a.Error != "" {
		err = errors.New(a.Error)
	}
	return a, err
}

// workshop is where the programs of a measurement are made.
type workshop struct {
	source, dir string // hpgo's packages; what is built
	progress    func(string)
}

// temporary is the setting with which programs leave nothing behind when they are killed.
func (w workshop) temporary() string { return "TMPDIR=" + w.dir }

// program builds a package, unless it has been built under the name before. The error
// has what the toolchain said.
func (w workshop) program(ctx context.Context, name, pkg string, flags, env []string) (path string, err error) {
	path = filepath.Join(w.dir, name)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	args := slices.Concat([]string{"build", "-o", path}, flags, []string{pkg})
	env = append([]string{"GOAMD64=v1", "GOTMPDIR=" + w.dir, w.temporary()}, env...)
	if out, err := goTool(ctx, w.source, env, args...); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", pkg, err, out)
	}
	return path, nil
}

// goContender builds and starts the rows in Go, with flags and settings of the build;
// name tells builds apart.
func (w workshop) goContender(ctx context.Context, name string, flags, env []string) (*contender, error) {
	program, err := w.program(ctx, "hpgo-kernels-"+name, "hpgo/kernels/hpgo-kernels", flags, env)
	if err != nil {
		return nil, err
	}
	return w.start(ctx, "Go", program)
}

// pythonContender starts a subject's rows in Python.
func (w workshop) pythonContender(ctx context.Context, subject string) (*contender, error) {
	script := filepath.Join(w.source, "kernels", subject, subject+".py")
	if _, err := os.Stat(script); err != nil {
		return nil, errNoPeer
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		return nil, fmt.Errorf("no Python: %w", err)
	}
	return w.start(ctx, "Python", python, filepath.Join(w.source, "kernels", "peers", "peer.py"), script)
}

// cContender compiles and starts a subject's rows in C. Sums and products are not
// contracted, so that the results are those of the other languages.
func (w workshop) cContender(ctx context.Context, subject string) (*contender, error) {
	header := filepath.Join(w.source, "kernels", subject, subject+".h")
	if _, err := os.Stat(header); err != nil {
		return nil, errNoPeer
	}
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		return nil, fmt.Errorf("no C: %w", err)
	}
	program := filepath.Join(w.dir, subject+"-c")
	flags := []string{"-O3", "-march=native", "-ffp-contract=off", "-fopenmp",
		"-DSUBJECT=\"" + header + "\"", filepath.Join(w.source, "kernels", "peers", "peer.c"), "-o", program, "-lm"}
	if out, err := tool(ctx, w.dir, []string{w.temporary()}, gcc, flags...); err != nil {
		return nil, fmt.Errorf("compile the kernels in C: %w\n%s", err, out)
	}
	return w.start(ctx, "C", program)
}

// errNoPeer: the subject has none in this language.
var errNoPeer = errors.New("no such peer")
