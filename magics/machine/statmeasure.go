package machine

import (
	"context"
	"encoding/json"
	"fmt"

	"hpgo/magics/harness"
	"hpgo/magics/harness/counters"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/result"
)

// measure counts all variants, and then simulates them if that is to be.
func (s *stat) measure(ctx context.Context, h magic.Host) error {
	for _, v := range s.variants {
		if err := s.count(ctx, h, v); err != nil {
			return err
		}
	}
	return s.simulateAll(ctx, h)
}

// count counts one variant where it runs.
func (s *stat) count(ctx context.Context, h magic.Host, v variant) error {
	runs, budget := s.runs()
	options, err := json.Marshal(counters.Options{Events: s.events, Runs: runs, Budget: budget})
	if err != nil {
		return fmt.Errorf("options of the counting: %w", err)
	}
	c := &counting{}
	s.counts = append(s.counts, c)
	p := v.program(fmt.Sprintf("hpgo__c := %s.NewLoop(%q)", countersName, options), "hpgo__c.Next()", "hpgo__c.End()", s.ops.loops)
	p.Imports = map[string]string{countersName: countersPath}
	p.Fresh = s.in.Args.Has("fresh")
	p.Records = func(r harness.Record) {
		if c.hear(r) && c.end == nil {
			s.progress.Say("run %d of %d", min(len(c.runs)+1, runs), runs)
		}
	}
	_, names, err := measuring.Measure(ctx, h, v.Subject, p, s.in.Args.Has("keep"))
	s.restored = append(s.restored, names...)
	return err
}

// noCounters reports whether hardware events were asked for and the CPU counted none.
func (s *stat) noCounters() bool {
	asked := false
	for _, e := range s.counts[0].variant("", s.ops).Events {
		if e.Source != result.PerfHardware {
			continue
		}
		if asked = true; e.Value != nil {
			return false
		}
	}
	return asked
}

// cautions are what the reader must know of the counts.
func (s *stat) cautions(p result.Perf) []string {
	var all []string
	for i, v := range p.Variants {
		of := ""
		if len(s.variants) > 1 {
			of = v.Name + ": "
		}
		for _, text := range []string{emptyShare(s.counts[i], v), rarelyCounted(v.Events)} {
			if text != "" {
				all = append(all, of+text)
			}
		}
	}
	if len(p.Variants) > 0 && s.withoutKernel(p.Variants[0].Events) {
		all = append(all, "events with :u leave the kernel's part out, since the system forbids to count it (kernel.perf_event_paranoid)")
	}
	return all
}

// withoutKernel reports whether events leave the kernel out without being asked.
func (s *stat) withoutKernel(events []result.PerfEvent) bool {
	for i, e := range events {
		if e.Event != s.events[i] {
			return true
		}
	}
	return false
}

// rarelyCounted warns of an event that had few turns.
func rarelyCounted(events []result.PerfEvent) string {
	for _, e := range events {
		if e.Share < rarely {
			return fmt.Sprintf("%s was counted for %s of the time only, the rest is estimated: fewer events at once (-e) are counted all the time", e.Event, quantity.Percent(e.Share))
		}
	}
	return ""
}

// rarely is the part of the time below which an event's estimate is warned of.
const rarely = 0.2

// muchOfIt is the part of a count from which on what the counting itself costs is said.
const muchOfIt = 0.05

// emptyShare says how much of the counts is the counting itself, where that matters.
func emptyShare(c *counting, v result.PerfVariant) string {
	worst, of := 0.0, ""
	for i, e := range v.Events {
		if share := c.emptyPart(i, e); share > worst && (e.Clock || e.Source == result.PerfHardware) {
			worst, of = share, e.Event
		}
	}
	if worst < muchOfIt {
		return ""
	}
	return fmt.Sprintf("a run is so short that counting nothing gives %s of its %s: -n N executes the statement N times in a run", quantity.Percent(worst), of)
}
