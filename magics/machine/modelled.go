package machine

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/harness/counters"
	"hpgo/magics/harness/valgrind"
	"hpgo/magics/magic"
	"hpgo/magics/result"
	"hpgo/magics/simulated"
	"hpgo/plots/recording/profiles"
)

// simulation is what a model of the CPU counted of one variant.
type simulation struct {
	tool     simulated.Tool
	geometry simulated.Geometry
	runs     []valgrind.Run
	profiles []simulated.Profile // of the runs
	finished bool                // the program came to its end
	left     map[string]string   // magic.Outcome.Left
}

// complete are the profiles of the runs that came to their end, or the one that broke
// off where there is no other.
func (s *simulation) complete() (profiles []simulated.Profile, broken bool) {
	for i, p := range s.profiles {
		if !s.runs[i].Broken {
			profiles = append(profiles, p)
		}
	}
	if len(profiles) == 0 {
		return s.profiles, len(s.profiles) > 0
	}
	return profiles, false
}

// result is the figures of what was simulated; names are of the events that were asked
// for. There is at least one profile.
func (s *simulation) result(names []string, o operations, who owners) *result.PerfSimulated {
	profiles, broken := s.complete()
	r := &result.PerfSimulated{Tool: "valgrind " + s.tool.Version, Runs: len(profiles),
		Model: s.geometry.String()}
	if broken {
		r.Runs = 0
	}
	for _, run := range s.runs {
		r.Elapsed += run.Elapsed / float64(len(s.runs))
	}
	totals := make([]simulated.Cost, len(profiles))
	estimates := make([]float64, len(profiles))
	for i, p := range profiles {
		totals[i] = p.Total()
		estimates[i] = float64(totals[i].Estimate())
	}
	for _, name := range modelled(names) {
		var counts []float64
		for _, t := range totals {
			n, _ := t.Event(canonicalBase(name))
			counts = append(counts, float64(n))
		}
		mean, err := meanAndError(counts)
		r.Events = append(r.Events, result.PerfEvent{Event: name, Source: result.PerfModel, From: r.Tool, Share: 1, Value: &mean, Err: err, PerOp: o.perOp(mean)})
	}
	derive(r.Events, 0)
	estimate, _ := meanAndError(estimates)
	r.Estimate = &estimate
	r.Functions, r.Lines = costs(profiles[0], who)
	return r
}

// modelled are the events that a model counts: of those that were asked for, or the
// usual ones where there are none.
func modelled(names []string) []string {
	knows := func(name string) bool { _, ok := simulated.Cost{}.Event(canonicalBase(name)); return ok }
	var known []string
	for _, name := range names {
		if knows(name) {
			known = append(known, name)
		}
	}
	if len(known) == 0 {
		known = slices.DeleteFunc(counters.Default(), func(name string) bool { return !knows(name) })
	}
	// Beside misses of the last cache those of the first say more.
	if slices.Contains(known, "cache-misses") && !slices.Contains(known, "L1-dcache-load-misses") {
		known = append(known, "L1-dcache-load-misses")
	}
	return known
}

// canonicalBase is the main name of an event without its suffix.
func canonicalBase(name string) string {
	base, _, _ := strings.Cut(canonical(name), ":")
	return base
}

var inCell = regexp.MustCompile(`^cell \d+$`)

// costs adds a profile up: by functions, the costliest first, and by the lines of
// cells, in their order.
func costs(p simulated.Profile, o owners) (functions, lines []result.PerfCost) {
	type key struct {
		fn, file string
		line     int
	}
	byFunction, byLine := map[key]simulated.Cost{}, map[key]simulated.Cost{}
	sum := func(m map[key]simulated.Cost, k key, c simulated.Cost) {
		total := m[k]
		total.Add(c)
		m[k] = total
	}
	for at, c := range p.Costs {
		if at.Own() {
			continue
		}
		fn, file := o.of(at)
		if fn == theCell {
			file = "" // part of it is what is written around the cell's Go
		}
		sum(byFunction, key{fn: fn, file: file}, c)
		if inCell.MatchString(at.File) {
			sum(byLine, key{fn, at.File, at.Line}, c)
		}
	}
	total := float64(p.Total().Instructions())
	list := func(m map[key]simulated.Cost) (all []result.PerfCost) {
		for _, k := range slices.SortedFunc(maps.Keys(m), func(a, b key) int {
			return cmp.Or(cmp.Compare(cellNumber(a.file), cellNumber(b.file)), cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.fn, b.fn))
		}) {
			all = append(all, costOf(k.fn, k.file, k.line, m[k], total))
		}
		return all
	}
	functions = list(byFunction)
	slices.SortStableFunc(functions, func(a, b result.PerfCost) int { return cmp.Compare(b.Instructions, a.Instructions) })
	return functions, list(byLine)
}

// theCell is the name under which the measured statements' own instructions are shown.
const theCell = "(the cell)"

// owners are the session's functions, by the cells that they stand in: code of a
// function that was inlined is the function's.
type owners map[string][]magic.Function

func ownersOf(functions []magic.Function) owners {
	o := owners{}
	for _, f := range functions {
		o[f.File] = append(o[f.File], f)
	}
	return o
}

// of is the function to whose code a place belongs, and its file. Code of packages that
// was inlined belongs to the function that has it.
func (o owners) of(at simulated.Place) (fn, file string) {
	if inCell.MatchString(at.File) {
		for _, f := range o[at.File] {
			if f.First <= at.Line && at.Line < f.First+len(f.Lines) {
				return f.Name, at.File
			}
		}
		if !strings.HasPrefix(at.Func, "main.") { // C
			return at.Func, at.File
		}
		return theCell, at.File
	}
	own := cell.PlainName(strings.TrimPrefix(at.Func, "main."))
	for file, list := range o {
		if slices.ContainsFunc(list, func(f magic.Function) bool { return f.Name == own }) {
			return own, file
		}
	}
	if strings.HasSuffix(at.Func, "."+cell.EntryName) {
		return theCell, ""
	}
	return profiles.Name(at.Func, ""), ""
}

func costOf(fn, file string, line int, c simulated.Cost, total float64) result.PerfCost {
	r := result.PerfCost{Func: fn, File: file, Line: line, Instructions: int64(c.Instructions()), Loads: int64(c.Loads()), Stores: int64(c.Stores()),
		D1Misses: int64(c.D1Misses()), LLMisses: int64(c.Misses()), Branches: int64(c.Branches()), Mispredicted: int64(c.Mispredicted())}
	if total > 0 {
		r.Share = float64(c.Instructions()) / total
	}
	return r
}

// cellNumber is the number of a cell's file; 0: it is none.
func cellNumber(file string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(file, "cell "))
	if err != nil {
		return 0
	}
	return n
}
