// Package history remembers inputs over the lives of kernels: the answers to
// history_request, and the up-arrow of a console after a restart.
//
// The log is one file of JSON lines, one for each input, appended in a single
// write, so that kernels that run at the same time can share it. Each takes a
// number when it opens the log; a lock on the file keeps two from taking the
// same. What is no entry (a line cut short, one of a newer version) is passed
// over. The file is cut to its newer half when it has grown too large. The
// package starts no goroutines.
package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Entry is one input.
type Entry struct {
	Session int     `json:"session"`
	Line    int     `json:"line"` // the n of In[n]
	Input   string  `json:"input"`
	Output  *string `json:"output,omitempty"` // text of the value; nil when there was none
}

const (
	// maxFile is the size at which a log is cut.
	maxFile = 8 << 20
	// maxText is the longest text that is kept; an input beyond it is data.
	maxText = 64 << 10
)

// Log is the history as one session sees it. Its methods may be called from any
// goroutine.
type Log struct {
	path    string // empty: kept in memory only
	session int

	mu      sync.Mutex
	entries []Entry // those on disk at the start, then this session's
}

// InMemory returns a log that is forgotten with the process.
func InMemory() *Log { return &Log{session: 1} }

// Open reads the log at path and begins a new session in it. With an error it
// returns a log in memory, which serves as well until the end.
func Open(path string) (*Log, error) {
	l := &Log{path: path}
	if err := l.begin(); err != nil {
		return InMemory(), fmt.Errorf("open the history: %w", err)
	}
	return l, nil
}

// begin reads what is there and reserves a session number by writing an entry
// without input.
func (l *Log) begin() error {
	if err := os.MkdirAll(filepath.Dir(l.path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	unlock, err := lock(f)
	if err != nil {
		return err
	}
	defer unlock()
	data, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	if len(data) > maxFile {
		data = newerHalf(data)
		// In place: other kernels have the file open.
		if err := f.Truncate(0); err != nil {
			return err
		}
		if _, err := f.Write(data); err != nil {
			return err
		}
	}
	var last int
	l.entries, last = parse(data)
	l.session = last + 1
	return appendTo(f, Entry{Session: l.session}, len(data) > 0 && data[len(data)-1] != '\n')
}

// newerHalf is the second half of a log, from the beginning of a line.
func newerHalf(data []byte) []byte {
	data = data[len(data)/2:]
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return data[i+1:]
	}
	return nil
}

// parse reads the entries and the highest session number.
func parse(data []byte) (entries []Entry, last int) {
	for line := range bytes.Lines(data) {
		var e Entry
		if json.Unmarshal(line, &e) != nil || e.Session < 1 || e.Line < 0 {
			continue
		}
		last = max(last, e.Session)
		if e.Input != "" {
			entries = append(entries, e)
		}
	}
	return entries, last
}

// appendTo writes one line; after a line that was cut short it begins a new one.
func appendTo(f *os.File, e Entry, cut bool) error {
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if cut {
		line = append([]byte{'\n'}, line...)
	}
	_, err = f.Write(append(line, '\n'))
	return err
}

// Add remembers an input. An error says that it is remembered in memory only.
func (l *Log) Add(line int, input string, output *string) error {
	if input == "" || len(input) > maxText {
		return nil
	}
	if output != nil && len(*output) > maxText {
		output = nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e := Entry{l.session, line, input, output}
	l.entries = append(l.entries, e)
	if l.path == "" {
		return nil
	}
	f, err := os.OpenFile(l.path, os.O_WRONLY|os.O_APPEND, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // removed by the user: not to be made again
	}
	if err != nil {
		return fmt.Errorf("write the history: %w", err)
	}
	defer f.Close()
	if err := appendTo(f, e, false); err != nil {
		return fmt.Errorf("write the history: %w", err)
	}
	return nil
}
