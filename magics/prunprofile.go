package magics

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/harness/sampler"
	"hpgo/magics/result"

	"hpgo/plots/recording/profiles"
)

var inCellFile = regexp.MustCompile(`^cell \d+$`)

// notGo stands for code without Go's tables: C, or what the kernel maps into every
// process to tell the time.
const notGo = "(not Go)"

// profileName is what a profile calls a function. Cells become package main, as
// in an ordinary program.
func profileName(linker, file string) string {
	name := profiles.Name(linker, file)
	switch {
	case linker == "":
		return notGo
	case inCellFile.MatchString(file):
		if rest, ok := strings.CutPrefix(name, file); ok {
			name = "main" + rest // the statements of the cell
		}
		return "main." + name
	case strings.HasPrefix(linker, cell.PackagePath+"."):
		return name // of a library, inlined into a cell
	}
	return linker
}

// valueTypes are the values of profiles by their kind, as in those of the runtime.
var valueTypes = map[string][]profiles.Type{
	"cpu":       {{Name: "samples", Unit: "count"}, {Name: "cpu", Unit: "nanoseconds"}},
	"wall":      {{Name: "samples", Unit: "count"}, {Name: "wall", Unit: "nanoseconds"}},
	"block":     {{Name: "contentions", Unit: "count"}, {Name: "delay", Unit: "nanoseconds"}},
	"mutex":     {{Name: "contentions", Unit: "count"}, {Name: "delay", Unit: "nanoseconds"}},
	"goroutine": {{Name: "goroutine", Unit: "count"}},
	"leak":      {{Name: "goroutine", Unit: "count"}},
	"mem":       {{Name: "alloc_objects", Unit: "count"}, {Name: "inuse_objects", Unit: "count"}, {Name: "inuse_space", Unit: "bytes"}, {Name: "alloc_space", Unit: "bytes"}},
}

// sampledProfile makes a profile of samples or events: their number and the time.
func sampledProfile(kind string, s sampler.Samples) profiles.Profile {
	p := profiles.Profile{Types: valueTypes[kind], At: time.Now(), Duration: time.Duration(s.Elapsed * 1e9)}
	if kind == "cpu" && s.Rate > 0 {
		p.Period = int64(1e9 / s.Rate)
	}
	for _, st := range s.Stacks {
		stack := profiles.Stack{Values: []int64{st.Count, int64(math.Round(st.Seconds * 1e9))}[:len(p.Types)]}
		for _, f := range st.Frames {
			at := s.Frames[f]
			fn := s.Funcs[at.Func]
			stack.Frames = append(stack.Frames, profiles.Frame{Func: profileName(fn.Name, fn.File), File: fn.File, Start: fn.Line, Line: at.Line, Inlined: at.Inlined})
		}
		p.Stacks = append(p.Stacks, stack)
	}
	return p
}

// allocProfile makes a profile of what was allocated.
func allocProfile(report *harness.AllocReport) profiles.Profile {
	p := profiles.Profile{Types: valueTypes["mem"], At: time.Now()}
	for _, st := range report.Stacks {
		stack := profiles.Stack{Values: []int64{st.Objects, st.LiveObjects, st.Live, st.Bytes}}
		for _, f := range st.Frames {
			at := report.Frames[f]
			if len(stack.Frames) == 0 && strings.HasPrefix(at.Function, "runtime.") {
				continue // how it allocates, as pprof leaves out
			}
			if at.Function == "runtime.goexit" || at.File == generatedFile || strings.HasPrefix(at.Function, "hpgo/kernel/") || strings.HasPrefix(at.Function, "hpgo/c0") {
				continue
			}
			stack.Frames = append(stack.Frames, profiles.Frame{Func: profileName(at.Function, at.File), File: at.File, Line: at.Line})
		}
		p.Stacks = append(p.Stacks, stack)
	}
	return p
}

// generatedFile is the file of Go that the session writes around a cell's.
const generatedFile = "hpgo_generated.go"

// prunResult adds up a profile by function: values are multiplied by scale, which
// makes them those of one run in the result's unit.
func prunResult(p profiles.Profile, value int, scale float64) result.Prun {
	var r result.Prun
	r.Value = p.Types[value].Name
	samples := p.Sum(0)
	r.Samples = int64(samples)
	total := p.Sum(value)
	r.Total = total * scale
	for _, f := range p.Functions(value) {
		row := result.PrunRow{Name: profiles.Name(f.Func, f.File), File: f.File, Line: f.Start, Self: f.Self * scale, Total: f.Total * scale}
		if total > 0 {
			row.Share = f.Self / total
		}
		switch {
		case f.Inlined && f.Called:
			row.Inlined = "partial"
		case f.Inlined:
			row.Inlined = "inline"
		}
		if row.Line == 0 || inCellFile.MatchString(row.File) && row.Name == row.File {
			row.Line = firstSeenLine(f) // where generated code begins says nothing
		}
		r.Rows = append(r.Rows, row)
	}
	return r
}

