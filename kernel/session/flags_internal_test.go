package session

import (
	"math"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"hpgo/magics/settings"
)

// TestJoinFlags: what is joined the go command takes apart in the same way.
func TestJoinFlags(t *testing.T) {
	for _, flags := range [][]string{{"-N", "-l"}, {"-d=a b"}, {"-d=it's"}, {`-d="x"`}, {}} {
		if got := splitFlags(joinFlags(flags)); !slices.Equal(got, flags) {
			t.Errorf("%q comes back as %q from %s", flags, got, joinFlags(flags))
		}
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip(err)
	}
	out, _ := exec.Command("go", "build", "-n", compilerFlags([]string{"-d=a b"}), "unsafe").CombinedOutput()
	if strings.Contains(string(out), "invalid value") {
		t.Errorf("the go command: %s", out)
	}
}

// TestTune: values become what the runtime takes, and their absence the usual.
func TestTune(t *testing.T) {
	for _, name := range []string{settings.GC, settings.MemLimit, settings.MaxProcs} {
		t.Setenv(name, "")
	}
	tune := tuneFor(settings.Values{settings.GC: "off", settings.MemLimit: "1GiB"})
	if *tune.Percent != -1 || *tune.Limit != 1<<30 || tune.Procs != nil {
		t.Errorf("off and 1GiB: %+v", tune)
	}
	tune = tuneFor(settings.Values{settings.GC: "", settings.MemLimit: "", settings.MaxProcs: ""})
	if *tune.Percent != 100 || *tune.Limit != 0 || *tune.Procs != 0 {
		t.Errorf("without values: %+v", tune)
	}
	t.Setenv(settings.GC, "300")
	if tune = tuneFor(settings.Values{settings.GC: ""}); *tune.Percent != 300 {
		t.Errorf("as the environment says: %d", *tune.Percent)
	}
	for n, want := range map[int64]string{math.MaxInt64: "off", 200 << 20: "200MiB", 1 << 40: "1TiB", 1<<50 + 1: "1125899906842625B", 0: "0B"} {
		if got := bytesText(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
