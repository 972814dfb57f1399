package bench

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed matplotlib.py
var matplotlibScript string

// matplotlib is a Python process that draws the figures beside us. Its own
// clock measures each; starting it and the imports are measured apart.
type matplotlib struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	dir     string
	version string
	imports float64 // seconds
	ready   float64 // seconds from nothing to ready
}

// startMatplotlib starts the python3 on PATH. The error says what is missing.
func startMatplotlib(ctx context.Context, figures []plotted) (*matplotlib, error) {
	path, err := exec.LookPath("python3")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "hpgo-bench-")
	if err != nil {
		return nil, err
	}
	m := &matplotlib{dir: dir}
	if err := m.start(ctx, path, figures); err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

func (m *matplotlib) start(ctx context.Context, path string, figures []plotted) error {
	for _, f := range figures {
		for key, values := range f.data {
			raw, err := binary.Append(nil, binary.NativeEndian, values)
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(m.dir, f.key+"."+key), raw, 0o600); err != nil {
				return err
			}
		}
	}
	begin := time.Now()
	m.cmd = exec.CommandContext(ctx, path, "-c", matplotlibScript, m.dir)
	var complaint strings.Builder
	m.cmd.Stderr = &complaint
	in, err := m.cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := m.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	m.in, m.out = in, bufio.NewReader(out)
	if err := m.cmd.Start(); err != nil {
		return err
	}
	if err := m.read(&m.imports, &m.version); err != nil {
		m.in.Close()
		m.cmd.Wait() // why it ended is in its complaint
		m.cmd = nil
		return fmt.Errorf("%s: %s", path, lastLine(complaint.String()))
	}
	m.ready = time.Since(begin).Seconds()
	return nil
}

// draw has a figure drawn and returns seconds and bytes.
func (m *matplotlib) draw(f plotted) (seconds, bytes float64, err error) {
	if _, err := fmt.Fprintln(m.in, f.key, f.kind); err != nil {
		return 0, 0, err
	}
	err = m.read(&seconds, &bytes)
	return seconds, bytes, err
}

// read reads one answer.
func (m *matplotlib) read(values ...any) error {
	line, err := m.out.ReadString('\n')
	if err != nil {
		return fmt.Errorf("matplotlib: %w", err)
	}
	if _, err := fmt.Sscan(line, values...); err != nil {
		return fmt.Errorf("matplotlib answers %q: %w", line, err)
	}
	return nil
}

func (m *matplotlib) close() error {
	if m.cmd != nil {
		m.in.Close()
		if err := m.cmd.Wait(); err != nil {
			os.RemoveAll(m.dir)
			return fmt.Errorf("matplotlib: %w", err)
		}
	}
	return os.RemoveAll(m.dir)
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
