package build

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// deadPID is the number of a process that has ended.
func deadPID(t *testing.T) int {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	return cmd.Process.Pid
}

// TestSweep removes what killed kernels left, and nothing else.
func TestSweep(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	dead := deadPID(t)
	for _, name := range []string{
		fmt.Sprint(sessionPrefix, dead, "-left"),
		fmt.Sprint(sessionPrefix, dead, "-container"), // of a kernel whose number means nothing here
		fmt.Sprint(sessionPrefix, os.Getpid(), "-alive"),
		fmt.Sprint(keptPrefix, dead, "-1"),
		sessionPrefix + "no-number",
		sessionPrefix + "-5-x",
	} {
		if err := os.MkdirAll(filepath.Join(tmp, name, "cells"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	file := fmt.Sprint(sessionPrefix, dead, "-file")
	if err := os.WriteFile(filepath.Join(tmp, file), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	locked, err := os.Open(filepath.Join(tmp, fmt.Sprint(sessionPrefix, dead, "-container")))
	if err != nil {
		t.Fatal(err)
	}
	defer locked.Close()
	if !lockFile(locked) {
		t.Fatal("the lock can't be had")
	}
	mine, owner, err := makeSessionDir()
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	if again, err := os.Open(mine); err != nil || lockFile(again) {
		t.Errorf("the session's directory is not locked: %v", err)
	}
	sweep(tmp)
	entries, err := os.ReadDir(tmp)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	want := []string{
		filepath.Base(mine), file,
		fmt.Sprint(sessionPrefix, dead, "-container"), fmt.Sprint(sessionPrefix, os.Getpid(), "-alive"),
		fmt.Sprint(keptPrefix, dead, "-1"), sessionPrefix + "no-number", sessionPrefix + "-5-x",
	}
	slices.Sort(want)
	if !slices.Equal(left, want) {
		t.Errorf("left: %q, want %q", left, want)
	}
}
