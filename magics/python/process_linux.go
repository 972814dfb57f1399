package python

import (
	"errors"
	"os/exec"
	"syscall"
)

// lead makes a command the leader of a process group that is killed with the
// thread that starts it: bridge.py ends by itself when its pipe ends, but not
// while C code keeps Python from running.
func lead(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// interruptGroup does what Ctrl-C in a terminal does.
func interruptGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }

// killGroup ends all that is left of the group. A group that is gone is fine.
func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

func isBrokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
