package worker

import (
	"bytes"
	"fmt"
	"strings"
	"syscall"
)

// Reason says what ended a worker.
type Reason string

// The reasons.
const (
	Exited      Reason = "exited"        // os.Exit, log.Fatal, the end of main
	Signaled    Reason = "signaled"      // a signal from outside
	OutOfMemory Reason = "out of memory" // our limit, the runtime's or the system's
	Fatal       Reason = "fatal error"   // the runtime gave up: concurrent map writes, stack overflow, ...
	Panicked    Reason = "panic"         // a panic that nothing could recover
	Interrupted Reason = "interrupted"   // the call's context ended
	Killed      Reason = "killed"        // by Kill
	Closed      Reason = "closed"        // by Close
	Protocol    Reason = "protocol"      // it sent what we don't understand
)

// Died is the error of a call, or a start, whose worker is gone.
type Died struct {
	Reason   Reason
	ExitCode int            // of a process that exited; else -1
	Signal   syscall.Signal // of a process that was killed by one; else 0
	// Message is one line: "exit status 3", "signal: killed",
	// "fatal error: concurrent map writes".
	Message string
	// Stderr is the last text on standard error: from the line that names the
	// fatal error on, or the last lines.
	Stderr string

	cause error
}

// Error returns the message, with what it is about.
func (d *Died) Error() string { return "worker died: " + d.Message }

// Unwrap returns the context's error for an interrupted call, and the fault
// for a broken protocol.
func (d *Died) Unwrap() error { return d.cause }

const (
	// lastBytes of stderr are kept for the case that the worker dies.
	lastBytes = 16 << 10
	// crashBytes is how much of a crash's text is kept, from its first line.
	crashBytes = 64 << 10
)

// crashLines start the text of a crash.
var crashLines = [][]byte{
	[]byte("fatal error: "), []byte("panic: "), []byte("runtime: "),
	[]byte("SIGSEGV: "), []byte("SIGBUS: "), []byte("SIGFPE: "), []byte("SIGILL: "), []byte("SIGABRT: "), []byte("SIGTRAP: "),
	[]byte("unexpected fault address "),
}

// lastWords keeps the end of stderr, and the beginning of a crash even when a
// long dump of goroutines follows.
type lastWords struct {
	tail  []byte // whole recent text, at most 2*lastBytes
	crash []byte // from the first crash line of the last block of them
}

// write takes bytes of stderr.
func (l *lastWords) write(data []byte) {
	if len(data) > crashBytes {
		// A flood; only its end can matter.
		data = data[len(data)-crashBytes:]
		l.tail = nil
		if !l.crashing() {
			l.crash = nil
		}
	}
	l.follow(data)
	l.tail = append(l.tail, data...)
	if len(l.tail) > 2*lastBytes {
		l.tail = append([]byte(nil), l.tail[len(l.tail)-lastBytes:]...)
	}
}

// follow looks for the start of a crash in data, which continues tail.
func (l *lastWords) follow(data []byte) {
	if l.crashing() {
		l.crash = append(l.crash, data[:min(len(data), crashBytes-len(l.crash))]...)
		return
	}
	// The line may have begun in what came before.
	begun := bytes.LastIndexByte(l.tail, '\n') + 1
	text := append(append([]byte(nil), l.tail[begun:]...), data...)
	for at := 0; at < len(text); {
		for _, mark := range crashLines {
			if bytes.HasPrefix(text[at:], mark) {
				l.crash = append([]byte(nil), text[at:]...)
				return
			}
		}
		next := bytes.IndexByte(text[at:], '\n')
		if next < 0 {
			return
		}
		at += next + 1
	}
}

// crashing says whether a crash is being recorded. A user's line can look like
// the start of one; a real one shows a goroutine soon.
func (l *lastWords) crashing() bool {
	const soon = 2 << 10
	return len(l.crash) > 0 && (len(l.crash) < soon || bytes.Contains(l.crash, []byte("\ngoroutine ")))
}

// forget is called when a call begins: what was printed before explains nothing.
func (l *lastWords) forget() { l.tail, l.crash = nil, nil }

// ending is what is known about the end of a process.
type ending struct {
	status syscall.WaitStatus
	cause  *Died // set when we ended it ourselves
	oom    bool  // the system's OOM killer was at work meanwhile
	words  *lastWords
}

// died says why a worker ended.
func (e ending) died() *Died {
	d := &Died{ExitCode: -1, Stderr: strings.ToValidUTF8(string(e.words.tail), "\uFFFD")}
	if e.status.Exited() {
		d.ExitCode = e.status.ExitStatus()
	} else if e.status.Signaled() {
		d.Signal = e.status.Signal()
	}
	if e.cause != nil {
		d.Reason, d.Message, d.cause = e.cause.Reason, e.cause.Message, e.cause.cause
		return d
	}
	// The runtime ends a program that crashed with status 2, or by SIGABRT
	// when GOTRACEBACK=crash.
	if d.ExitCode == 2 || d.Signal == syscall.SIGABRT {
		if reason, message := crashed(string(e.words.crash)); reason != "" {
			d.Reason, d.Message = reason, message
			d.Stderr = strings.ToValidUTF8(string(e.words.crash), "\uFFFD")
			return d
		}
	}
	switch {
	case d.Signal == syscall.SIGKILL && e.oom:
		d.Reason, d.Message = OutOfMemory, "out of memory: the system killed the worker"
	case d.Signal != 0:
		d.Reason, d.Message = Signaled, fmt.Sprintf("signal: %v", d.Signal)
	default:
		d.Reason, d.Message = Exited, fmt.Sprintf("exit status %d", d.ExitCode)
	}
	return d
}

// crashed finds the line in a crash's text that names it.
func crashed(text string) (Reason, string) {
	if text == "" || !strings.Contains(text, "goroutine ") && !strings.Contains(text, "runtime stack:") {
		return "", "" // the user's own text
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "fatal error: "):
			if strings.Contains(line, "out of memory") || strings.Contains(line, "cannot allocate memory") {
				return OutOfMemory, line
			}
			return Fatal, line
		case strings.HasPrefix(line, "panic: "):
			return Panicked, line
		case strings.HasPrefix(line, "SIG"):
			return Fatal, line
		}
	}
	return "", ""
}
