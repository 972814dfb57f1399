package magics

import (
	"strings"
	"testing"

	"hpgo/magics/result"
)

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{"200MB": 200e6, "1.5GiB": 3 << 29, "4096": 4096, "64 kb": 64000, "2m": 2 << 20, "1K": 1024,
		"": 0, "MB": 0, "-1MB": 0, "0": 0, "1XB": 0, "1e30GB": 0, "NaN": 0, "infb": 0} {
		got, err := parseSize(text)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}

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
