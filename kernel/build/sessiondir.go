package build

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	// sessionPrefix begins the name of a session's directory; the number of the
	// kernel's process follows.
	sessionPrefix = "hpgo-session-"
	// keptPrefix is that of a directory that the user wants to look at.
	keptPrefix = "hpgo-kept-"
)

// makeSessionDir makes a directory in TMPDIR and takes the lock on it, which
// lasts as long as this process.
func makeSessionDir() (dir string, owner *os.File, err error) {
	prefix := sessionPrefix
	if Keep() {
		prefix = keptPrefix
	}
	for range 10 {
		if dir, err = os.MkdirTemp("", fmt.Sprintf("%s%d-", prefix, os.Getpid())); err != nil {
			return "", nil, err
		}
		if owner, err = os.Open(dir); err == nil {
			if lockFile(owner) && samePlace(dir, owner) {
				return dir, owner, nil
			}
			owner.Close()
			err = errors.New("it was removed by another process")
		} else if !errors.Is(err, fs.ErrNotExist) {
			break
		}
		// A sweep that doesn't see our process was quicker than the lock.
	}
	return "", nil, fmt.Errorf("%s: %w", dir, err)
}

// samePlace tells whether a path still names an open directory.
func samePlace(dir string, open *os.File) bool {
	now, err := os.Stat(dir)
	if err != nil {
		return false
	}
	then, err := open.Stat()
	return err == nil && os.SameFile(now, then)
}

// sweep removes the directories of sessions whose kernel was killed: no process
// has the number in the name, and none has the lock, which a kernel in another
// container that shares the directory would have. What can't be removed belongs
// to somebody else and stays.
func sweep(tmp string) {
	entries, err := os.ReadDir(tmp)
	if err != nil {
		return
	}
	for _, e := range entries {
		rest, ok := strings.CutPrefix(e.Name(), sessionPrefix)
		if !ok || !e.IsDir() {
			continue
		}
		number, _, _ := strings.Cut(rest, "-")
		pid, err := strconv.Atoi(number)
		if err != nil || pid <= 0 || processAlive(pid) {
			continue
		}
		removeUnlocked(filepath.Join(tmp, e.Name()))
	}
}

// removeUnlocked removes a directory unless its owner has the lock.
func removeUnlocked(dir string) {
	f, err := os.Open(dir)
	if err != nil {
		return
	}
	defer f.Close()
	if lockFile(f) {
		_ = os.RemoveAll(dir)
	}
}
