//go:build !unix

// Package group runs programs; here only they themselves can be ended.
package group

import (
	"os"
	"os/exec"
)

// Group is a started program.
type Group struct{ process *os.Process }

// Start starts cmd.
func Start(cmd *exec.Cmd) (*Group, error) {
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &Group{cmd.Process}, nil
}

// Interrupt ends the program.
func (g *Group) Interrupt() error { return g.process.Kill() }

// Kill ends the program.
func (g *Group) Kill() { _ = g.process.Kill() }

// Release has nothing to do here.
func (g *Group) Release() bool { return true }

// Close has nothing to do here.
func (g *Group) Close() {}
