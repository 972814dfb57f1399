//go:build unix

package history

import (
	"errors"
	"os"
	"syscall"
)

// lock takes the exclusive use of a file until it is closed. False without an
// error: another has it. A file system that knows no locks is written without:
// lines are appended in one piece, and only a cut at the same moment can lose one.
func lock(f *os.File) (bool, error) {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		case errors.Is(err, syscall.ENOLCK), errors.Is(err, syscall.EOPNOTSUPP), errors.Is(err, syscall.ENOSYS), errors.Is(err, syscall.EINVAL):
			return true, nil
		default:
			return false, os.NewSyscallError("flock", err)
		}
	}
}
