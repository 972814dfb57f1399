package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/kernel/worker"
)

// maxDiagnostics is how many compile errors one cell shows.
const maxDiagnostics = 10

// ANSI sequences of tracebacks, those that Jupyter front ends know. Errors have
// a pink or, in dark themes, a deep red background: a bold text in the default
// colour is readable on both, bold red and green are not.
const (
	ansiReset = "\x1b[0m"
	ansiRed   = "\x1b[31m"
	ansiBold  = "\x1b[1m"
	ansiCyan  = "\x1b[36m"
	ansiDim   = "\x1b[2m"
)

func colorError(name string) string { return ansiRed + name + ansiReset }

// rewriteError shows what keeps the Go of cell n from being rewritten. What an interrupt
// left unread, such as an imported package, is none of its faults.
func (s *Session) rewriteError(ctx context.Context, errs cell.Errors, n int) *Error {
	if ctx.Err() != nil {
		return s.plainError(ctx, ctx.Err())
	}
	return s.compileError(numbered(errs, n))
}

// compileError shows diagnostics: the message in cell coordinates, the source
// line, a caret under the place.
func (s *Session) compileError(errs cell.Errors) *Error {
	total := len(errs)
	errs = errs.Cut(maxDiagnostics)
	var trace []string
	for _, d := range errs {
		trace = append(trace, s.showDiagnostic(d)...)
	}
	value := errs[0].Error()
	if total > 1 {
		value += fmt.Sprintf(" (and %d more)", total-1)
	}
	return &Error{Name: "CompileError", Value: value, Traceback: trace}
}

// showDiagnostic formats one diagnostic with its source line.
func (s *Session) showDiagnostic(d cell.Diagnostic) []string {
	line := d.Error()
	if d.Line > 0 {
		line = fmt.Sprintf("%scell %d:%d:%d%s: %s%s%s", ansiCyan, d.Cell, d.Line, d.Col, ansiReset, ansiBold, d.Msg, ansiReset)
	}
	src, ok := s.sourceLine(d.Cell, d.Line)
	if !ok {
		return []string{line}
	}
	col := min(max(d.Col-1, 0), len(src))
	// Tabs before the caret keep their width, so it stands under its place.
	pad := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, src[:col])
	mark := "^"
	if d.EndCol > d.Col+1 && d.EndCol-1 <= len(src) {
		mark = strings.Repeat("^", len([]rune(src[col:d.EndCol-1])))
	}
	return []string{line, "    " + src, "    " + pad + ansiBold + mark + ansiReset}
}

// sourceLine returns one line of an executed cell.
func (s *Session) sourceLine(n, line int) (string, bool) {
	s.mu.Lock()
	src := s.sources[n]
	s.mu.Unlock()
	if src == nil || line < 1 {
		return "", false
	}
	lines := strings.Split(src.Text, "\n")
	if line > len(lines) {
		return "", false
	}
	return lines[line-1], true
}

// plainError shows an error of the kernel's own work.
func (s *Session) plainError(ctx context.Context, err error) *Error {
	name := "KernelError"
	switch {
	case errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		name = "Timeout"
		err = errors.New("the cell took longer than its timeout")
	case errors.Is(err, context.Canceled):
		name = "Interrupted"
		err = errors.New("interrupted before the cell ran")
	}
	msg := strings.TrimSpace(err.Error())
	if do := wayOut(err); do != "" {
		msg = firstLines(msg, 2) + "\n" + do
	}
	return &Error{Name: name, Value: msg, Traceback: []string{colorError(name) + ": " + msg}}
}

// limits are the messages of the system about what can be mended outside of the
// notebook. They are looked for in the text, since compiler and linker print
// them too.
var limits = []struct{ says, do string }{
	{"no space left on device", "make room there; TMPDIR names another place for sessions, HPGO_CACHE and GOCACHE others for what lasts"},
	{"disk quota exceeded", "make room there; TMPDIR names another place for sessions, HPGO_CACHE and GOCACHE others for what lasts"},
	{"too many open files", "raise the limit for the kernel with: ulimit -n 1024"},
	{"file too large", "raise the limit for the kernel with: ulimit -f unlimited"},
	{"read-only file system", "TMPDIR names another place for sessions, HPGO_CACHE and GOCACHE others for what lasts"},
}

// wayOut says what to do about an error that isn't the cell's fault.
func wayOut(err error) string {
	for _, l := range limits {
		if strings.Contains(err.Error(), l.says) {
			return l.do
		}
	}
	return ""
}

// firstLines cuts a text that says the same of many files.
func firstLines(text string, most int) string {
	lines := strings.Split(text, "\n")
	if len(lines) <= most {
		return text
	}
	return fmt.Sprintf("%s\n... (%d more lines)", strings.Join(lines[:most], "\n"), len(lines)-most)
}

// contextLines is how many lines a traceback shows around the one it is about.
const contextLines = 2

// panicError shows a panic with the cell lines it came through.
func (s *Session) panicError(p *worker.Panic) *Error {
	value := p.Value
	if p.GoType != "" && !isPlainPanic(p) && !strings.HasPrefix(p.Value, p.GoType) {
		value = p.GoType + ": " + p.Value
	}
	where := ""
	if p.Goroutine {
		where = " in a goroutine"
	}
	trace := []string{colorError("Panic") + where + ": " + value, ""}
	trace = append(trace, s.showFrames(p.Frames)...)
	return &Error{Name: "Panic", Value: value, Traceback: trace}
}

// renumbered gives frames in the code of one cell the number of another that has
// the same text: a cell that runs again unchanged isn't compiled again.
func renumbered(p *worker.Panic, from, to int) *worker.Panic {
	if from == to || from == 0 {
		return p
	}
	q := *p
	q.Frames = slices.Clone(p.Frames)
	for i := range q.Frames {
		if q.Frames[i].File == fmt.Sprintf("cell %d", from) {
			q.Frames[i].File = fmt.Sprintf("cell %d", to)
		}
	}
	return &q
}

// isPlainPanic reports whether a value needs no type before it: strings and
// errors, runtime errors among them.
func isPlainPanic(p *worker.Panic) bool {
	return p.GoType == "string" || strings.HasPrefix(p.GoType, "runtime.") || strings.HasSuffix(p.GoType, "Error") ||
		strings.Contains(p.GoType, "error")
}
