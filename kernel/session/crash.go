package session

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/kernel/worker"
)

// maxGoroutines is how many goroutines a crash shows.
const maxGoroutines = 4

// stack is one goroutine of a crash report.
type stack struct {
	state   string // "running", "chan receive", ...
	frames  []worker.Frame
	inCells bool
}

var (
	goroutineLine = regexp.MustCompile(`^goroutine \d+ .*\[(.*)\]:$`)
	fileLine      = regexp.MustCompile(`^\t(.*):(\d+)(?: \+0x.*)?$`)
	elidedLine    = regexp.MustCompile(`^\.\.\.(\d+) frames elided\.\.\.$`)
	goroutineNote = regexp.MustCompile(` in goroutine \d+$`)
	machineNote   = regexp.MustCompile(`^runtime: (sp=|g \d|gp=)|^PC=|^\s*(r\w+|\wi|\ws|eflags) +0x`)
	addressNote   = regexp.MustCompile(` (pc|code)=0x[0-9a-f]+`)
)

// showCrash shows the runtime's report of a fatal error as far as it concerns
// the cells: their frames with source, no addresses, no goroutines of the worker.
func (s *Session) showCrash(died *worker.Died) []string {
	head, stacks := readCrash(died.Stderr)
	var out []string
	for _, l := range head {
		if l != died.Message {
			out = append(out, l)
		}
	}
	inCells := slices.ContainsFunc(stacks, func(st stack) bool { return st.inCells })
	shown, hidden := 0, 0
	for i, st := range stacks {
		// The first is the one that crashed; the others matter when they run cells.
		if inCells && !st.inCells || !inCells && i > 0 {
			continue
		}
		if shown == maxGoroutines {
			hidden++
			continue
		}
		shown++
		lines := s.showFrames(st.frames)
		if len(lines) == 0 {
			continue
		}
		out = append(out, "")
		if shown > 1 {
			out = append(out, ansiDim+"another goroutine ["+st.state+"]:"+ansiReset)
		}
		out = append(out, lines...)
	}
	if hidden > 0 {
		out = append(out, ansiDim+"... "+strconv.Itoa(hidden)+" more goroutines in cells"+ansiReset)
	}
	return append(out, "")
}

// readCrash takes a crash report apart: the lines ahead of the stacks, and the
// goroutines in its order.
func readCrash(text string) (head []string, stacks []stack) {
	var st *stack
	skip, elided := false, 0
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		m := goroutineLine.FindStringSubmatch(line)
		switch {
		case m != nil:
			stacks = append(stacks, stack{state: m[1]})
			st, skip, elided = &stacks[len(stacks)-1], false, 0
		case line == "runtime stack:":
			skip = true
		case line == "":
			st, skip = nil, false
		case skip:
		case st == nil && len(stacks) == 0 && !machineNote.MatchString(line):
			head = append(head, cell.PlainName(addressNote.ReplaceAllString(line, "")))
		case st != nil && elidedLine.MatchString(line):
			elided, _ = strconv.Atoi(elidedLine.FindStringSubmatch(line)[1])
		case st != nil && i+1 < len(lines):
			if f, ok := readFrame(line, lines[i+1]); ok {
				f.Elided, elided = elided, 0
				st.frames = append(st.frames, f)
				st.inCells = st.inCells || cellFile.MatchString(f.File)
			}
		}
	}
	return head, stacks
}

// readFrame reads the two lines of a frame.
func readFrame(call, place string) (worker.Frame, bool) {
	m := fileLine.FindStringSubmatch(place)
	if m == nil || strings.HasPrefix(call, "\t") {
		return worker.Frame{}, false
	}
	fn, created := strings.CutPrefix(call, "created by ")
	if created {
		fn = goroutineNote.ReplaceAllString(fn, "")
	} else if i := strings.LastIndexByte(fn, '('); i >= 0 {
		fn = fn[:i]
	}
	line, _ := strconv.Atoi(m[2])
	return worker.Frame{Func: fn, File: m[1], Line: line}, true
}
