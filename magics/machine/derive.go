package machine

import (
	"strings"

	"hpgo/magics/harness/counters"
	"hpgo/magics/result"
)

// ratios are the figures that perf derives of an event and another one of the same
// source: their quotient times a factor.
var ratios = map[string]struct {
	by     string
	factor float64
	unit   string
}{
	"cycles":                  {"task-clock", 1e-9, "GHz"},
	"instructions":            {"cycles", 1, "insn per cycle"},
	"cache-misses":            {"cache-references", 100, "% of all cache refs"},
	"branch-misses":           {"branches", 100, "% of all branches"},
	"stalled-cycles-frontend": {"cycles", 100, "% frontend cycles idle"},
	"stalled-cycles-backend":  {"cycles", 100, "% backend cycles idle"},
	"L1-dcache-load-misses":   {"L1-dcache-loads", 100, "% of all L1-dcache accesses"},
	"L1-icache-load-misses":   {"L1-icache-loads", 100, "% of all L1-icache accesses"},
	"LLC-load-misses":         {"LLC-loads", 100, "% of all LL-cache accesses"},
	"dTLB-load-misses":        {"dTLB-loads", 100, "% of all dTLB cache accesses"},
	"iTLB-load-misses":        {"iTLB-loads", 100, "% of all iTLB cache accesses"},
}

// derive fills in the figures that follow from the events; elapsed is the time of a run
// in s, 0 for a model, which has none.
func derive(events []result.PerfEvent, elapsed float64) {
	d := derivation{map[string]float64{}, elapsed}
	for _, e := range events {
		if e.Value != nil {
			d.values[canonical(e.Event)] = *e.Value
		}
	}
	for i := range events {
		if events[i].Value != nil {
			d.fill(&events[i])
		}
	}
}

// derivation is the values by the events' main names, with their suffixes.
type derivation struct {
	values  map[string]float64
	elapsed float64
}

func (d derivation) fill(e *result.PerfEvent) {
	name, suffix, _ := strings.Cut(canonical(e.Event), ":")
	if suffix != "" {
		suffix = ":" + suffix
	}
	if e.Clock {
		if d.elapsed > 0 {
			e.Metric, e.Unit = *e.Value/d.elapsed, "CPUs utilized"
		}
		return
	}
	clock, timed := d.values["task-clock"]
	if r, ok := ratios[name]; ok {
		by, counted := d.values[r.by+suffix]
		if r.by == "task-clock" {
			by, counted = clock, timed
		}
		if counted && by > 0 {
			e.Metric, e.Unit = r.factor**e.Value/by, r.unit
			return
		}
		if !counted && strings.HasSuffix(name, "-misses") {
			return // a rate would say little
		}
	}
	if timed && clock > 0 && d.elapsed > 0 && *e.Value > 0 {
		e.Metric, e.Unit = rate(*e.Value / clock)
	}
}

// rate is a number in a second of CPU time with perf's units.
func rate(perSecond float64) (float64, string) {
	for _, u := range []struct {
		unit  string
		scale float64
	}{{"G/sec", 1e9}, {"M/sec", 1e6}, {"K/sec", 1e3}} {
		if perSecond >= u.scale {
			return perSecond / u.scale, u.unit
		}
	}
	return perSecond, "/sec"
}

// canonical is perf's main name of an event, with its suffix.
func canonical(name string) string {
	main, err := counters.Canonical(name)
	if err != nil {
		return name
	}
	if _, suffix, ok := strings.Cut(name, ":"); ok {
		return main + ":" + suffix
	}
	return main
}
