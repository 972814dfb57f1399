package jupyter

import (
	"fmt"
	"io"
	"strings"
	"sync"
)

// maxLogLine keeps what a peer sent from flooding the log.
const maxLogLine = 500

// logger writes one line per event. Text from outside is quoted by its callers
// or flattened here, so that a line stays a line.
type logger struct {
	mu  sync.Mutex
	out io.Writer
}

func (l *logger) printf(format string, args ...any) {
	line := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, fmt.Sprintf(format, args...))
	if len(line) > maxLogLine {
		line = strings.ToValidUTF8(line[:maxLogLine], "") + "..."
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.out, "hpgo kernel: %s\n", line)
}
