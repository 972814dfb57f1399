//go:build !unix

package magics

import "os/exec"

// ownGroup does nothing where there are no process groups.
func ownGroup(*exec.Cmd) {}

// interruptGroup ends the command itself.
func interruptGroup(cmd *exec.Cmd) error { return cmd.Process.Kill() }

// killGroup ends the command itself.
func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }
