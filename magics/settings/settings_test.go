package settings

import (
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestParse: good values come back as typed, bad ones with flag, value and what is
// allowed, in one line.
func TestParse(t *testing.T) {
	for _, c := range []struct{ words, want, err string }{
		{words: "GOGC=50", want: "GOGC=50"},
		{words: "GOMAXPROCS=1|gcflags=-N -l", want: `gcflags="-N -l" GOMAXPROCS=1`},
		{words: "GOMEMLIMIT=200MiB|GOGC=off|GOAMD64=v3", want: "GOGC=off GOMEMLIMIT=200MiB GOAMD64=v3"},
		{words: "GOGC=", want: "GOGC="},
		{words: "GOGC=-5", err: `GOGC=-5: "-5" is no percentage: it takes a whole number of percent, 0 or more, or off`},
		{words: "GOGC=lots", err: `GOGC=lots: "lots" is no percentage`},
		{words: "GOMEMLIMIT=200MB", err: `GOMEMLIMIT=200MB: "200MB" is no size: it takes bytes, also with B, KiB`},
		{words: "GOMEMLIMIT=9999999TiB", err: "is no size"},
		{words: "GOMAXPROCS=0", err: `"0" is no number of threads: it takes a whole number from 1 to 1024`},
		{words: "GOAMD64=v5", err: `GOAMD64=v5: "v5" is no level of amd64: it takes v1, v2, v3 or v4`},
		{words: "gogc=50", err: "setting gogc is unknown: did you mean GOGC?"},
		{words: "speed=50", err: "setting speed is unknown: there are gcflags, pgo"},
		{words: "GOGC", err: "GOGC has no value: write GOGC=VALUE"},
		{words: "ldflags=-s", err: "it is a flag of go build: goflags=-ldflags..."},
		{words: "GOGC=50|GOGC=60", err: "GOGC is given twice: 50 and 60"},
		{words: "-race", err: `-race is no setting: flags of go build are written goflags="-race"`},
	} {
		v, err := Parse(strings.Split(c.words, "|"))
		switch {
		case c.err == "" && (err != nil || v.String() != c.want):
			t.Errorf("%s: %v, %v, want %s", c.words, v, err, c.want)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "\n")):
			t.Errorf("%s: %v, want %s", c.words, err, c.err)
		}
	}
}

// TestReach: values fall into their reaches.
func TestReach(t *testing.T) {
	v := Values{GC: "50", Level: "v3"}
	if !v.Reaches(Process) || !v.Reaches(Everything) || v.Reaches(OwnCode) || v.Reaches(Programs) {
		t.Errorf("reaches of %s", v)
	}
	if got := v.Of(Everything).String(); got != "GOAMD64=v3" {
		t.Errorf("everything: %s", got)
	}
}

// TestNumbers: the runtime's own forms are read.
func TestNumbers(t *testing.T) {
	for value, want := range map[string]int64{"1": 1, "5B": 5, "2KiB": 2048, "1TiB": 1 << 40, "off": math.MaxInt64} {
		if got, err := Bytes(value); err != nil || got != want {
			t.Errorf("%s: %d, %v", value, got, err)
		}
	}
	if got, err := Percent("off"); got != -1 || err != nil {
		t.Errorf("off: %d, %v", got, err)
	}
}

// TestLacks: what a CPU has is read, and said not to be known where it can't be.
func TestLacks(t *testing.T) {
	root := t.TempDir()
	if why := Lacks(root, "v4"); !strings.Contains(why, "not known") && !strings.Contains(why, "means nothing") {
		t.Errorf("without a CPU: %q", why)
	}
	if runtime.GOARCH != "amd64" {
		return
	}
	if err := os.Mkdir(filepath.Join(root, "proc"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "proc", "cpuinfo"), []byte("flags\t: cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3 avx\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if why := Lacks(root, "v2"); why != "" {
		t.Errorf("v2: %s", why)
	}
	if why := Lacks(root, "v3"); !strings.HasPrefix(why, "this CPU lacks avx2, bmi1") {
		t.Errorf("v3: %s", why)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("GOMEMLIMIT=1KiB")
	f.Add("GOMEMLIMIT=iB")
	f.Add("gcflags=")
	f.Fuzz(func(t *testing.T, word string) {
		v, err := Parse([]string{word})
		if err != nil && strings.Contains(err.Error(), "\n") && !strings.Contains(word, "\n") {
			t.Errorf("%q: more than a line: %v", word, err)
		}
		if err == nil && len(v) != 1 {
			t.Errorf("%q: %v", word, v)
		}
	})
}
