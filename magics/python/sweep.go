package python

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// handoverPrefix begins the names of hand-overs; the number of the kernel's
// process follows.
const handoverPrefix = "hpgo-python-"

// inUse is how long a hand-over may take: a younger file may belong to a kernel
// whose number means nothing here, as that of another container.
const inUse = 10 * time.Minute

// sweep removes the hand-overs of kernels that were killed meanwhile: they lie
// in memory. What can't be removed belongs to somebody else and stays.
func sweep(dir string) {
	files, err := filepath.Glob(filepath.Join(dir, handoverPrefix+"*"))
	if err != nil {
		return
	}
	for _, file := range files {
		number, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(file), handoverPrefix), "-")
		pid, err := strconv.Atoi(number)
		if err != nil || pid <= 0 || !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			continue
		}
		if info, err := os.Lstat(file); err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > inUse {
			_ = os.Remove(file)
		}
	}
}
