package profiling

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/harness/sampler"
	"hpgo/magics/magic"
	"hpgo/magics/quantity"
	"hpgo/magics/result"
)

// spot is where the samples of one line of a function went.
type spot struct {
	samples int64
	seconds float64
	callees map[string]*result.LprunCallee // by name; Share holds seconds
}

// result makes the lines' figures of counts and samples.
func (l *lprun) result() result.Lprun {
	s := l.sampled.Samples
	runs := l.sampled.Runs()
	r := result.Lprun{Unit: l.in.Args.Float("u", 1e-9), Wall: s.Wall, Runs: runs, Rate: s.Rate, Source: s.Source, Caught: l.caught, Counting: l.counting.Seconds(),
		Elapsed: l.sampled.Elapsed(), Sampling: SamplingOf(l.sampled)}
	for _, f := range l.funcs {
		fn := l.function(f, float64(max(runs, 1)))
		if l.strip && fn.Hits == 0 && fn.Calls == 0 && fn.Samples == 0 {
			continue
		}
		r.Functions = append(r.Functions, fn)
	}
	r.Total, r.Samples = l.inAny()
	r.Total /= float64(max(runs, 1))
	if l.in.Args.Has("sort") {
		slices.SortStableFunc(r.Functions, func(a, b result.LprunFunction) int { return cmp.Compare(b.Time, a.Time) })
	}
	return r
}

// function is the figures of one function.
func (l *lprun) function(f magic.Function, runs float64) result.LprunFunction {
	out := result.LprunFunction{Name: f.Name, Package: f.Package, File: sourceFile(f), First: f.First}
	hits := map[int]uint64{}
	switch {
	case f.NoGo != "":
		out.Unknown = f.NoGo
	case l.uncounted[f.Package] != "":
		out.Unknown = l.uncounted[f.Package]
	case len(l.counts.Values) == 0:
		out.Unknown = "not counted"
	default:
		for _, c := range l.counters {
			switch {
			case c.Func != f.Key || c.Cell != f.Cell || c.File != "" && c.File != f.File:
			case c.Kind == cell.CountHits:
				hits[c.Line] = c.Value(l.counts.Values)
				out.Hits += hits[c.Line]
			case c.Kind == cell.CountCalls && !c.Lit:
				out.Calls = c.Value(l.counts.Values)
			}
		}
	}
	spots := l.spots(f)
	total := 0.0
	for _, s := range spots {
		total += s.seconds
		out.Samples += s.samples
	}
	out.Time = total / runs
	allocs := l.allocsOf(f)
	for i, text := range f.Lines {
		line := result.LprunLine{Line: f.First + i, Text: strings.TrimRight(text, "\r"), Hits: hits[f.First+i]}
		if s := spots[line.Line]; s != nil {
			line.Time, line.Samples, line.Share = s.seconds/runs, s.samples, s.seconds/total
			line.Calls = s.list()
		}
		if l.allocs != nil {
			line.Alloc = &result.LprunAlloc{Bytes: allocs[line.Line].bytes, Objects: allocs[line.Line].objects}
		}
		if out.Samples > 0 && (line.Samples > 0 || line.Hits > 0) {
			line.Error = shareError(line.Samples, out.Samples)
		}
		out.Lines = append(out.Lines, line)
	}
	return out
}

// shareError is the standard error of a share that n of all samples show,
// sqrt(p(1-p)/all); for a line without samples that which one would have had.
func shareError(n, all int64) float64 {
	p := float64(max(n, 1)) / float64(all)
	return math.Sqrt(p * max(1-p, 0) / float64(all))
}

// list is the callees with the most time first.
func (s *spot) list() []result.LprunCallee {
	var all []result.LprunCallee
	for _, name := range slices.Sorted(maps.Keys(s.callees)) {
		c := *s.callees[name]
		c.Share /= s.seconds
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b result.LprunCallee) int { return cmp.Compare(b.Share, a.Share) })
	return all
}

// spots gives each sample with a function on its stack to the line where the
// innermost of the function's frames is.
func (l *lprun) spots(f magic.Function) map[int]*spot {
	s := l.sampled.Samples
	in := make([]bool, len(s.Frames))
	for i, fr := range s.Frames {
		in[i] = isIn(s.Funcs[fr.Func], fr.Line, f)
	}
	spots := map[int]*spot{}
	for _, st := range s.Stacks {
		at := slices.IndexFunc(st.Frames, func(i int) bool { return in[i] })
		if at < 0 {
			continue
		}
		line := s.Frames[st.Frames[at]].Line
		p := spots[line]
		if p == nil {
			p = &spot{callees: map[string]*result.LprunCallee{}}
			spots[line] = p
		}
		p.samples += st.Count
		p.seconds += st.Seconds
		if at > 0 {
			p.called(s, st.Frames[at-1], st.Seconds)
		}
	}
	return spots
}

