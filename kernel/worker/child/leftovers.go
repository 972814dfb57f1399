package child

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"
)

// leftovers finds the goroutines that calls leave behind, while calls ask for it.
type leftovers struct {
	mu     sync.Mutex
	known  map[string]bool // numbers of goroutines that were there before; nil: nobody asks
	before int             // how many there were when the call began
}

// ready begins to watch as a call asks, or ends it.
func (l *leftovers) ready(file string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if file == "" {
		l.known = nil
		return
	}
	if l.known == nil {
		l.known = map[string]bool{}
		for number := range eachTraceback(tracebacks()) {
			l.known[number] = true
		}
	}
	l.before = runtime.NumGoroutine()
}

// look writes the tracebacks of goroutines that weren't there before into the file, and
// returns how many those are. It costs nothing when there are no more than before.
func (l *leftovers) look(file string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if file == "" || l.known == nil || !l.more() {
		return 0
	}
	var out bytes.Buffer
	n := 0
	for number, text := range eachTraceback(tracebacks()) {
		if !l.known[number] {
			l.known[number] = true
			n++
			out.Write(text)
			out.WriteString("\n\n")
		}
	}
	if os.WriteFile(file, out.Bytes(), 0o600) != nil {
		return 0 // a hint is missing
	}
	return n
}

// more reports whether there are more goroutines than before, also after a moment for
// those that are about to end.
func (l *leftovers) more() bool {
	const patience, step = 100 * time.Millisecond, 5 * time.Millisecond
	for end := time.Now().Add(patience); runtime.NumGoroutine() > l.before; time.Sleep(step) {
		if time.Now().After(end) {
			return true
		}
	}
	return false
}

// mostTracebacks is how much text of goroutines is looked at, in bytes: some 20,000 of
// them.
const mostTracebacks = 16 << 20

// tracebacks are those of all goroutines.
func tracebacks() []byte {
	for size := 64 << 10; ; size *= 4 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size || size >= mostTracebacks {
			return buf[:n]
		}
	}
}

// eachTraceback yields the numbers of goroutines with their tracebacks.
func eachTraceback(all []byte) func(func(string, []byte) bool) {
	return func(yield func(string, []byte) bool) {
		for _, text := range bytes.Split(all, []byte("\n\n")) {
			rest, ok := bytes.CutPrefix(text, []byte("goroutine "))
			number, _, _ := bytes.Cut(rest, []byte(" "))
			if _, err := strconv.ParseUint(string(number), 10, 64); !ok || err != nil {
				continue
			}
			if !yield(string(number), text) {
				return
			}
		}
	}
}
