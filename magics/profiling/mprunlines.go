package profiling

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/magic"
	"hpgo/magics/result"
)

// place is a line of a file.
type place struct {
	file string
	line int
}

// result makes the figures of the lines.
func (m *mprun) result() result.Mprun {
	r := result.Mprun{Method: "profile of every object in the live session", RSS: m.allocs.Peak, Seconds: m.wall.Seconds()}
	if m.own {
		r.Method = "profile of every object in a process of its own"
	}
	for _, s := range m.allocs.Stacks {
		r.Bytes, r.Objects, r.Live = r.Bytes+s.Bytes, r.Objects+s.Objects, r.Live+s.Live
	}
	for _, f := range m.funcs {
		fn := m.function(f)
		if !m.strip || fn.Bytes > 0 || f.Name == theCell && m.in.Form == magic.Cell {
			r.Functions = append(r.Functions, fn)
		}
	}
	if m.in.Form == magic.Line && m.strip {
		r.Functions = withoutWrapper(r.Functions)
	}
	if m.strip { // nobody has asked for an order
		slices.SortStableFunc(r.Functions, func(a, b result.MprunFunction) int {
			if (a.Name == theCell) != (b.Name == theCell) {
				return strings.Compare(a.Name, b.Name)
			}
			return int(b.Bytes - a.Bytes)
		})
	}
	return r
}

// withoutWrapper leaves out the line of the statement where it says no more than the
// function that it calls.
func withoutWrapper(all []result.MprunFunction) []result.MprunFunction {
	return slices.DeleteFunc(all, func(f result.MprunFunction) bool {
		return f.Name == theCell && slices.ContainsFunc(all, func(g result.MprunFunction) bool { return g.Name != theCell && g.Bytes == f.Bytes })
	})
}

// function is the figures of one function: what a stack allocated goes to the line
// where the innermost of the function's frames is.
func (m *mprun) function(f magic.Function) result.MprunFunction {
	out := result.MprunFunction{Name: f.Name, File: sourceFile(f), First: f.First}
	sums, direct := map[int]*result.MprunLine{}, map[int]bool{}
	for _, s := range m.allocs.Stacks {
		at := slices.IndexFunc(s.Frames, func(i int) bool { return within(m.allocs.Frames[i], f) })
		if at < 0 {
			continue
		}
		line := m.allocs.Frames[s.Frames[at]].Line
		sum := sums[line]
		if sum == nil {
			sum = &result.MprunLine{}
			sums[line] = sum
		}
		sum.Bytes, sum.Objects, sum.Live = sum.Bytes+s.Bytes, sum.Objects+s.Objects, sum.Live+s.Live
		sum.LiveMax = sum.LiveMax || s.LiveMax
		direct[line] = direct[line] || m.isInnermost(s.Frames[:at])
		out.Bytes, out.Objects, out.Live = out.Bytes+s.Bytes, out.Objects+s.Objects, out.Live+s.Live
	}
	rss, hits := m.rss(f), m.hits(f)
	for i, text := range f.Lines {
		line := result.MprunLine{}
		n := f.First + i
		if s := sums[n]; s != nil {
			line = *s
		}
		line.Line, line.Text, line.RSS = n, strings.TrimRight(text, "\r"), rss[n]
		if h, ok := hits[n]; ok {
			line.Hits = &h
		}
		switch why := m.reasons[place{f.File, n}]; {
		case why == onStack && direct[n]: // where it is small enough
			line.Why = "variable size"
		case why == onStack:
			line.Stack = line.Bytes == 0
		case direct[n]:
			line.Why = why
		}
		out.Lines = append(out.Lines, line)
	}
	return out
}

// isInnermost reports whether the frames that a line called are the runtime's, so
// that the line itself allocates.
func (m *mprun) isInnermost(called []int) bool {
	return !slices.ContainsFunc(called, func(i int) bool { return !strings.HasPrefix(m.allocs.Frames[i].Function, "runtime.") })
}

