package counters

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hpgo/magics/harness/perfevent"
)

// What an event is counted by.
const (
	HW = "hw" // the CPU
	SW = "sw" // the kernel
)

// Listed is an event that has a name.
type Listed struct {
	Name    string
	Aliases []string
	Source  string // HW or SW
	Unit    string // "ns" of a clock
	Doc     string

	kind   uint32
	config uint64
}

// basic are the events with numbers of their own, as perf list names them
// (perf_hw_id and perf_sw_ids).
var basic = []Listed{
	{Name: "cycles", Aliases: []string{"cpu-cycles"}, Source: HW, Doc: "clock cycles of the cores", kind: perfevent.Hardware, config: 0},
	{Name: "instructions", Source: HW, Doc: "instructions that were completed", kind: perfevent.Hardware, config: 1},
	{Name: "cache-references", Source: HW, Doc: "accesses to the last level of the caches", kind: perfevent.Hardware, config: 2},
	{Name: "cache-misses", Source: HW, Doc: "of these, the ones that went to memory", kind: perfevent.Hardware, config: 3},
	{Name: "branches", Aliases: []string{"branch-instructions"}, Source: HW, Doc: "jumps, taken or not", kind: perfevent.Hardware, config: 4},
	{Name: "branch-misses", Source: HW, Doc: "jumps that were predicted wrongly", kind: perfevent.Hardware, config: 5},
	{Name: "bus-cycles", Source: HW, Doc: "clock cycles of the bus", kind: perfevent.Hardware, config: 6},
	{Name: "stalled-cycles-frontend", Aliases: []string{"idle-cycles-frontend"}, Source: HW, Doc: "cycles without an instruction to begin", kind: perfevent.Hardware, config: 7},
	{Name: "stalled-cycles-backend", Aliases: []string{"idle-cycles-backend"}, Source: HW, Doc: "cycles that wait for data or for units", kind: perfevent.Hardware, config: 8},
	{Name: "ref-cycles", Source: HW, Doc: "cycles at the CPU's nominal clock", kind: perfevent.Hardware, config: 9},
	{Name: "task-clock", Source: SW, Unit: "ns", Doc: "CPU time of the threads", kind: perfevent.Software, config: perfevent.TaskClock},
	{Name: "cpu-clock", Source: SW, Unit: "ns", Doc: "the same by the CPUs' clocks", kind: perfevent.Software, config: perfevent.CPUClock},
	{Name: "page-faults", Aliases: []string{"faults"}, Source: SW, Doc: "accesses to pages that weren't there yet", kind: perfevent.Software, config: perfevent.PageFaults},
	{Name: "minor-faults", Source: SW, Doc: "of these, the ones without reading from a disk", kind: perfevent.Software, config: perfevent.MinorFaults},
	{Name: "major-faults", Source: SW, Doc: "the ones that read", kind: perfevent.Software, config: perfevent.MajorFaults},
	{Name: "context-switches", Aliases: []string{"cs"}, Source: SW, Doc: "times that a thread left its CPU", kind: perfevent.Software, config: perfevent.ContextSwitches},
	{Name: "cpu-migrations", Aliases: []string{"migrations"}, Source: SW, Doc: "times that a thread came to another CPU", kind: perfevent.Software, config: perfevent.CPUMigrations},
	{Name: "alignment-faults", Source: SW, Doc: "accesses that the kernel had to align", kind: perfevent.Software, config: perfevent.AlignmentFaults},
	{Name: "emulation-faults", Source: SW, Doc: "instructions that the kernel had to emulate", kind: perfevent.Software, config: perfevent.EmulationFaults},
	{Name: "cgroup-switches", Source: SW, Doc: "switches to a thread of another control group", kind: perfevent.Software, config: perfevent.CgroupSwitches},
}

// caches and cacheUses are the parts of the names of cache events
// (perf_hw_cache_id, perf_hw_cache_op_id): L1-dcache-load-misses.
var (
	caches = []struct {
		name, doc string
		uses      []int
	}{
		{"L1-dcache", "the first cache of data", []int{0, 1, 2}}, {"L1-icache", "the first cache of code", []int{0, 2}},
		{"LLC", "the last level of the caches", []int{0, 1, 2}}, {"dTLB", "the table of pages of data", []int{0, 1, 2}},
		{"iTLB", "the table of pages of code", []int{0}}, {"branch", "the predictor of jumps", []int{0}}, {"node", "the memory of the own node", []int{0, 1, 2}},
	}
	cacheUses = []struct{ many, one, doc string }{{"loads", "load", "reads from "}, {"stores", "store", "writes to "}, {"prefetches", "prefetch", "prefetches into "}}
)

// list is every event with a name.
var list = allEvents()

func allEvents() []Listed {
	all := slices.Clone(basic)
	for cache, c := range caches {
		for _, use := range c.uses {
			u := cacheUses[use]
			config := uint64(cache) | uint64(use)<<8
			all = append(all,
				Listed{Name: c.name + "-" + u.many, Source: HW, Doc: u.doc + c.doc, kind: perfevent.Cache, config: config},
				Listed{Name: c.name + "-" + u.one + "-misses", Source: HW, Doc: "those that it didn't have", kind: perfevent.Cache, config: config | 1<<16})
		}
	}
	return all
}

// List is every event that has a name. What the machine can count is another matter.
func List() []Listed { return slices.Clone(list) }

// Default are the events of %perf stat: those of the book, in its order.
func Default() []string {
	return []string{"cycles", "instructions", "cache-references", "cache-misses", "branches", "branch-misses", "task-clock", "faults", "minor-faults", "cs", "migrations"}
}

// asked is an event that is to be counted.
type asked struct {
	name   string // as it was asked for, with its suffix
	listed Listed
	flags  uint64 // what the suffix leaves out
}

// suffixes are the modifiers of perf that are known, and what they leave out.
var suffixes = map[string]uint64{"": 0, "u": perfevent.ExcludeKernel, "k": perfevent.ExcludeUser, "uk": 0, "ku": 0}

// parse reads the name of an event: perf's, or r and a number of the CPU's own in
// hexadecimal; behind it :u for the program alone or :k for the kernel.
func parse(name string) (asked, error) {
	a := asked{name: name}
	base, suffix, colon := strings.Cut(name, ":")
	var ok bool
	if a.flags, ok = suffixes[suffix]; !ok || colon && suffix == "" {
		return a, fmt.Errorf("event %q: the suffix %q isn't one of :u (the program) and :k (the kernel)", name, ":"+suffix)
	}
	for _, l := range list {
		if l.Name == base || slices.Contains(l.Aliases, base) {
			a.listed = l
			return a, nil
		}
	}
	if hex, raw := strings.CutPrefix(base, "r"); raw && hex != "" {
		if config, err := strconv.ParseUint(hex, 16, 64); err == nil {
			a.listed = Listed{Name: base, Source: HW, Doc: "the CPU's own event " + hex, kind: perfevent.Raw, config: config}
			return a, nil
		}
	}
	return a, fmt.Errorf("there is no event %q", base)
}

// Canonical returns perf's main name of an event, without its suffix: page-faults for
// faults:u. The error says what is wrong with the name.
func Canonical(name string) (string, error) {
	a, err := parse(name)
	return a.listed.Name, err
}
