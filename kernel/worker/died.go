package worker

import (
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
	// Withheld is true when Stderr is the runtime's report of a crash. The sink
	// did not get it, so that it can be shown once, in better form.
	Withheld bool

	cause error
}

// Error returns the message, with what it is about.
func (d *Died) Error() string { return "worker died: " + d.Message }

// Unwrap returns the context's error for an interrupted call, and the fault
// for a broken protocol.
func (d *Died) Unwrap() error { return d.cause }

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
		crash := e.words.crash[:min(len(e.words.crash), crashBytes)]
		if reason, message := crashed(string(crash)); reason != "" {
			d.Reason, d.Message, d.Withheld = reason, message, true
			d.Stderr = strings.ToValidUTF8(string(crash), "\uFFFD")
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
