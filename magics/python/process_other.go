//go:build !linux

package python

import (
	"errors"
	"io"
	"os"
	"os/exec"
)

// lead leaves the process in our group.
func lead(*exec.Cmd) {}

func interruptGroup(cmd *exec.Cmd) { _ = cmd.Process.Signal(os.Interrupt) }

func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

func isBrokenPipe(err error) bool { return errors.Is(err, io.ErrClosedPipe) }
