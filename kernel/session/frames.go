package session

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/kernel/worker"
)

// maxFrames is how many frames a traceback shows.
const maxFrames = 20

var cellFile = regexp.MustCompile(`^cell (\d+)$`)

// maxPeriod is the longest cycle of calls that is shown once.
const maxPeriod = 4

// showFrames lists the frames of a stack, innermost first: those in cells with
// source around them, others in one line, generated ones not at all.
func (s *Session) showFrames(frames []worker.Frame) []string {
	frames = slices.DeleteFunc(withoutReflection(frames), hiddenFrame)
	var out []string
	dim := func(format string, args ...any) {
		out = append(out, ansiDim+"... "+fmt.Sprintf(format, args...)+ansiReset)
	}
	shown := 0
	for i := 0; i < len(frames); {
		period, n, elided := repeats(frames, i)
		total := n + elided/max(period, 1)
		switch {
		case period == 1 && total == 1:
			dim("1 more call from there")
		case period == 1:
			dim("%d more calls from there", total)
		case period > 1:
			dim("these %d calls repeat %d more times", period, total)
		}
		if period > 0 {
			i += period * n
			continue
		}
		if frames[i].Elided > 0 {
			dim("%d more frames", frames[i].Elided)
		}
		if shown++; shown > maxFrames {
			dim("%d more frames", len(frames)-i)
			break
		}
		out = append(out, s.showFrame(frames[i])...)
		i++
	}
	return out
}

// repeats looks for the frames before i again from i on. It returns the length
// of the cycle, how often it comes, and how many frames were left out of it;
// zeros without one.
func repeats(frames []worker.Frame, i int) (period, times, elided int) {
	same := func(a, b worker.Frame) bool { return a.Func == b.Func && a.File == b.File && a.Line == b.Line }
	for period = 1; period <= min(maxPeriod, i); period++ {
		times, elided = 0, 0
		at := i
		for at+period <= len(frames) {
			left := 0
			for k := range period {
				if !same(frames[at+k], frames[at+k-period]) {
					left = -1
					break
				}
				left += frames[at+k].Elided
			}
			if left < 0 {
				break
			}
			times, elided, at = times+1, elided+left, at+period
		}
		if times >= 2 || times == 1 && period == 1 {
			return period, times, elided
		}
	}
	return 0, 0, 0
}

// showFrame shows one frame.
func (s *Session) showFrame(f worker.Frame) []string {
	m := cellFile.FindStringSubmatch(f.File)
	if m == nil {
		return []string{fmt.Sprintf("%s%s%s %s:%d", ansiDim, libraryName(f), ansiReset, s.shortPath(f.File), f.Line)}
	}
	n, _ := strconv.Atoi(m[1])
	where := fmt.Sprintf("%scell %d:%d%s", ansiCyan, n, f.Line, ansiReset)
	if fn := frameName(f.Func); fn != "" {
		where += " in " + fn
	}
	return append([]string{where}, s.around(n, f.Line)...)
}

// shortPath names a file of the toolchain or the module cache without the place
// where this machine keeps it.
func (s *Session) shortPath(file string) string {
	if s.tc == nil {
		return file
	}
	if rest, ok := strings.CutPrefix(file, s.tc.GOROOT+"/"); ok {
		return "$GOROOT/" + rest
	}
	if rest, ok := strings.CutPrefix(file, s.tc.ModCache+"/"); ok {
		return rest
	}
	return file
}

// withoutReflection copies a stack without the calls by which package display
// calls a function of the user's.
func withoutReflection(frames []worker.Frame) []worker.Frame {
	out := make([]worker.Frame, 0, len(frames))
	for i, f := range frames {
		inner := i+2 < len(frames) && f.Func == "reflect.Value.call" && strings.HasPrefix(frames[i+2].Func, "hpgo/kernel/display.")
		outer := i > 0 && i+1 < len(frames) && f.Func == "reflect.Value.Call" && strings.HasPrefix(frames[i+1].Func, "hpgo/kernel/display.")
		if !inner && !outer {
			out = append(out, f)
		}
	}
	return out
}

// ownSource is the place of hpgo's own packages, of which functions may be inlined
// into cells.
var ownSource = regexp.MustCompile(`/source-[0-9a-f]+/(kernel|magics/harness)/`)

// loopSource is where the testing package has the loop in which code is timed.
var loopSource = regexp.MustCompile(`/src/testing/benchmark\.go$`)

// hiddenFrame recognises frames that are not the user's concern.
func hiddenFrame(f worker.Frame) bool {
	if strings.Contains(f.File, "hpgo_generated.go") || ownSource.MatchString(f.File) || loopSource.MatchString(f.File) {
		return true
	}
	if cellFile.MatchString(f.File) {
		return false
	}
	for _, p := range []string{"runtime.", "internal/runtime/", "plugin.", "hpgo/kernel/", "hpgo/magics/harness", "hpgo/c0", "main.main"} {
		if strings.HasPrefix(f.Func, p) {
			return true
		}
	}
	return f.Func == "panic" || f.File == ""
}

// closureSuffix is what the compiler appends for function literals and bodies of
// range-over-func loops: .func1, .gowrap2, -range1.
var closureSuffix = regexp.MustCompile(`((^|\.)(func|gowrap|deferwrap)?\d+|-range\d+|-fm)$`)

// frameName turns a linker name into what the user called the function; the
// entry function itself has none.
func frameName(fn string) string {
	fn = strings.TrimPrefix(strings.TrimPrefix(fn, cell.PackagePath+"."), "main.") // that of a program of its own
	for {
		short := closureSuffix.ReplaceAllString(strings.TrimPrefix(fn, cell.EntryName+"."), "")
		if short == fn {
			break
		}
		fn = short
	}
	if fn == cell.EntryName || cell.IsAgain(fn) {
		return ""
	}
	return strings.ReplaceAll(cell.PlainName(fn), "hpgo__main", "main")
}

// libraryName names a function outside of the cells. One that was inlined into a
// cell bears the cell's name; the file tells its package.
func libraryName(f worker.Frame) string {
	if !strings.HasPrefix(f.Func, cell.PackagePath+".") {
		return f.Func
	}
	name := frameName(f.Func)
	return path.Base(path.Dir(f.File)) + "." + name[strings.LastIndexByte(name, '.')+1:]
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
			out = append(out, fmt.Sprintf("%s--> %4d%s %s", ansiBold, l, ansiReset, src))
		} else {
			out = append(out, fmt.Sprintf("    %4d %s", l, src))
		}
	}
	return out
}