func firstSeenLine(f profiles.Function) int {
	first := 0
	for n := range f.Lines {
		if first == 0 || n < first {
			first = n
		}
	}
	return first
}

// addErrors gives the shares of sampled functions their standard error.
func addErrors(r *result.Prun) {
	for i := range r.Rows {
		if n := float64(r.Samples); n > 0 {
			p := r.Rows[i].Share
			r.Rows[i].Err = math.Sqrt(p * (1 - p) / n)
		}
	}
}

// callKey is what counters call a function: methods without the star, and generic
// functions without their types.
func callKey(name string) string { return notInKeys.Replace(name) }

var notInKeys = strings.NewReplacer("(*", "", ")", "", "[...]", "")

// addCalls adds what the counters say. Functions that were called but never seen
// by the sampler get rows, too.
func addCalls(r *result.Prun, counters []cell.Counter, counts []uint64) {
	rows := newCallRows(r.Rows)
	total, primitive := int64(0), int64(0)
	for _, c := range counters {
		if c.Kind == cell.CountHits {
			continue
		}
		n := int64(c.Value(counts))
		row := rows.of(c, n)
		if row == nil {
			continue
		}
		if c.Kind == cell.CountCalls {
			row.Calls = &n
			total += n
			if row.Primitive == nil {
				row.Primitive = &n
				primitive += n
			}
			continue
		}
		if row.Primitive != nil {
			primitive -= *row.Primitive
		}
		row.Primitive = &n
		primitive += n
	}
	for _, row := range rows.unseen {
		r.Rows = append(r.Rows, *row)
	}
	r.Calls, r.Primitive = &total, &primitive
}

// callRows finds the rows that counters are about.
type callRows struct {
	named    map[[2]string]*result.PrunRow   // by name and file
	literals map[[2]string][]*result.PrunRow // function literals by file and line: counters don't number them
	unseen   []*result.PrunRow               // that the profile hasn't
}

func newCallRows(rows []result.PrunRow) *callRows {
	c := &callRows{map[[2]string]*result.PrunRow{}, map[[2]string][]*result.PrunRow{}, nil}
	for i := range rows {
		row := &rows[i]
		name, file := callKey(row.Name), shortFile(row.File)
		if !inCellFile.MatchString(row.File) {
			_, name, _ = strings.Cut(name, ".") // of the package
		}
		c.named[[2]string{name, file}] = row
		if strings.Contains(name, ".func") {
			at := [2]string{file, strconv.Itoa(row.Line)}
			c.literals[at] = append(c.literals[at], row)
		}
	}
	return c
}

// of is the row of a counter that counted n; nil: there is none, and need not be.
func (r *callRows) of(c cell.Counter, n int64) *result.PrunRow {
	file := cellFile(c.Cell)
	if c.File != "" {
		file = shortFile(c.File)
	}
	if c.Lit {
		if found := r.literals[[2]string{file, strconv.Itoa(c.Line)}]; len(found) == 1 {
			return found[0]
		}
		return nil
	}
	at := [2]string{c.Func, file}
	row := r.named[at]
	if row == nil && n > 0 && c.Func != "" && c.File == "" {
		row = &result.PrunRow{Name: c.Func, File: file, Line: c.Line}
		r.unseen = append(r.unseen, row)
		r.named[at] = row
	}
	return row
}

// addAllocs adds the bytes that functions allocated themselves; what the runtime
// allocates for one is its own.
func addAllocs(r *result.Prun, report *harness.AllocReport) {
	sums := map[[2]string]float64{}
	for _, s := range report.Sites() {
		sums[[2]string{profiles.Name(s.Function, s.File), s.File}] += float64(s.Bytes)
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		if strings.HasPrefix(row.Name, "runtime.") {
			continue
		}
		sum := sums[[2]string{row.Name, row.File}]
		row.Alloc = &sum
	}
}

// cellFile is the file of a cell's code, and cellNumber the reverse.
func cellFile(n int) string { return "cell " + strconv.Itoa(n) }

func cellNumber(file string) (int, bool) {
	if !inCellFile.MatchString(file) {
		return 0, false
	}
	n, err := strconv.Atoi(strings.TrimPrefix(file, "cell "))
	return n, err == nil
}
