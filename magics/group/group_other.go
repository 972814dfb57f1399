//go:build !unix

// Package group runs programs; here only they themselves can be ended.
package group

import "os/exec"

// Group is a program.
type Group struct{ cmd *exec.Cmd }

// New returns the group of a program that is not started yet.
func New(cmd *exec.Cmd) *Group { return &Group{cmd} }

// Start starts the program.
func (g *Group) Start() error { return g.cmd.Start() }

// Interrupt ends the program.
func (g *Group) Interrupt() error { return g.cmd.Process.Kill() }

// Kill ends the program.
func (g *Group) Kill() { _ = g.cmd.Process.Kill() }

// Release has nothing to do here.
func (g *Group) Release() bool { return true }

// Close has nothing to do here.
func (g *Group) Close() {}
