package tracing

import (
	"regexp"
	"strconv"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/result"
	"hpgo/plots/recording"
)

// goroutine is one goroutine as a traceback tells of it.
type goroutine struct {
	id      uint64
	parent  uint64 // that started it; 0: not known
	state   string
	leaked  bool // the collector found that it can never go on
	minutes int
	frames  []call // innermost first
	starter call   // the go statement
}

// call is one line of a traceback.
type call struct {
	fn   string // as the linker names it
	file string
	line int
}

var (
	headLine  = regexp.MustCompile(`^goroutine (\d+) .*?\[([^\],]*)([^\]]*)\]:$`)
	minutes   = regexp.MustCompile(`, (\d+) minutes`)
	startedBy = regexp.MustCompile(`^created by (.*?)(?: in goroutine (\d+))?$`)
	placeLine = regexp.MustCompile(`^\t(.*):(\d+)(?: \+0x[0-9a-f]+)?$`)
)

// readTracebacks reads goroutines as runtime.Stack and the goroutine profile write
// them. What isn't of that form is left out.
func readTracebacks(text string) []goroutine {
	var all []goroutine
	for _, block := range strings.Split(text, "\n\n") {
		lines := strings.Split(strings.TrimRight(block, "\n"), "\n")
		m := headLine.FindStringSubmatch(lines[0])
		if m == nil {
			continue
		}
		g := goroutine{state: m[2]}
		g.id, _ = strconv.ParseUint(m[1], 10, 64) // digits, as the pattern has them
		g.state, g.leaked = strings.CutSuffix(g.state, " (leaked)")
		if m := minutes.FindStringSubmatch(m[3]); m != nil {
			g.minutes, _ = strconv.Atoi(m[1])
		}
		g.readCalls(lines[1:])
		all = append(all, g)
	}
	return all
}

// readCalls reads pairs of lines: a call and its place.
func (g *goroutine) readCalls(lines []string) {
	for i := 0; i+1 < len(lines); i++ {
		place := placeLine.FindStringSubmatch(lines[i+1])
		if place == nil {
			continue
		}
		c := call{file: place[1]}
		c.line, _ = strconv.Atoi(place[2])
		if m := startedBy.FindStringSubmatch(lines[i]); m != nil {
			c.fn = m[1]
			g.starter = c
			g.parent, _ = strconv.ParseUint(m[2], 10, 64)
			return
		}
		c.fn = lines[i]
		if paren := strings.LastIndexByte(c.fn, '('); paren > 0 {
			c.fn = c.fn[:paren]
		}
		g.frames = append(g.frames, c)
		i++
	}
}

// generatedFile is the file of Go that the session writes around a cell's.
const generatedFile = "hpgo_generated.go"

var cellFile = regexp.MustCompile(`^cell \d+$`)

// inCell reports whether the line is the user's.
func (c call) inCell() bool { return cellFile.MatchString(c.file) }

// ofSession reports whether the call is of what runs cells.
func (c call) ofSession() bool {
	for _, p := range []string{"hpgo/kernel/", "hpgo/magics/harness", "hpgo/c0"} {
		if strings.HasPrefix(c.fn, p) {
			return true
		}
	}
	return c.file == generatedFile
}

// place is the line as results name it.
func (c call) place() result.TracePlace {
	if c.fn == "" {
		return result.TracePlace{}
	}
	p := recording.PlaceOf(c.fn, c.file, c.line)
	return result.TracePlace{Function: p.Function, Where: p.Where}
}

// ofProgram sorts out the goroutines that the program has started: those with a line of
// a cell, or that one of them or a library started.
func ofProgram(all []goroutine) (own, others []goroutine) {
	ours := map[uint64]bool{} // of the session
	theirs := map[uint64]bool{}
	for _, g := range all {
		// What runs cells has no coroutines, so all are of what it runs, also those whose
		// lines are all of packages.
		touches := g.starter.inCell() || strings.HasPrefix(g.starter.fn, cell.PackagePath+".") || strings.HasPrefix(g.starter.fn, "iter.Pull")
		session := g.starter.ofSession()
		for _, c := range g.frames {
			touches = touches || c.inCell()
			session = session || c.ofSession()
		}
		switch {
		case session: // also the one that runs the cell
			ours[g.id] = true
		case touches:
			theirs[g.id] = true
		}
	}
	for _, g := range all {
		switch {
		case ours[g.id]:
		case theirs[g.id], theirs[g.parent], !strings.HasPrefix(g.starter.fn, "os/signal.") && !strings.HasPrefix(g.starter.fn, "runtime") && g.starter.fn != "" && !ours[g.parent]:
			own = append(own, g)
			continue
		}
		others = append(others, g)
	}
	return own, others
}

// verdict says whether a goroutine goes on.
func (g goroutine) verdict() string {
	switch {
	case g.leaked:
		return "leaked"
	case strings.Contains(g.state, "nil chan"), strings.Contains(g.state, "no cases"):
		return "waits for ever"
	case g.state == "coroutine", strings.HasPrefix(g.state, "chan "), g.state == "select", strings.HasPrefix(g.state, "sync."), strings.HasPrefix(g.state, "semacquire"):
		return "may wait for ever"
	}
	return "goes on"
}
