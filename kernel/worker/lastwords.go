package worker

import (
	"bytes"
	"time"
)

const (
	// lastBytes of stderr are kept for the case that the worker dies.
	lastBytes = 16 << 10
	// crashBytes is how much of a crash's text is kept, from its first line.
	crashBytes = 64 << 10
	// withholdBytes and withholdFor end the withholding of text that only looks
	// like a crash.
	withholdBytes = 1 << 20
	withholdFor   = 300 * time.Millisecond
	// evidentFor is the time for text that has the stack of a crash, too. The
	// runtime needs seconds to walk the stack of an endless recursion.
	evidentFor = 10 * time.Second
)

// crashLines start the text of a crash.
var crashLines = [][]byte{
	[]byte("fatal error: "), []byte("panic: "), []byte("runtime: "),
	[]byte("SIGSEGV: "), []byte("SIGBUS: "), []byte("SIGFPE: "), []byte("SIGILL: "), []byte("SIGABRT: "), []byte("SIGTRAP: "), []byte("SIGQUIT: "), []byte("SIGSYS: "),
	[]byte("unexpected fault address "),
}

// lastWords follows stderr. It keeps the recent text, and withholds what looks
// like the runtime's report of a crash until it is clear whether it is one.
// It belongs to the pump.
type lastWords struct {
	tail  []byte    // recent text, at most 2*lastBytes
	crash []byte    // withheld text, from a crash line on
	since time.Time // of the latest withheld text
}

// write takes bytes of stderr and returns those to deliver now.
func (l *lastWords) write(data []byte) []byte {
	deliver := data
	switch {
	case len(l.crash) == 0:
		if at := l.crashStart(data); at >= 0 {
			l.crash, l.since = append([]byte(nil), data[at:]...), time.Now()
			deliver = data[:at]
		}
	case len(l.crash)+len(data) > withholdBytes && !l.evident():
		deliver = append(l.release(), data...)
	default:
		room := max(0, withholdBytes-len(l.crash)) // the end of a dump of thousands of goroutines is no loss
		l.crash, l.since = append(l.crash, data[:min(len(data), room)]...), time.Now()
		deliver = nil
	}
	l.remember(data)
	return deliver
}

// crashStart returns where in data, which continues tail, a crash line begins;
// -1: nowhere.
func (l *lastWords) crashStart(data []byte) int {
	at := 0
	if len(l.tail) > 0 && l.tail[len(l.tail)-1] != '\n' {
		at = bytes.IndexByte(data, '\n') + 1
		if at == 0 {
			return -1
		}
	}
	for at < len(data) {
		for _, mark := range crashLines {
			if bytes.HasPrefix(data[at:], mark) {
				return at
			}
		}
		next := bytes.IndexByte(data[at:], '\n')
		if next < 0 {
			return -1
		}
		at += next + 1
	}
	return -1
}

// remember appends to the recent text.
func (l *lastWords) remember(data []byte) {
	data = data[max(0, len(data)-lastBytes):]
	l.tail = append(l.tail, data...)
	if len(l.tail) > 2*lastBytes {
		l.tail = append([]byte(nil), l.tail[len(l.tail)-lastBytes:]...)
	}
}

// release returns the withheld text: it was no crash.
func (l *lastWords) release() []byte {
	text := l.crash
	l.crash = nil
	return text
}

// due returns how long text may still be withheld; negative: none is.
func (l *lastWords) due(now time.Time) time.Duration {
	if len(l.crash) == 0 {
		return -1
	}
	wait := withholdFor
	if l.evident() {
		wait = evidentFor
	}
	return max(0, wait-now.Sub(l.since))
}

// evident says whether the withheld text has the form of a crash.
func (l *lastWords) evident() bool {
	head := l.crash[:min(len(l.crash), 4<<10)]
	return bytes.Contains(head, []byte("\n\ngoroutine ")) || bytes.Contains(head, []byte("\n\nruntime stack:\n")) ||
		bytes.Contains(head, []byte("\ngoroutine 0 "))
}

// forget is called when a call begins: what was printed before explains nothing.
func (l *lastWords) forget() { l.tail, l.crash = nil, nil }
