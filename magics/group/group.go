//go:build unix

// Package group runs programs with all that they start: each gets a process
// group, which can be interrupted and killed as a whole, and which ends with
// this process, whatever ends it.
//
// For the latter a group has a guard: a shell that waits for the end of a pipe
// which only this process holds, and then kills its group. It also keeps the
// group's number from being given to others while it lives.
package group

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
)

// guardScript ignores what is meant for the program.
const guardScript = `trap "" HUP INT QUIT TERM; read -r _; kill -KILL 0`

// Group is a program and all that it starts.
type Group struct {
	cmd   *exec.Cmd
	guard *exec.Cmd // nil where none could be started
	pipe  *os.File  // our end; its end is the guard's signal
}

// New returns the group of a program that is not started yet.
func New(cmd *exec.Cmd) *Group {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	return &Group{cmd: cmd}
}

// Start starts the program in its group. The caller waits for it, and calls
// Release after that.
func (g *Group) Start() error {
	// The guard comes first: whatever happens to us, it is there. Without one the
	// program runs as well; it may outlive us.
	if g.startGuard() == nil {
		g.cmd.SysProcAttr.Pgid = g.guard.Process.Pid
	}
	err := g.cmd.Start()
	if err != nil && g.guard != nil {
		g.Close()
	}
	return err
}

// startGuard starts the guard as the first of the group.
func (g *Group) startGuard() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	guard := &exec.Cmd{Path: "/bin/sh", Args: []string{"sh", "-c", guardScript}, Dir: "/", Env: []string{}, Stdin: r,
		SysProcAttr: &syscall.SysProcAttr{Setpgid: true}}
	if err := guard.Start(); err != nil {
		w.Close()
		return err
	}
	g.guard, g.pipe = guard, w
	return nil
}

// id is the number of the group: that of its first process.
func (g *Group) id() int {
	if g.cmd.SysProcAttr.Pgid != 0 {
		return g.cmd.SysProcAttr.Pgid
	}
	return g.cmd.Process.Pid
}

// Interrupt does what Ctrl-C in a terminal does. It may be called from any
// goroutine once the program runs, as Kill may.
func (g *Group) Interrupt() error { return syscall.Kill(-g.id(), syscall.SIGINT) }

// Kill ends all of the group. A group that is gone is fine.
func (g *Group) Kill() { _ = syscall.Kill(-g.id(), syscall.SIGKILL) }

// Release is called when the program has ended and was waited for. If nothing
// of its group is left the guard ends, and Release returns true. Otherwise,
// as after `server &`, the group lives until Close or the end of this process,
// and Release may be called again.
func (g *Group) Release() bool {
	if g.guard == nil {
		return true
	}
	if g.others() {
		return false
	}
	_ = g.guard.Process.Kill() // or it has ended with its group
	g.end()
	return true
}

// Close kills what is left.
func (g *Group) Close() {
	if g.guard == nil {
		return
	}
	g.Kill()
	g.end()
}

// end puts the guard away.
func (g *Group) end() {
	_ = g.guard.Wait() // it was killed
	g.pipe.Close()
	g.guard = nil
}

// others tells whether processes other than the guard are in the group.
func (g *Group) others() bool {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(stats) == 0 {
		return false // not Linux
	}
	for _, file := range stats {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has just ended
		}
		// pid (name) state ppid pgrp ...: the name may hold anything.
		pid, _, _ := bytes.Cut(text, []byte(" "))
		fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
		if len(fields) < 3 || string(fields[2]) != strconv.Itoa(g.id()) {
			continue
		}
		if ended := fields[0][0] == 'Z' || fields[0][0] == 'X'; !ended && string(pid) != strconv.Itoa(g.guard.Process.Pid) {
			return true
		}
	}
	return false
}
