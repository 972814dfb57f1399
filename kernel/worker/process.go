package worker

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"hpgo/kernel/stdin"
	"hpgo/kernel/worker/frame"
)

// pipeSize is asked for stdout and stderr: a cell that prints much stops less
// often. It is what Linux grants without privilege.
const pipeSize = 1 << 20

// process is the operating system's side of a worker.
type process struct {
	cmd *exec.Cmd
	// Our ends of its pipes. The read ends are non-blocking and belong to the
	// pump; -1 once closed.
	out, err, event int
	request         *os.File
	stdin           *stdin.Pipe
	page            []byte // shared memory for progress
	progress        *frame.Progress

	mu     sync.Mutex
	reaped bool
}

// spawn starts the program with its five pipes, in a process group of its own,
// so that a terminal's Ctrl-C doesn't reach it and that it can be killed with
// all it started.
func spawn(o Options) (*process, error) {
	p := &process{out: -1, err: -1, event: -1}
	var theirs []*os.File
	closeTheirs := func() {
		for _, f := range theirs {
			f.Close()
		}
	}
	defer closeTheirs()
	for _, fd := range []*int{&p.out, &p.err, &p.event} {
		r, w, err := pipe()
		if err != nil {
			p.closePipes()
			return nil, err
		}
		*fd = r
		theirs = append(theirs, w)
	}
	requests, request, err := os.Pipe()
	if err != nil {
		p.closePipes()
		return nil, fmt.Errorf("make pipe: %w", err)
	}
	theirs = append(theirs, requests)
	p.request = request
	if p.stdin, err = stdin.NewPipe(); err != nil {
		p.closePipes()
		return nil, err
	}
	defer p.stdin.Started()

	memory, err := p.share()
	if err != nil {
		p.closePipes()
		return nil, err
	}
	theirs = append(theirs, memory)

	p.cmd = &exec.Cmd{
		Path: o.Exe, Args: o.Args, Dir: o.Dir, Env: o.Env,
		Stdin: p.stdin.Theirs(), Stdout: theirs[0], Stderr: theirs[1],
		ExtraFiles:  []*os.File{requests, theirs[2], memory}, // frame.RequestFD, EventFD, ProgressFD
		SysProcAttr: &syscall.SysProcAttr{Setpgid: true},
	}
	if p.cmd.Env == nil {
		p.cmd.Env = os.Environ()
	}
	p.cmd.Env = append(p.cmd.Env[:len(p.cmd.Env):len(p.cmd.Env)], frame.EnvWorker+"="+strconv.Itoa(frame.Version))
	if err := p.cmd.Start(); err != nil {
		p.closePipes()
		return nil, fmt.Errorf("start worker: %w", err)
	}
	return p, nil
}

// pipe returns a pipe's non-blocking read end and its write end for a worker.
func pipe() (r int, w *os.File, err error) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		return -1, nil, fmt.Errorf("make pipe: %w", err)
	}
	// Only our end: user code and its children expect blocking ones.
	if err := unix.SetNonblock(fds[0], true); err != nil {
		unix.Close(fds[0])
		unix.Close(fds[1])
		return -1, nil, fmt.Errorf("make pipe non-blocking: %w", err)
	}
	// A smaller pipe is slower, not wrong.
	_, _ = unix.FcntlInt(uintptr(fds[0]), unix.F_SETPIPE_SZ, pipeSize)
	return fds[0], os.NewFile(uintptr(fds[1]), "worker-pipe"), nil
}

// share maps the page of progress and returns its file for the worker.
func (p *process) share() (*os.File, error) {
	fd, err := unix.MemfdCreate("hpgo-progress", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("make shared memory: %w", err)
	}
	file := os.NewFile(uintptr(fd), "hpgo-progress")
	if err := file.Truncate(frame.ProgressSize); err != nil {
		file.Close()
		return nil, fmt.Errorf("make shared memory: %w", err)
	}
	p.page, err = unix.Mmap(fd, 0, frame.ProgressSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("map shared memory: %w", err)
	}
	p.progress = frame.NewProgress(p.page)
	return file, nil
}

// closePipes closes our ends. The pump does it when the process has ended.
func (p *process) closePipes() {
	for _, fd := range []*int{&p.out, &p.err, &p.event} {
		if *fd >= 0 {
			unix.Close(*fd)
			*fd = -1
		}
	}
	if p.request != nil {
		p.request.Close()
	}
	if p.stdin != nil {
		p.stdin.Close()
	}
	if p.page != nil {
		_ = unix.Munmap(p.page) // it can only fail for a wrong address
		p.page, p.progress = nil, nil
	}
}

// kill ends the process and its group. It never signals a number that may
// belong to another process by now.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.reaped {
		p.killGroup()
	}
}

func (p *process) killGroup() { _ = unix.Kill(-p.cmd.Process.Pid, unix.SIGKILL) }

// wait blocks until the process has ended, ends what it left in its group, and
// returns its status.
func (p *process) wait() syscall.WaitStatus {
	pid := p.cmd.Process.Pid
	for {
		// WNOWAIT leaves the zombie, which keeps the group's number ours.
		err := unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err != unix.EINTR {
			break
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.killGroup()
	_ = p.cmd.Wait() // its error is the status again
	p.reaped = true
	status, _ := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return status
}
