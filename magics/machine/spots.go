package machine

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/harness/sampler"
	"hpgo/magics/profiling"
	"hpgo/magics/result"
	"hpgo/plots/recording/profiles"
)

// place is an instruction: where it stands in the code, and in the source.
type place struct {
	code   string // the function that has the code, as the linker names it
	begun  string // the file of that function
	offset int    // in it; -1: unknown
	fn     string // the innermost function of the source
	file   string
	line   int
	stack  []position // of the source, innermost first: those that were inlined into the code
	count  int64
}

// position is a place in the source.
type position struct {
	file string
	line int
}

// places are the instructions that samples met, with their number.
func places(s sampler.Samples) (all []*place, total int64) {
	type key struct {
		code   string
		offset int
		at     position
	}
	known := map[key]*place{}
	for _, st := range s.Measured().Stacks {
		if len(st.Frames) == 0 {
			continue
		}
		total += st.Count
		leaf := s.Frames[st.Frames[0]]
		fn := s.Funcs[leaf.Func]
		p := place{offset: leaf.Offset, fn: fn.Name, file: fn.File, line: leaf.Line}
		for _, i := range st.Frames {
			f := s.Frames[i]
			p.code, p.begun = s.Funcs[f.Func].Name, s.Funcs[f.Func].File
			p.stack = append(p.stack, position{s.Funcs[f.Func].File, f.Line})
			if !f.Inlined {
				break
			}
		}
		k := key{p.code, p.offset, position{p.file, p.line}}
		if known[k] == nil {
			known[k] = &p
			all = append(all, &p)
		}
		known[k].count += st.Count
	}
	slices.SortStableFunc(all, func(a, b *place) int { return cmp.Compare(b.count, a.count) })
	return all, total
}

// shownName is a function as the other magics name it.
func shownName(linker, file string) string {
	if linker == "" {
		return "(not Go)"
	}
	if strings.HasPrefix(linker, cell.PackagePath+"."+cell.EntryName) {
		return theCell
	}
	return cell.PlainName(profiles.Name(linker, file))
}

// spot is the result of a number of samples.
func spot(count, total int64) result.PerfSpot {
	share := float64(count) / float64(max(total, 1))
	return result.PerfSpot{Samples: count, Share: share, Err: math.Sqrt(share * (1 - share) / float64(max(total, 1)))}
}

// spotsBy adds the samples up by a key, the most frequent first; make fills in the
// rest of a key's first place.
func spotsBy[K comparable](all []*place, total int64, key func(*place) K, fill func(*place, *result.PerfSpot)) []result.PerfSpot {
	counts, first := map[K]int64{}, map[K]*place{}
	var order []K
	for _, p := range all {
		k := key(p)
		if counts[k] == 0 {
			order = append(order, k)
			first[k] = p
		}
		counts[k] += p.count
	}
	spots := make([]result.PerfSpot, 0, len(order))
	for _, k := range order {
		s := spot(counts[k], total)
		fill(first[k], &s)
		spots = append(spots, s)
	}
	slices.SortStableFunc(spots, func(a, b result.PerfSpot) int { return cmp.Compare(b.Samples, a.Samples) })
	return spots
}

// recorded is the result of what was sampled; text is the source of a line, and
// instruction that of code.
func recorded(r sampler.Run, all []*place, total int64, text func(position) string, instruction func(*place) string) result.PerfRecord {
	rec := result.PerfRecord{Source: r.Samples.Source, Rate: r.Samples.Rate, Samples: total, Lost: r.Samples.Lost, Runs: r.Runs(), Elapsed: r.Elapsed(), Sampling: profiling.SamplingOf(r)}
	rec.Functions = spotsBy(all, total, func(p *place) [2]string { return [2]string{p.fn, p.file} }, func(p *place, s *result.PerfSpot) {
		s.Func, s.File = shownName(p.fn, p.file), p.file
	})
	lines := slices.DeleteFunc(slices.Clone(all), func(p *place) bool { return p.line == 0 })
	rec.Lines = spotsBy(lines, total, func(p *place) position { return position{p.file, p.line} }, func(p *place, s *result.PerfSpot) {
		s.Func, s.File, s.Line = shownName(p.fn, p.file), p.file, p.line
		s.Text = strings.TrimSpace(text(position{p.file, p.line}))
	})
	type at struct {
		code   string
		offset int
	}
	known := slices.DeleteFunc(slices.Clone(all), func(p *place) bool { return p.offset < 0 })
	rec.Instructions = spotsBy(known, total, func(p *place) at { return at{p.code, p.offset} }, func(p *place, s *result.PerfSpot) {
		s.Func, s.File, s.Line, s.Offset = shownName(p.code, p.begun), p.file, p.line, p.offset
		s.Text = instruction(p)
	})
	return rec
}
