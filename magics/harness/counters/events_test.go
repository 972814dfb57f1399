package counters

import (
	"strings"
	"testing"

	"hpgo/magics/harness/perfevent"
)

func TestParse(t *testing.T) {
	for name, want := range map[string]struct {
		canonical string
		kind      uint32
		config    uint64
		flags     uint64
	}{
		"cycles":                {"cycles", perfevent.Hardware, 0, 0},
		"cpu-cycles:u":          {"cycles", perfevent.Hardware, 0, perfevent.ExcludeKernel},
		"faults":                {"page-faults", perfevent.Software, 2, 0},
		"cs:k":                  {"context-switches", perfevent.Software, 3, perfevent.ExcludeUser},
		"L1-dcache-loads":       {"L1-dcache-loads", perfevent.Cache, 0, 0},
		"L1-dcache-load-misses": {"L1-dcache-load-misses", perfevent.Cache, 0x10000, 0},
		"LLC-store-misses":      {"LLC-store-misses", perfevent.Cache, 0x10102, 0},
		"dTLB-prefetches":       {"dTLB-prefetches", perfevent.Cache, 0x203, 0},
		"r01c2":                 {"r01c2", perfevent.Raw, 0x1c2, 0},
		"r1A:uk":                {"r1A", perfevent.Raw, 0x1a, 0},
	} {
		a, err := parse(name)
		if err != nil || a.listed.Name != want.canonical || a.listed.kind != want.kind || a.listed.config != want.config || a.flags != want.flags || a.name != name {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
	for name, want := range map[string]string{"cyles": `no event "cyles"`, "": "no event", "r": "no event", "rxyz": "no event", "cycles:": `":"`, "cycles:p": "suffix", "iTLB-stores": "no event"} {
		if _, err := Canonical(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
	for _, name := range Default() {
		if _, err := Canonical(name); err != nil {
			t.Error(err)
		}
	}
}

// Every listed event is found by its name and its aliases.
func TestList(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range List() {
		for _, name := range append([]string{l.Name}, l.Aliases...) {
			if seen[name] {
				t.Errorf("%s is there twice", name)
			}
			seen[name] = true
			if got, err := Canonical(name); got != l.Name || err != nil {
				t.Errorf("%s is %s, %v", name, got, err)
			}
		}
		if l.Doc == "" || l.Source != HW && l.Source != SW {
			t.Errorf("%+v", l)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("cycles:u")
	f.Add("r0")
	f.Fuzz(func(t *testing.T, name string) {
		a, err := parse(name)
		if err == nil && (a.listed.Name == "" || a.listed.Source == "") {
			t.Errorf("%q: %+v", name, a)
		}
	})
}
