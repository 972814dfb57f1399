package profiling

import (
	"slices"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/report"
	"hpgo/plots/recording/profiles"
)

// ViewFlags are those that choose how a profile is shown.
func ViewFlags() []magic.Flag {
	return []magic.Flag{
		{Name: "s", Long: "sort", Arg: "KEY", Doc: "order of the functions: time, cumulative, calls, pcalls, name, file, line, nfl, module, stdname, alloc, or the beginning of one of them"},
		{Name: "l", Long: "limit", Arg: "LIMIT", Doc: "show fewer functions: a number of rows, a part of them such as 0.1, or those whose place holds this text; several apply in turn"},
		{Name: "flame", Doc: "the flame graph without the table"},
		{Name: "icicle", Doc: "draw the graph with the outermost function on top"},
		{Name: "sunburst", Doc: "draw the graph as rings"},
		{Name: "tree", Doc: "show the calls as an indented tree"},
		{Name: "pprof", Doc: "add pprof's own pages"},
		{Name: "base", Arg: "NAME", Takes: magic.AboutFiles, Doc: "compare with a profile: the label of one that --name kept, or a file that -D or pprof wrote"},
	}
}

// Foreign is a profile of another program.
type Foreign struct {
	Kind     string // of result.Prun: "cpu", "mem", "goroutine", ...
	Profile  profiles.Profile
	Value    string  // which of the profile's values is shown; "": its last
	Headline string  // what the figure is
	Source   string  // where the samples come from
	Rate     float64 // Hz, of samples; 0: counted
	Elapsed  float64 // s, that the profile is of; 0: unknown
	Lost     int64   // samples
	Params   map[string]any
	Notes    []string
	Warnings []string
	Partial  string
}

// CheckView checks the flags ViewFlags of a magic, before anything is measured.
func CheckView(h magic.Host, in *measuring.Input) error { return (&prun{in: in}).readFlags(h) }

// Show makes the output of a profile of another program, with the flags ViewFlags
// of the magic. Views of %prun then look at it, too.
func Show(h magic.Host, in *measuring.Input, f Foreign) (report.Output, error) {
	p := &prun{in: in, kind: f.Kind}
	if err := p.readFlags(h); err != nil {
		return report.Output{}, err
	}
	value, ok := f.Profile.Value(f.Value)
	if !ok {
		value = len(f.Profile.Types) - 1
	}
	scale := 1.0
	if valueUnit(f.Profile.Types[value]) == "s" {
		scale = 1e-9
	}
	r := prunResult(f.Profile, value, scale)
	r.Kind, r.Order, r.Unit = f.Kind, p.order.text, valueUnit(f.Profile.Types[value])
	r.Source, r.Rate, r.Elapsed, r.Lost = f.Source, f.Rate, f.Elapsed, f.Lost
	if f.Rate > 0 {
		addErrors(&r)
	}
	st := &storedPrun{result: r, data: f.Profile, value: value, scale: scale}
	p.compare(st)
	p.order.sort(st.result.Rows)
	o := report.Output{Params: f.Params, Warnings: f.Warnings, Partial: f.Partial, Untimed: true}
	return p.shown(h, st, o, f.Headline, append(slices.Clone(f.Notes), p.notes...))
}
