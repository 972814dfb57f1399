//go:build unix

package build

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// processAlive reports whether a process exists, whoever owns it.
func processAlive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// lockFile takes a file or directory for this process until it is closed. False:
// another process has it. Where the file system has no locks, everybody gets it.
func lockFile(f *os.File) bool {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			return !errors.Is(err, syscall.EWOULDBLOCK)
		}
	}
}

// mayWrite asks for the right to make files in a directory.
func mayWrite(dir string) bool {
	const write, search = 2, 1
	return syscall.Access(dir, write|search) == nil
}

// ownCache refuses a cache directory that another user made: what lies there is
// compiled and run. It matters where the cache is in the common TMPDIR.
func ownCache(dir string) error {
	st, err := os.Stat(dir)
	if err != nil {
		return nil // made later, by us
	}
	if sys, ok := st.Sys().(*syscall.Stat_t); ok && int(sys.Uid) != os.Getuid() && os.Getuid() != 0 {
		return fmt.Errorf("the cache directory %s belongs to another user: set HPGO_CACHE to one of your own", dir)
	}
	return nil
}

// killGroup gives a command its own process group, which is killed as a whole
// when the context ends: go starts compilers, gcc starts linkers.
func killGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 2 * time.Second
}
