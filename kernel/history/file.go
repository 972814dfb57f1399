package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// maxFile is the size at which a log is cut.
const maxFile = 8 << 20

const (
	// lockWait is how long a writer waits for the others; they need less than a
	// millisecond, unless one was stopped meanwhile.
	lockWait = time.Second
	// lockPoll is how often it looks.
	lockPoll = 2 * time.Millisecond
)

// errLocked says that the lock can't be had.
var errLocked = errors.New("another process keeps it locked")

// exclusively calls do with the file of that name, which no other process
// writes meanwhile. Without O_CREATE in flags a missing file is left so: who
// removed it wants no history of this session.
func exclusively(path string, flags int, do func(*os.File, os.FileInfo) error) error {
	deadline := time.Now().Add(lockWait)
	for {
		again, err := try(path, flags, do)
		if !again {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s: %w", path, errLocked)
		}
		time.Sleep(lockPoll)
	}
}

// try is one attempt of exclusively; again: the lock was taken, or the file
// replaced meanwhile.
func try(path string, flags int, do func(*os.File, os.FileInfo) error) (again bool, err error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return false, fmt.Errorf("%s is not a file", path) // a pipe would block us
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|flags, 0o600)
	if errors.Is(err, fs.ErrNotExist) && flags&os.O_CREATE == 0 {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }() // also gives the lock back
	if ok, err := lock(f); !ok {
		return err == nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	if now, err := os.Stat(path); err != nil || !os.SameFile(info, now) {
		return true, nil
	}
	return false, do(f, info)
}

// contents reads a whole file.
func contents(f *os.File, info os.FileInfo) ([]byte, error) {
	data := make([]byte, info.Size())
	if len(data) == 0 {
		return nil, nil
	}
	n, err := f.ReadAt(data, 0)
	if n == len(data) {
		err = nil
	}
	return data[:n], err
}

// encode makes lines of a value, or of each element of a slice of entries.
func encode(v any) ([][]byte, error) {
	entries, ok := v.([]Entry)
	if !ok {
		line, err := json.Marshal(v)
		return [][]byte{append(line, '\n')}, err
	}
	var lines [][]byte
	for _, e := range entries {
		line, err := json.Marshal(e)
		if err != nil {
			return nil, err
		}
		lines = append(lines, append(line, '\n'))
	}
	return lines, nil
}

// appendLines writes lines at once and returns the place of the last. After a
// line that was cut short by the end of its writer they begin on a new one.
func appendLines(f *os.File, info os.FileInfo, lines [][]byte) (place, error) {
	text := bytes.Join(lines, nil)
	size := info.Size()
	if size > 0 {
		var last [1]byte
		if _, err := f.ReadAt(last[:], size-1); err != nil {
			return place{}, err
		}
		if last[0] != '\n' {
			text = append([]byte{'\n'}, text...)
		}
	}
	n, err := f.Write(text)
	if err != nil && n > 0 {
		// All or nothing: the lines will be written again.
		err = errors.Join(err, f.Truncate(size))
	}
	return place{lines[len(lines)-1], size + int64(len(text))}, err
}

// place is where a line of a file ended when it was last seen.
type place struct {
	line []byte
	end  int64
}

// in tells whether the line is still there. If not the file is another one, or
// was changed by hand; the number of a file can't tell, since it is given again.
func (p place) in(f *os.File) bool {
	found := make([]byte, len(p.line))
	_, err := f.ReadAt(found, p.end-int64(len(found)))
	return err == nil && bytes.Equal(found, p.line)
}

// halve replaces a log that is too large by its newer half. The caller has the
// lock on f. The new file is complete before it gets the name, so that neither
// a full disk nor the end of this process can cost the rest.
func halve(path string, f *os.File) error {
	info, err := f.Stat()
	if err != nil || info.Size() <= maxFile {
		return err
	}
	data, err := contents(f, info)
	if err != nil {
		return err
	}
	// The highest number must not be given again.
	number, err := encode(beginning{lastSession(data), time.Now().UTC()})
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return nil // a file of ours in a directory that isn't: it has to grow
	}
	defer os.Remove(tmp.Name()) // fails when all went well
	_, err = tmp.Write(append(number[0], newerHalf(data)...))
	err = errors.Join(err, tmp.Chmod(info.Mode().Perm()), tmp.Sync(), tmp.Close())
	if err != nil {
		return fmt.Errorf("cut the history: %w", err)
	}
	return os.Rename(tmp.Name(), path)
}

// newerHalf is the second half of a log, from the beginning of a line.
func newerHalf(data []byte) []byte {
	data = data[len(data)/2:]
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return data[i+1:]
	}
	return nil
}

// numberPrefix begins every line that this package writes.
const numberPrefix = `{"session":`

// lastSession is the highest session number. It is asked for at each start of a
// kernel, so lines of our own aren't parsed for it.
func lastSession(data []byte) int {
	last := 0
	for line := range bytes.Lines(data) {
		rest, ours := bytes.CutPrefix(line, []byte(numberPrefix))
		n := 0
		for i, c := range rest {
			if c < '0' || c > '9' || i > 9 {
				ours = ours && c == ',' && i > 0
				break
			}
			n = n*10 + int(c-'0')
		}
		if ours {
			last = max(last, n)
			continue
		}
		var e Entry
		if json.Unmarshal(line, &e) == nil {
			last = max(last, e.Session)
		}
	}
	return last
}

// holds tells whether a line stands in a log.
func holds(data, line []byte) bool {
	for i := 0; len(line) > 0; {
		at := bytes.Index(data[i:], line)
		if at < 0 {
			return false
		}
		if at += i; at == 0 || data[at-1] == '\n' {
			return true
		}
		i = at + 1
	}
	return false
}

// parse reads the entries; what is none is passed over.
func parse(data []byte) []Entry {
	var entries []Entry
	for line := range bytes.Lines(data) {
		var e Entry
		if json.Unmarshal(line, &e) == nil && e.Session >= 1 && e.Line >= 0 && e.Input != "" {
			entries = append(entries, e)
		}
	}
	return entries
}
