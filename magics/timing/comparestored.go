package timing

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/report"
	"hpgo/magics/result"
)

// compareStored compares results that --name has kept. They were not measured
// alternately.
func (c *comparison) compareStored(ctx context.Context, h magic.Host, labels []string) (magic.Result, error) {
	kept := measuring.NamedResults(h)
	rules := c.rules
	rules.Interleaved, rules.Order, rules.Rounds = false, "", 0
	var all []series
	var first report.Output
	var warnings []string
	for i, label := range labels {
		o := kept[label]
		s, err := storedSeries(label, o.Result)
		if err != nil {
			return magic.Result{}, c.in.Magic.Usagef("%s: %v", c.in.Magic.Title(), err)
		}
		if i == 0 {
			first = o
		} else if a, b := storedClock(first.Result), storedClock(o.Result); a != b {
			warnings = append(warnings, fmt.Sprintf("%s and %s are not comparable: times of the clocks %s and %s", labels[0], label, a, b))
			s.incomparable = true
		} else if d := otherPlace(first.Env, o.Env); d != "" {
			warnings = append(warnings, fmt.Sprintf("%s and %s are not comparable: %s", labels[0], label, d))
			s.incomparable = true
		}
		all = append(all, s)
		rules.Rounds = max(rules.Rounds, len(s.times))
	}
	res, more := judge(rules, all)
	res.Clock = storedClock(first.Result)
	warnings = append(append(warnings, "not measured alternately: what changed on the machine between the measurements is in the difference"), more...)
	c.check, c.procs = false, 0
	c.plan.Loops, c.plan.Target = 0, 0
	out := c.output(res, warnings, nil)
	return measuring.Finish(ctx, h, c.in, out)
}

// storedSeries is the series of a stored result.
func storedSeries(label string, r any) (series, error) {
	switch r := r.(type) {
	case result.Timeit:
		return series{variant: result.Variant{Name: label, Loops: r.Loops, BytesPerOp: r.BytesPerOp, AllocsPerOp: r.AllocsPerOp}, times: r.Timings()}, nil
	case result.Compare:
		if len(r.Variants) == 2 && r.Variants[1].Measured() {
			v := r.Variants[1]
			return series{variant: result.Variant{Name: label, Code: v.Code, Loops: v.Loops, BytesPerOp: v.BytesPerOp, AllocsPerOp: v.AllocsPerOp}, times: v.Times}, nil
		}
		return series{}, fmt.Errorf("%s is itself a comparison of %d variants, of which one can't be told", label, len(r.Variants))
	}
	return series{}, fmt.Errorf("%s is a %s, which has no runs to compare", label, strings.TrimPrefix(fmt.Sprintf("%T", r), "result."))
}

// storedClock is the clock of a stored result.
func storedClock(r any) string {
	clock := ""
	switch r := r.(type) {
	case result.Timeit:
		clock = r.Clock
	case result.Compare:
		clock = r.Clock
	}
	return cmp.Or(clock, clockName(false))
}

// otherPlace says what differs between where two results were measured; "" where
// they can be compared.
func otherPlace(a, b result.Env) string {
	var parts []string
	differ := func(what, x, y string) {
		if x != y {
			parts = append(parts, fmt.Sprintf("%s %s and %s", what, cmp.Or(x, "unknown"), cmp.Or(y, "unknown")))
		}
	}
	differ("cpu", a.CPU, b.CPU)
	differ("go", a.Go, b.Go)
	differ("GOARCH", a.Arch, b.Arch)
	differ("GOAMD64", a.Level, b.Level)
	return strings.Join(parts, ", ")
}
