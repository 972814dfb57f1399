package tracing

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"hpgo/magics/result"
	"hpgo/plots"
	"hpgo/plots/recording"
)

// How much of a trace a result holds.
const (
	keptFunctions  = 100
	keptGoroutines = 50
	keptWaits      = 50
	keptRegions    = 100
)

// resultOf makes a result of a study.
func resultOf(s recording.Study) result.Trace {
	r := result.Trace{Seconds: s.Duration.Seconds(), GOMAXPROCS: cmp.Or(s.MaxProcs, len(s.Processors)), Latency: latencyOf(s.Latency),
		GC: result.TraceGC{Cycles: s.Cycles, Marking: s.Marking.Seconds(), Assist: s.Helped.Seconds(), Stops: s.Execution.Stops, Stopped: s.Stopped.Seconds(), Longest: s.Execution.Longest.Seconds()}}
	for _, p := range s.Processors {
		r.Processors = append(r.Processors, result.TraceProcessor{ID: p.ID, Busy: p.Busy.Seconds(), Program: p.Uses[recording.UseProgram].Seconds(),
			Syscall: p.Uses[recording.UseSyscall].Seconds(), GC: p.Uses[recording.UseGC].Seconds(), Runtime: p.Uses[recording.UseRuntime].Seconds(), Session: p.Uses[recording.UseSession].Seconds()})
		r.GC.Workers += p.Uses[recording.UseGC].Seconds()
	}
	for _, d := range s.Parallel {
		r.Parallel = append(r.Parallel, share(d.Seconds(), r.Seconds))
	}
	for _, f := range s.Functions {
		t := timesOf(f.Times)
		if !f.System {
			r.Count += f.Goroutines
		}
		if len(r.Functions) < keptFunctions {
			r.Functions = append(r.Functions, result.TraceFunction{Name: f.Name, System: f.System, Goroutines: f.Goroutines, Times: t})
		}
	}
	r.Goroutines = goroutinesOf(s.Goroutines)
	for _, w := range s.Waits[:min(len(s.Waits), keptWaits)] {
		r.Waits = append(r.Waits, result.TraceWait{State: w.State.String(), TracePlace: result.TracePlace(w.Place), Call: w.Call, Count: w.Count, Open: w.Open,
			Seconds: w.Time.Seconds(), Longest: w.Longest.Seconds(), By: result.TracePlace(w.By)})
	}
	for _, w := range s.Longest {
		r.Longest = append(r.Longest, result.TraceWaited{Goroutine: w.Goroutine, Name: w.Name, State: w.State.String(), TracePlace: result.TracePlace(w.Place),
			From: w.From.Seconds(), To: w.To.Seconds(), Open: w.Open, By: w.By, ByName: w.ByName, ByPlace: result.TracePlace(w.ByPlace)})
	}
	r.Regions, r.Tasks, r.Calls = regionsOf(s.Regions), regionsOf(s.Tasks), regionsOf(s.Calls)
	return r
}

func timesOf(b recording.Breakdown) result.TraceTimes {
	s := func(state recording.State) float64 { return b[state].Seconds() }
	return result.TraceTimes{Running: s(recording.Running), Runnable: s(recording.Runnable), Syscall: s(recording.Syscall), Assist: s(recording.Assist),
		Channel: s(recording.Channel), Select: s(recording.Select), Mutex: s(recording.Mutex), Sync: s(recording.Sync), Sleep: s(recording.Sleep),
		IO: s(recording.IO), Blocked: s(recording.Blocked)}
}

// goroutinesOf are the busiest goroutines of the program.
func goroutinesOf(all []recording.Goroutine) []result.TraceGoroutine {
	all = slices.DeleteFunc(slices.Clone(all), func(g recording.Goroutine) bool { return g.System })
	slices.SortStableFunc(all, func(a, b recording.Goroutine) int {
		return cmp.Or(cmp.Compare(b.Times.Busy(), a.Times.Busy()), cmp.Compare(b.Times.Total(), a.Times.Total()))
	})
	all = all[:min(len(all), keptGoroutines)]
	slices.SortFunc(all, func(a, b recording.Goroutine) int { return cmp.Compare(a.ID, b.ID) })
	out := []result.TraceGoroutine{}
	for _, g := range all {
		out = append(out, result.TraceGoroutine{ID: g.ID, Name: g.Name, First: g.First.Seconds(), Last: g.Last.Seconds(), Times: timesOf(g.Times)})
	}
	return out
}

func regionsOf(all []recording.Region) []result.TraceRegion {
	out := []result.TraceRegion{}
	for _, g := range all[:min(len(all), keptRegions)] {
		out = append(out, result.TraceRegion{Name: g.Name, Count: g.Count, Seconds: g.Time.Seconds(), Running: g.Running.Seconds(),
			Min: g.Least.Seconds(), P50: g.Each.Quantile(0.5).Seconds(), Max: g.Most.Seconds()})
	}
	return out
}

func latencyOf(d recording.Distribution) result.TraceLatency {
	l := result.TraceLatency{Count: d.Count, P50: d.Quantile(0.5).Seconds(), P90: d.Quantile(0.9).Seconds(), P99: d.Quantile(0.99).Seconds(), Max: d.Most.Seconds(), Bins: []result.TraceBin{}}
	if d.Count > 0 {
		l.Mean = d.Sum.Seconds() / float64(d.Count)
	}
	d.Bins(func(from, to time.Duration, count int) {
		l.Bins = append(l.Bins, result.TraceBin{From: from.Seconds(), To: to.Seconds(), Count: count})
	})
	return l
}

// share is a part of a whole that may be nothing.
func share(part, whole float64) float64 {
	if whole > 0 {
		return part / whole
	}
	return 0
}

// at is a place as sentences name it: "f (cell 3:12)".
func at(p result.TracePlace) string {
	switch {
	case p.Where == "":
		return p.Function
	case p.Function == "" || strings.HasPrefix(p.Where, p.Function+":"):
		return p.Where // a cell's own statements are called after the cell
	}
	return p.Function + " (" + p.Where + ")"
}

// drawn is a picture that is data already.
type drawn plots.Data

// Encode implements plots.Picture.
func (d drawn) Encode() (plots.Data, error) { return plots.Data(d), nil }
