//go:build !unix

package build

import (
	"os"
	"os/exec"
)

// processAlive can't tell here, so nothing is swept.
func processAlive(int) bool { return true }

// lockFile locks nothing here: nothing is swept, and a first build is done twice.
func lockFile(*os.File) bool { return true }

// mayWrite leaves it to the attempt.
func mayWrite(string) bool { return true }

// ownCache can't tell whose a directory is here.
func ownCache(string) error { return nil }

// killGroup leaves the default: only the command itself is killed.
func killGroup(*exec.Cmd) {}
