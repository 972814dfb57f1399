package session

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/kernel/worker"
)

// maxDiagnostics is how many compile errors one cell shows.
const maxDiagnostics = 10

// ANSI sequences of tracebacks, those that Jupyter front ends know.
const (
	ansiReset = "\x1b[0m"
	ansiRed   = "\x1b[1;31m"
	ansiGreen = "\x1b[32m"
	ansiCyan  = "\x1b[36m"
	ansiDim   = "\x1b[2m"
)

func colorError(name string) string { return ansiRed + name + ansiReset }

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
		line = fmt.Sprintf("%scell %d:%d:%d%s: %s%s%s", ansiCyan, d.Cell, d.Line, d.Col, ansiReset, ansiRed, d.Msg, ansiReset)
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
	return []string{line, "    " + src, "    " + pad + ansiGreen + mark + ansiReset}
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
	return &Error{Name: name, Value: msg, Traceback: []string{colorError(name) + ": " + msg}}
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

var cellFile = regexp.MustCompile(`^cell (\d+)$`)

// maxFrames is how many frames a traceback shows.
const maxFrames = 20

// showFrames lists the frames of a stack, innermost first: those in cells with
// source around them, others in one line, generated ones not at all.
func (s *Session) showFrames(frames []worker.Frame) []string {
	var out []string
	shown, repeated := 0, 0
	for i, f := range frames {
		if hiddenFrame(f) {
			continue
		}
		if i > 0 && f == frames[i-1] {
			repeated++
			continue
		}
		if repeated > 0 {
			out = append(out, fmt.Sprintf("%s... %d more calls from there%s", ansiDim, repeated, ansiReset))
			repeated = 0
		}
		if shown++; shown > maxFrames {
			return append(out, fmt.Sprintf("%s... %d more frames%s", ansiDim, len(frames)-i, ansiReset))
		}
		m := cellFile.FindStringSubmatch(f.File)
		if m == nil {
			out = append(out, fmt.Sprintf("%s%s%s %s:%d", ansiDim, f.Func, ansiReset, f.File, f.Line))
			continue
		}
		n, _ := strconv.Atoi(m[1])
		where := fmt.Sprintf("%scell %d:%d%s", ansiCyan, n, f.Line, ansiReset)
		if fn := frameName(f.Func); fn != "" {
			where += " in " + fn
		}
		out = append(out, where)
		out = append(out, s.around(n, f.Line)...)
	}
	return out
}

// hiddenFrame recognises frames that are not the user's concern.
func hiddenFrame(f worker.Frame) bool {
	return strings.Contains(f.File, "hpgo_generated.go") || strings.HasPrefix(f.Func, "runtime.") && !strings.HasPrefix(f.File, "cell ") ||
		strings.HasPrefix(f.Func, "hpgo/kernel/") || strings.HasPrefix(f.Func, "hpgo/c0")
}

// closureName is what the compiler appends for function literals: .func1, .gowrap2.
var closureName = regexp.MustCompile(`(^|\.)(func|gowrap|deferwrap)\d+(\.\d+)*$`)

// frameName turns a linker name into what the user called the function; the
// entry function itself has none.
func frameName(fn string) string {
	fn = strings.TrimPrefix(fn, cell.PackagePath+".")
	if fn == cell.EntryName {
		return ""
	}
	fn = strings.TrimPrefix(fn, cell.EntryName+".")
	fn = closureName.ReplaceAllString(fn, "")
	return strings.ReplaceAll(cell.PlainName(fn), "hpgo__main", "main")
}

// around returns the source lines near one line, which is marked.
func (s *Session) around(n, line int) []string {
	var out []string
	for l := line - contextLines; l <= line+contextLines; l++ {
		src, ok := s.sourceLine(n, l)
		if !ok {
			continue
		}
		if l == line {
			out = append(out, fmt.Sprintf("%s--> %4d%s %s", ansiGreen, l, ansiReset, src))
		} else {
			out = append(out, fmt.Sprintf("    %4d %s", l, src))
		}
	}
	return out
}

// mapText makes a runtime's own traceback readable: generated names go.
func (s *Session) mapText(text string) string {
	return cell.PlainName(strings.ReplaceAll(text, cell.PackagePath+".", "main."))
}
