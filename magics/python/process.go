package python

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"hpgo/magics/group"
)

const (
	// startPatience bounds the start of Python.
	startPatience = time.Minute
	// letGo is how long the pipes of an ended process are read while others
	// hold them open.
	letGo = 500 * time.Millisecond
)

// Process is a running Python.
//
// Goroutines, all started in Start: one for each of the three pipes that Python
// writes to, blocked in reading it, ended by the pipe's end or by the reaper,
// which closes it when the process is gone; and the reaper, which blocks until
// the process has ended.
type Process struct {
	Exe     string // of the interpreter, as it calls itself
	Version string

	cmd      *exec.Cmd
	group    *group.Group
	requests *os.File
	merge    *merge
	file     string // hand-overs lie in this file and in the spare one, with suffixes
	spare    string

	ended   chan struct{} // closed when the process is gone and its pipes are read
	waitErr error         // how it ended; set before ended is closed

	sentEnv map[string]string
	sentDir string
}

// Start starts a Python and waits until it is ready.
func Start(ctx context.Context, exe, dir string, env []string) (*Process, error) {
	text, err := program()
	if err != nil {
		return nil, err
	}
	var token [12]byte
	rand.Read(token[:])
	name := hex.EncodeToString(token[:])
	p := &Process{merge: newMerge(name), ended: make(chan struct{}), sentEnv: map[string]string{}, sentDir: dir}
	p.file, p.spare = handoverFiles(fmt.Sprintf("%s%d-%s", handoverPrefix, os.Getpid(), name))
	sweep(filepath.Dir(p.file))
	for _, kv := range env {
		if k, v, ok := strings.Cut(kv, "="); ok {
			p.sentEnv[k] = v
		}
	}
	if err := p.spawn(exe, dir, env); err != nil {
		return nil, fmt.Errorf("start %s: %w", exe, err)
	}
	if _, err := fmt.Fprintf(p.requests, "%s\n%d\n%s", name, len(text), text); err != nil && !errors.Is(err, os.ErrClosed) && !errors.Is(err, syscall.EPIPE) {
		p.Close()
		return nil, fmt.Errorf("start %s: %w", exe, err)
	}
	if err := p.awaitReady(ctx, exe); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// handoverFiles are the paths of hand-overs: in shared memory, and in a folder
// of the disk for what doesn't fit there.
func handoverFiles(name string) (file, spare string) {
	spare = filepath.Join(os.TempDir(), name)
	const shm = "/dev/shm"
	if st, err := os.Stat(shm); err == nil && st.IsDir() {
		return filepath.Join(shm, name), spare
	}
	return spare, spare + "-2"
}

// spawn starts the process with its pipes and the goroutines.
func (p *Process) spawn(exe, dir string, env []string) error {
	var ours, theirs [4]*os.File // stdout, stderr, requests, events
	for i := range ours {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll(ours[:])
			closeAll(theirs[:])
			return err
		}
		ours[i], theirs[i] = r, w
		if i == 2 {
			ours[i], theirs[i] = w, r
		}
	}
	p.requests = ours[2]
	p.cmd = exec.Command(exe, "-X", "faulthandler", "-c", loader)
	p.cmd.Dir, p.cmd.Env = dir, append(env[:len(env):len(env)], "PWD="+dir)
	p.cmd.Stdout, p.cmd.Stderr, p.cmd.ExtraFiles = theirs[0], theirs[1], theirs[2:]
	p.group = group.New(p.cmd)
	err := p.group.Start()
	closeAll(theirs[:])
	if err != nil {
		closeAll(ours[:])
		return err
	}
	go p.reap(ours)
	return nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		if f != nil {
			f.Close()
		}
	}
}

// reap reads the pipes and waits for the end of the process.
func (p *Process) reap(ours [4]*os.File) {
	var readers sync.WaitGroup
	readers.Go(func() { p.readText(stdout, ours[0]) })
	readers.Go(func() { p.readText(stderr, ours[1]) })
	readers.Go(func() { p.readEvents(ours[3]) })
	p.waitErr = p.cmd.Wait()
	p.group.Close()
	for _, f := range ours {
		// A program that has left the group may hold a pipe open.
		_ = f.SetReadDeadline(time.Now().Add(letGo)) // pipes have deadlines, and it is only for haste
	}
	p.merge.release()
	readers.Wait()
	closeAll(ours[:])
	p.merge.end()
	close(p.ended)
}

// readText reads a stream to its end.
func (p *Process) readText(stream int, f *os.File) {
	buf := make([]byte, 64<<10)
	for {
		n, err := f.Read(buf)
		if n > 0 {
			p.merge.addText(stream, buf[:n])
		}
		if err != nil {
			return
		}
	}
}

// readEvents reads the events to their end.
func (p *Process) readEvents(f *os.File) {
	r := bufio.NewReaderSize(f, 64<<10)
	for {
		line, err := r.ReadBytes('\n')
		e := &event{}
		if json.Unmarshal(line, e) == nil && e.Op != "" {
			p.merge.addEvent(e)
		}
		if err != nil {
			return
		}
	}
}

// awaitReady waits until Python has read its program.
func (p *Process) awaitReady(ctx context.Context, exe string) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	var said strings.Builder
	for {
		piece, ok := p.merge.next()
		switch {
		case ok && piece.event != nil && piece.event.Op == "ready":
			p.Exe, p.Version = piece.event.Exe, piece.event.Version
			return nil
		case ok:
			said.WriteString(piece.text)
			continue
		}
		select {
		case <-p.merge.news:
		case <-p.ended:
			if piece, ok := p.merge.next(); ok {
				said.WriteString(piece.text)
				continue
			}
			lines := strings.Split(strings.TrimSpace(said.String()), "\n")
			if last := lines[len(lines)-1]; last != "" {
				return fmt.Errorf("%s did not start (%s): %s", exe, p.Reason(), last)
			}
			return fmt.Errorf("%s did not start (%s)", exe, p.Reason())
		case <-ctx.Done():
			return fmt.Errorf("start %s: %w", exe, ctx.Err())
		}
	}
}

// Alive reports whether the process still runs.
func (p *Process) Alive() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// PID is the process's number.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Reason says how the process ended.
func (p *Process) Reason() string {
	<-p.ended
	var exit *exec.ExitError
	switch {
	case errors.As(p.waitErr, &exit):
		return strings.Replace(exit.Error(), "signal: ", "killed by signal: ", 1)
	case p.waitErr != nil:
		return p.waitErr.Error()
	}
	return "exit status 0"
}

// Close kills the process with all it started, and removes its files.
func (p *Process) Close() error {
	p.group.Kill()
	<-p.ended
	for _, f := range []string{p.file, p.spare} {
		for _, suffix := range []string{"-in", "-out"} {
			os.Remove(f + suffix) // most often there is none
		}
	}
	return nil
}

// order sends one order.
func (p *Process) order(o any) error {
	line, err := json.Marshal(o)
	if err != nil {
		return err
	}
	_, err = p.requests.Write(append(line, '\n'))
	if errors.Is(err, io.ErrClosedPipe) || errors.Is(err, os.ErrClosed) || errors.Is(err, syscall.EPIPE) {
		return nil // the end of the process is reported where its events are awaited
	}
	return err
}
