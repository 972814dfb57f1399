// Package history remembers inputs over the lives of kernels: the answers to
// history_request, and the up-arrow of a console after a restart.
//
// The log is one file of JSON lines, one for each input, that all kernels of a
// user share. Who writes holds a lock on it and appends whole lines; who reads
// takes whole lines and passes over what is no entry (a line cut short, one of
// a newer version). A session takes its number when it opens the log, by
// writing a line of its own. A file that has grown too large is replaced by its
// newer half under the same lock, so a writer looks, once it has the lock,
// whether its file is still the one of that name. The package starts no
// goroutines.
package history

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Entry is one input.
type Entry struct {
	Session int     `json:"session"`
	Line    int     `json:"line"` // the n of In[n]
	Input   string  `json:"input"`
	Output  *string `json:"output,omitempty"` // text of the value; nil when there was none
}

// maxText is the longest text that is kept; an input beyond it is data.
const maxText = 64 << 10

// Log is the history as one session sees it. Its methods may be called from any
// goroutine.
type Log struct {
	path string // empty: kept in memory only

	mu      sync.Mutex
	session int
	own     []Entry // this session's
	unsaved []Entry // those of own that could not be written yet
	last    place   // the line on disk that this session wrote last
	failed  bool    // the last Add was not written, and said so

	others others
}

// InMemory returns a log that is forgotten with the process.
func InMemory() *Log { return &Log{session: 1} }

// Open begins a new session in the log at path. With an error it returns a log
// in memory, which serves as well until the end.
func Open(path string) (*Log, error) {
	l := &Log{path: path}
	if err := l.begin(); err != nil {
		return InMemory(), fmt.Errorf("open the history: %w", err)
	}
	return l, nil
}

// begin reserves a session number.
func (l *Log) begin() error {
	if err := os.MkdirAll(filepath.Dir(l.path), 0o755); err != nil {
		return err
	}
	// The file behind a link is what gets replaced when it is too large.
	if real, err := filepath.EvalSymlinks(l.path); err == nil {
		l.path = real
	}
	return exclusively(l.path, os.O_CREATE, func(f *os.File, info os.FileInfo) error {
		return l.takeNumber(f, info, nil)
	})
}

// takeNumber writes the line that makes the next free number this session's,
// with entries to follow. The caller has the lock.
func (l *Log) takeNumber(f *os.File, info os.FileInfo, entries []Entry) error {
	data, err := contents(f, info)
	if err != nil {
		return err
	}
	session := lastSession(data) + 1
	lines, err := encode(beginning{session, time.Now().UTC()})
	if err != nil {
		return err
	}
	for i := range entries {
		entries[i].Session = session
	}
	more, err := encode(entries)
	if err != nil {
		return err
	}
	if l.last, err = appendLines(f, info, append(lines, more...)); err != nil {
		return err
	}
	l.session = session
	for i := range l.own {
		l.own[i].Session = session
	}
	return nil
}

// beginning is the line with which a session takes its number. The time makes
// it unlike any other line.
type beginning struct {
	Session int       `json:"session"`
	Began   time.Time `json:"began"`
}

// Add remembers an input. An error says that it is remembered in memory only,
// for now: it is written with the next one that can be. It is returned once for
// a series of failures.
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
	l.own = append(l.own, e)
	if l.path == "" {
		return nil
	}
	l.unsaved = append(l.unsaved, e)
	err := exclusively(l.path, 0, l.save)
	said := l.failed
	l.failed = err != nil
	if err == nil || said {
		return nil
	}
	return fmt.Errorf("write the history: %w", err)
}

// save writes what is unsaved. Another file than before, made after ours was
// removed, may have given our number to another session: we take a new one.
func (l *Log) save(f *os.File, info os.FileInfo) error {
	ours := l.last.in(f)
	if !ours {
		data, err := contents(f, info)
		if err != nil {
			return err
		}
		ours = holds(data, l.last.line)
	}
	if ours {
		lines, err := encode(l.unsaved)
		if err != nil {
			return err
		}
		if l.last, err = appendLines(f, info, lines); err != nil {
			return err
		}
	} else if err := l.takeNumber(f, info, l.unsaved); err != nil {
		return err
	}
	l.unsaved = nil
	return halve(l.path, f)
}