// called notes what a line called.
func (p *spot) called(s sampler.Samples, frame int, seconds float64) {
	name := shortName(s.Name(frame))
	c := p.callees[name]
	if c == nil {
		c = &result.LprunCallee{Name: name, Inlined: s.Frames[frame].Inlined}
		p.callees[name] = c
	}
	c.Share += seconds
}

// isIn reports whether a line of a sampled function lies in a function's source:
// so do its closures and, of a generic one, its instances.
func isIn(fn sampler.Func, line int, f magic.Function) bool {
	if line < f.First || line >= f.First+len(f.Lines) {
		return false
	}
	switch {
	case f.Name == cellName: // the code outside of functions, with its literals
		return fn.File == f.File && strings.HasPrefix(fn.Name, cell.PackagePath+"."+cell.EntryName)
	case f.Package == "":
		return fn.File == f.File
	}
	return strings.HasPrefix(fn.Name, f.Package+".") && filepath.Base(fn.File) == filepath.Base(f.File)
}

// inAny is the time with any of the functions on the stack, in s, and the samples.
func (l *lprun) inAny() (seconds float64, samples int64) {
	s := l.sampled.Samples
	in := make([]bool, len(s.Frames))
	for i, fr := range s.Frames {
		in[i] = slices.ContainsFunc(l.funcs, func(f magic.Function) bool { return isIn(s.Funcs[fr.Func], fr.Line, f) })
	}
	for _, st := range s.Stacks {
		if slices.ContainsFunc(st.Frames, func(i int) bool { return in[i] }) {
			seconds += st.Seconds
			samples += st.Count
		}
	}
	return seconds, samples
}

// warnings say what the reader must know.
func (l *lprun) warnings(r result.Lprun) []string {
	warnings := slices.Clone(l.sampled.Samples.Warnings)
	if w := r.Sampling.Warning(); w != "" {
		warnings = append(warnings, w)
	}
	if l.sampled.Finished && r.Samples > 0 && r.Samples < int64(l.least)/4 {
		more := ""
		if l.in.Magic.Flag("budget") != nil {
			more = " (--budget 20 gives more)"
		}
		warnings = append(warnings, fmt.Sprintf("only %s in the functions: the times are rough%s", quantity.Counted(r.Samples, "sample"), more))
	}
	if l.sampled.Finished && r.Samples == 0 && len(r.Functions) > 0 {
		or := ", or wait (-wall shows that)"
		if r.Wall {
			or = ""
		}
		warnings = append(warnings, "no sample fell into the functions: they take too little time"+or)
	}
	for _, f := range r.Functions {
		switch {
		case f.Hits == 0 && f.Calls == 0 && f.Samples == 0 && f.Unknown == "":
			warnings = append(warnings, f.Name+" never ran")
		case f.Hits == 0 && f.Calls == 0 && f.Package != "" && f.Unknown == "" && len(l.counts.Values) > 0:
			warnings = append(warnings, f.Name+" ran without being counted: some package keeps a function value that leads there (--fresh counts that)")
		}
	}
	for _, path := range slices.Sorted(maps.Keys(l.uncounted)) {
		warnings = append(warnings, "hits are not counted: "+l.uncounted[path])
	}
	return append(warnings, l.otherCallers()...)
}

// otherCallers names the functions of packages that the sampled code reached through
// packages whose calls aren't counted.
func (l *lprun) otherCallers() []string {
	var warnings []string
	for _, f := range l.funcs {
		if f.Package == "" || f.NoGo != "" || l.uncounted[f.Package] != "" || slices.Contains(l.countedFrom, magic.CountedEverywhere) {
			continue
		}
		if names := l.callersOf(f); len(names) > 0 {
			warnings = append(warnings, fmt.Sprintf("hits of %s may be too low: calls through %s are not counted (--fresh counts them)", f.Name, strings.Join(names[:min(3, len(names))], ", ")))
		}
	}
	return warnings
}

// callersOf returns the functions between the session's code and a function whose
// calls aren't counted.
func (l *lprun) callersOf(f magic.Function) []string {
	s := l.sampled.Samples
	callers := map[string]bool{}
	for _, st := range s.Stacks {
		i := slices.IndexFunc(st.Frames, func(i int) bool { return isIn(s.Funcs[s.Frames[i].Func], s.Frames[i].Line, f) })
		for i++; i > 0 && i < len(st.Frames); i++ {
			path := packageOf(s.Name(st.Frames[i]))
			if path == cell.PackagePath || path == "main" {
				break
			}
			if path != "runtime" && !slices.Contains(l.countedFrom, path) {
				callers[shortName(s.Name(st.Frames[i]))] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(callers))
}
