package profiling

import (
	"maps"
	"strings"
	"testing"

	"hpgo/magics/result"
)

func TestSparkline(t *testing.T) {
	line := result.MemoryTimeline{Samples: []result.MemorySample{{Time: 0, RSS: 1 << 20}, {Time: 0.4, RSS: 8 << 20}, {Time: 1, RSS: 4 << 20}}}
	if got := sparkline(line, 5); got != "▁▁██▄ 8.00 MiB" {
		t.Errorf("got %q", got)
	}
	if got := sparkline(result.MemoryTimeline{Samples: []result.MemorySample{{}}}, 5); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestMprofData(t *testing.T) {
	got := string(mprofData("%mprof f()\n+ 1", result.Mprof{Start: 1000, Regions: []result.MemoryRegion{{Name: "a b", From: 0.5, To: 1, RSSFrom: 1 << 20, RSSTo: 3 << 20, Depth: 1}},
		MemoryTimeline: result.MemoryTimeline{Samples: []result.MemorySample{{Time: 0.25, RSS: 1 << 19}}}}))
	if got != "CMDLINE %mprof f() + 1\nFUNC a_b 1.0000 1000.5000 3.0000 1001.0000 1\nMEM 0.500000 1000.2500\n" {
		t.Errorf("got %q", got)
	}
}

func TestRegionTable(t *testing.T) {
	regions := []result.MemoryRegion{{Name: "outer", To: 3, RSSFrom: 1 << 20, RSSTo: 4 << 20, Open: true}, {Name: "f", From: 1, To: 1.5, Depth: 1, RSSFrom: 1 << 20, RSSTo: 2 << 20},
		{Name: "f", From: 2, To: 2.25, Depth: 1, RSSFrom: 2 << 20, RSSTo: 4 << 20}}
	want := `region             times  from    time  RSS before  RSS after    change
─────────────────  ─────  ────  ──────  ──────────  ─────────  ────────
outer (not ended)      1  0 ns     3 s    1.00 MiB   4.00 MiB  3.00 MiB
  f                    2   1 s  750 ms    1.00 MiB   4.00 MiB  3.00 MiB`
	if got := regionTable(regions).Text(); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestSiteTable(t *testing.T) {
	var sites []result.AllocSite
	for i := range 25 {
		sites = append(sites, result.AllocSite{Function: "hpgo/session.f", File: "cell 3", Line: i, Bytes: int64(i) << 10, Objects: 1})
	}
	text := siteTable("left", sites).Text()
	if n := strings.Count(text, "\n"); n != 23 || !strings.Contains(text, "24 KiB        1  f         cell 3:24") || !strings.HasSuffix(text, "and 5 smaller ones") {
		t.Errorf("%d lines\n%s", n, text)
	}
}

func TestFunctionNames(t *testing.T) {
	for name, want := range map[string]string{"math.Hypot": "math.Hypot", "gonum.org/v1/gonum/mat.(*Dense).Mul": "mat.(*Dense).Mul"} {
		if got := functionName(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := shortFile("/usr/local/go/src/bytes/buffer.go"); got != "bytes/buffer.go" {
		t.Error(got)
	}
}

func TestEscapeReasons(t *testing.T) {
	got := escapeReasons(`cell 1:9:10: &node{} escapes to heap in tree:
cell 1:9:10:   flow: ~r0 ← &{storage for &node{}}:
cell 1:9:10:     from &node{} (spill) at cell 1:9:10
cell 1:9:10:     from return &node{} (return) at cell 1:9:3
cell 1:23:11: make([]byte, 64) does not escape
cell 1:24:4: p does not escape
cell 1:28:19: ~r0 escapes to heap in local:
cell 1:28:19:   flow: {heap} ← {storage for ... argument}:
cell 1:28:19:     from ... argument (spill) at cell 1:28:17
cell 1:28:19:     from fmt.Sprint(... argument...) (call parameter) at cell 1:28:17
cell 1:28:17: ... argument does not escape
cell 1:29:6: c escapes to heap in local:
cell 1:29:6:   flow: {heap} ← &c:
cell 1:29:6:     from (*mat.Dense).Mul(&c, f(x)) (call parameter) at cell 1:29:6
cell 1:28:17: f(x) does not escape
cell 1:30:13: make([]byte, 1048576) escapes to heap in local:
cell 1:30:13:   flow: {heap} ← &{storage for make([]byte, 1048576)}:
cell 1:30:13:     from make([]byte, 1048576) (too large for stack) at cell 1:30:13
cell 2:3:2: moved to heap: count
hpgo_generated.go:1:1: x escapes to heap
`)
	want := map[place]string{{"cell 1", 9}: "returned", {"cell 1", 23}: "stack", {"cell 1", 28}: "passed to fmt.Sprint", {"cell 1", 29}: "passed to (*mat.Dense).Mul", {"cell 1", 30}: "too large for stack", {"cell 2", 3}: "the address of count leaves"}
	if !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestMprunText(t *testing.T) {
	hits := int64(1_000_000)
	got := result.Mprun{Bytes: 88_036_544, Objects: 37, Live: 17_752_064, Functions: []result.MprunFunction{{Name: "zsOf", File: "cell 1", First: 2, Lines: []result.MprunLine{
		{Line: 2, Text: "func zsOf(n int) []complex128 {"},
		{Line: 3, Text: "\tzs = append(zs, 0)", Bytes: 88_036_544, Objects: 37, Live: 17_752_064, LiveMax: true, Hits: &hits, RSS: 64 << 20, Why: "returned"},
		{Line: 4, Text: "\tb := make([]byte, 8)", Hits: &hits, Stack: true}}}}}.String()
	want := `Total: 88,036,544 B in 37 objects, 17,752,064 B live after

File: cell 1
Function: zsOf at line 2

Line #    Alloc (B)   Objects       B/obj     Live after        Hits    RSS max  Why        Line Contents
=========================================================================================================
     2                                                                                      func zsOf(n int) []complex128 {
     3   88,036,544        37   2,379,366   ≤ 17,752,064   1,000,000   64.0 MiB  returned   	zs = append(zs, 0)
     4            0         0                              1,000,000             stack      	b := make([]byte, 8)
`
	if got != want {
		t.Errorf("got\n%s", got)
	}
}
