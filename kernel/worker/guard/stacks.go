package guard

import (
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// Stack is one goroutine of the process.
type Stack struct {
	ID     uint64
	State  string  // "running", "chan receive", "sleep"
	Parent uint64  // the number of the goroutine that started it; 0 if not known
	Frames []Frame // innermost first
}

// maxStacks bounds the text of all stacks.
const maxStacks = 64 << 20

// Stacks returns all goroutines, as far as their text fits. The process stands
// still meanwhile.
func Stacks() []Stack {
	buf := make([]byte, 64<<10)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) || len(buf) >= maxStacks {
			return readStacks(string(buf[:n]))
		}
		buf = make([]byte, 4*len(buf))
	}
}

var (
	stackLine  = regexp.MustCompile(`^goroutine (\d+) .*\[([^\],]*)`)
	startedBy  = regexp.MustCompile(`^created by .* in goroutine (\d+)$`)
	placeLine  = regexp.MustCompile(`^\t(.*):(\d+)(?: \+0x[0-9a-f]+)?$`)
	elidedLine = regexp.MustCompile(`^\.\.\.(\d+) frames elided\.\.\.$`)
)

// readStacks reads the text of runtime.Stack.
func readStacks(text string) []Stack {
	var out []Stack
	for _, block := range strings.Split(text, "\n\n") {
		lines := strings.Split(strings.TrimRight(block, "\n"), "\n")
		m := stackLine.FindStringSubmatch(lines[0])
		if m == nil {
			continue
		}
		s := Stack{State: m[2]}
		s.ID, _ = strconv.ParseUint(m[1], 10, 64)
		elided := 0
		for i := 1; i < len(lines); i++ {
			if m := startedBy.FindStringSubmatch(lines[i]); m != nil {
				s.Parent, _ = strconv.ParseUint(m[1], 10, 64)
				break
			}
			if m := elidedLine.FindStringSubmatch(lines[i]); m != nil {
				elided, _ = strconv.Atoi(m[1])
				continue
			}
			if i+1 >= len(lines) {
				break
			}
			place := placeLine.FindStringSubmatch(lines[i+1])
			if place == nil {
				continue
			}
			f := Frame{Func: callee(lines[i]), File: place[1], Elided: elided}
			f.Line, _ = strconv.Atoi(place[2])
			s.Frames = append(s.Frames, f)
			elided = 0
			i++
		}
		out = append(out, s)
	}
	return out
}

// callee is the name of the function in a line such as "main.f(0x1, {0x2, 0x3})".
func callee(line string) string {
	if i := strings.LastIndexByte(line, '('); i > 0 {
		line = line[:i]
	}
	return line
}

// UserFrames returns the part of a goroutine's stack that belongs to a cell: the
// runtime's frames on top are left out, and what called the cell.
func (s Stack) UserFrames() []Frame {
	frames := s.Frames
	for len(frames) > 1 && inRuntime(frames[0].Func) {
		frames = frames[1:]
	}
	for i, f := range frames {
		if belowCell(f.Func) {
			frames = frames[:i]
			break
		}
	}
	return elide(frames)
}
