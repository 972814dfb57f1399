package remote

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"hpgo/magics/harness/sampler"
	"hpgo/plots/recording/profiles"
)

// Process is a program on this machine.
type Process struct {
	PID     int
	Program string // its first argument: its program, as it was started
	Command string // its arguments, with blanks between
	Go      string // its version of Go; "": it is no Go program, or can't be read
}

// Find looks at a process.
func Find(pid int) (Process, error) {
	p := Process{PID: pid}
	args, err := arguments(pid)
	if err != nil {
		return Process{}, err
	}
	p.Program, p.Command = args[0], strings.Join(args, " ")
	if info, err := buildinfo.ReadFile(fmt.Sprintf("/proc/%d/exe", pid)); err == nil {
		p.Go = info.GoVersion
	}
	return p, nil
}

// startTime is how long a process may take at most from its start until its
// arguments are there.
const startTime = 200 * time.Millisecond

// arguments are what a process was started with, at least one. For a moment after
// its start a process has a program and no arguments yet; a part of the kernel, and
// one that has ended, has no program.
func arguments(pid int) ([]string, error) {
	args, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	for end := time.Now().Add(startTime); err == nil && len(args) == 0 && time.Now().Before(end); {
		if _, gone := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); gone != nil {
			break
		}
		time.Sleep(time.Millisecond)
		args, err = os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no process %d", pid)
	case err != nil:
		return nil, fmt.Errorf("look at process %d: %w", pid, err)
	case len(args) == 0:
		return nil, fmt.Errorf("process %d is part of the kernel, or has ended", pid)
	}
	return strings.Split(strings.Trim(string(args), "\x00"), "\x00"), nil
}

// Name is what the process is called: its program, without the directory.
func (p Process) Name() string {
	return filepath.Base(p.Program)
}

// isCalled reports whether a process has a name: that of the program that it was
// started as, or what the kernel calls it, which scripts and servers change.
func isCalled(pid int, name string) bool {
	args, err := arguments(pid)
	if err != nil {
		return false
	}
	comm, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)) // it may just have ended
	return (Process{Program: args[0]}).Name() == name || strings.TrimSuffix(string(comm), "\n") == name
}

// Runs reports whether the process still runs: not that it has ended, and only waits
// for its parent to take note.
func (p Process) Runs() bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.PID))
	if err != nil {
		return false
	}
	_, state, _ := strings.Cut(string(text), ") ") // behind the name, which may hold anything
	return state != "" && state[0] != 'Z' && state[0] != 'X'
}

// Named finds the process of a program that runs once.
func Named(name string) (int, error) {
	dir, err := os.ReadDir("/proc")
	if err != nil {
		return 0, fmt.Errorf("list the processes: %w", err)
	}
	var found []string
	for _, e := range dir {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		if isCalled(pid, name) {
			found = append(found, e.Name())
		}
	}
	switch len(found) {
	case 0:
		return 0, fmt.Errorf("no process is called %q; give its number, or the URL of its /debug/pprof pages", name)
	case 1:
		return strconv.Atoi(found[0])
	}
	return 0, fmt.Errorf("%d processes are called %q: give the number of one: %s", len(found), name, strings.Join(found, ", "))
}

// Sampling is a sampling of a process that goes on.
//
// The sampler has a goroutine that reads what the kernel writes and looks addresses
// up in symbols; Stop ends it.
type Sampling struct {
	process Process
	symbols *symbols
	follow  *sampler.Following
	began   time.Time
	took    time.Duration // 0: it goes on
}

// Sample begins to sample a process, so many times per second of CPU time (0: 4,000).
func Sample(p Process, rate float64) (*Sampling, error) {
	s := &Sampling{process: p}
	var err error
	if s.symbols, err = openSymbols(p.PID); err != nil {
		return nil, explain(err, p)
	}
	s.began = time.Now()
	s.follow, err = sampler.Follow(sampler.Target{PID: p.PID, Rate: rate, Missing: s.symbols.missing, IsCode: s.symbols.isCode})
	if err != nil {
		s.symbols.close()
		return nil, explain(err, p)
	}
	return s, nil
}

// explain says what a refusal means.
func explain(err error, p Process) error {
	switch {
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return fmt.Errorf("%w (it takes the right to trace process %d: its user, root, or CAP_SYS_PTRACE)", err, p.PID)
	case errors.Is(err, syscall.ESRCH), errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("process %d has ended: %w", p.PID, err)
	}
	return err
}

// Count is about how many samples there are so far.
func (s *Sampling) Count() int64 { return s.follow.Count() }

// Wait waits until the time is over, ctx is, or the process.
func (s *Sampling) Wait(ctx context.Context, d time.Duration) {
	end := time.NewTimer(d)
	defer end.Stop()
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-end.C:
			return
		case <-look.C:
			if !s.process.Runs() {
				return
			}
		}
	}
}

// Stop ends the sampling. Profile still tells what was seen.
func (s *Sampling) Stop() error {
	s.took = time.Since(s.began)
	if err := s.follow.Stop(); err != nil {
		return fmt.Errorf("stop sampling process %d: %w", s.process.PID, err)
	}
	return nil
}

// Close ends the use of the process's files, after Stop and the last Profile.
func (s *Sampling) Close() { s.symbols.close() }

// Profile is what was seen so far, samples and CPU time, with what is to be said of
// it. It may be called while samples are taken.
func (s *Sampling) Profile() (profiles.Profile, []string) {
	stacks, about := s.follow.Seen()
	p := profiles.Profile{Types: []profiles.Type{{Name: "samples", Unit: "count"}, {Name: "cpu", Unit: "nanoseconds"}},
		Period: int64(1e9 / about.Rate), At: s.began, Duration: s.took, Program: s.process.Program}
	for _, st := range stacks {
		out := profiles.Stack{Values: []int64{st.Count, int64(math.Round(float64(st.Count) * 1e9 / about.Rate))}}
		for i, pc := range st.PCs {
			at := uint64(pc)
			if i > 0 {
				at-- // a return address: the call is before it
			}
			frames, err := s.symbols.frames(at)
			if err != nil && i > 0 {
				continue // no return address: the code has no frame pointers
			}
			out.Frames = append(out.Frames, frames...)
		}
		if len(out.Frames) == 0 {
			out.Frames = []profiles.Frame{{Func: "(kernel or unknown)"}}
		}
		p.Stacks = append(p.Stacks, out)
	}
	notes := about.Warnings
	if s.took == 0 {
		p.Duration = time.Since(s.began)
	}
	if s.symbols.olderGo() {
		notes = append(notes, "the program isn't built by Go 1.26: calls that were inlined stand with their callers")
	}
	return p, notes
}