// rss is the most resident memory that was read while a line of a function ran.
func (m *mprun) rss(f magic.Function) map[int]int64 {
	most := map[int]int64{}
	for _, l := range m.allocs.RSS {
		if fr := m.allocs.Frames[l.Frame]; within(fr, f) {
			most[fr.Line] = max(most[fr.Line], l.RSS)
		}
	}
	return most
}

// hits is how often the lines of a function ran.
func (m *mprun) hits(f magic.Function) map[int]int64 {
	hits := map[int]int64{}
	if !m.counted() {
		return hits
	}
	for _, c := range m.counters {
		if c.Kind == cell.CountHits && c.Func == f.Key && c.Cell == f.Cell && (c.File == "" || c.File == f.File) && c.Line >= f.First && c.Line < f.First+len(f.Lines) {
			hits[c.Line] = int64(c.Value(m.counts.Values))
		}
	}
	return hits
}

// onStack is the reason of lines whose values all stay on the stack.
const onStack = "stack"

// escapeLine is a message of the compiler's escape analysis about a place in a cell,
// as -m=2 writes it.
var escapeLine = regexp.MustCompile(`^(cell \d+):(\d+):\d+: (.*)$`)

// flowReason is the last word of a step of -m=2: from return x (return) at ...
var flowReason = regexp.MustCompile(`^\s+from (.*) \(([^()]*)\) at `)

// escapeReasons reads why the values of lines need the heap, or that they don't.
func escapeReasons(messages string) map[place]string {
	reasons := map[place]string{}
	var at place
	var last string
	explained := false // at is of a value that escapes, whose flow follows
	note := func() {
		if explained && reasons[at] != onStack && reasons[at] != "" {
			return // the first one on a line
		}
		if explained && last != "" {
			reasons[at] = last
		}
	}
	for line := range strings.Lines(messages) {
		m := escapeLine.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if m == nil {
			continue
		}
		n, err := strconv.Atoi(m[2])
		if err != nil {
			continue
		}
		here, text := place{m[1], n}, m[3]
		switch step := flowReason.FindStringSubmatch(text); {
		case step != nil:
			last = cmp.Or(reasonText(step[2], step[1]), last)
		case strings.HasPrefix(text, " "):
		default:
			note()
			explained, at, last = false, here, ""
			switch {
			case strings.Contains(text, " escapes to heap in ") && strings.HasSuffix(text, ":"):
				explained = true
			case needsNoHeap(text) && reasons[here] == "":
				reasons[here] = onStack
			case strings.HasPrefix(text, "moved to heap: ") && (reasons[here] == "" || reasons[here] == onStack):
				reasons[here] = "the address of " + strings.TrimPrefix(text, "moved to heap: ") + " leaves"
			}
		}
	}
	note()
	return reasons
}

// needsNoHeap reports whether a message is about a value that is made there and
// needs no heap. Names alone are parameters and closures' variables.
func needsNoHeap(text string) bool {
	what, ok := strings.CutSuffix(text, " does not escape")
	return ok && what != "... argument" && strings.ContainsAny(what, "({+ ")
}

// calleeOf is the function in a call's text; that of a method may begin with its
// receiver's type in parentheses.
func calleeOf(call string) string {
	receiver := 0
	if strings.HasPrefix(call, "(") {
		receiver = strings.IndexByte(call, ')') + 1
	}
	name, _, _ := strings.Cut(call[receiver:], "(")
	return call[:receiver] + name
}

// reasonText says a step's reason in words.
func reasonText(reason, what string) string {
	switch reason {
	case "return":
		return "returned"
	case "call parameter":
		return "passed to " + calleeOf(what)
	case "spill":
		return ""
	case "captured by a closure", "too large for stack", "non-constant size":
		return reason
	case "slice-literal-element", "array literal element", "struct literal element":
		return "put into a literal"
	}
	return "stored"
}
