package report

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hpgo/magics/result"
)

// fakeMachine writes files below a new root.
func fakeMachine(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	writeMachine(t, root, files)
	return root
}

func writeMachine(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

const (
	statBefore = "cpu  1000 0 1000 8000 0 0 0 100 0 0\ncpu0 500 0 500 4000 0 0 0 50 0 0\ncpu1 500 0 500 4000 0 0 0 50 0 0\nintr 1\n"
	statAfter  = "cpu  1150 0 1000 8030 0 0 0 120 0 0\ncpu0 575 0 500 4015 0 0 0 60 0 0\ncpu1 575 0 500 4015 0 0 0 60 0 0\nintr 1\n"
	selfBefore = "12 (a) b) S 1 12 12 0 -1 4194304 1 0 0 0 100 20 3 4 20 0 1 0 1 1 1\n"
	selfAfter  = "12 (a) b) S 1 12 12 0 -1 4194304 1 0 0 0 150 20 3 4 20 0 1 0 1 1 1\n"
)

func TestEnvOfMachine(t *testing.T) {
	root := fakeMachine(t, map[string]string{
		"proc/loadavg":                   "1.25 0.50 0.10 1/100 1234\n",
		"proc/stat":                      statBefore,
		"proc/12/stat":                   selfBefore,
		"proc/cpuinfo":                   "processor\t: 0\nmodel name\t: Example CPU\nflags\t\t: fpu hypervisor sse\n\nprocessor\t: 1\nmodel name\t: Example CPU\nflags\t\t: fpu hypervisor sse\n",
		"proc/sys/kernel/osrelease":      "6.1.0-test\n",
		"boot/config-6.1.0-test":         "CONFIG_NO_HZ=y\nCONFIG_HZ_250=y\nCONFIG_HZ=250\nCONFIG_X=y\n",
		"sys/class/dmi/id/sys_vendor":    "QEMU\n",
		"sys/class/power_supply/AC/type": "Mains\n",
		"sys/class/power_supply/B/type":  "Battery\n", "sys/class/power_supply/B/status": "Discharging\n",
		"sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "powersave\n",
		"sys/devices/system/cpu/intel_pstate/no_turbo":         "0\n",
		"sys/kernel/mm/transparent_hugepage/enabled":           "[always] madvise never\n",
		"sys/bus/event_source/devices/software/type":           "1\n",
	})
	c := StartClock(root, 12)
	writeMachine(t, root, map[string]string{"proc/stat": statAfter, "proc/12/stat": selfAfter})
	e := c.Env(root, Settings{Go: "go1.26.8", Flags: []string{"-race"}, Environ: []string{"GOGC=50", "GOMAXPROCS=1", "GOMEMLIMIT=1GiB", "GOAMD64=v3", "X"}, PIDs: []int{12, 99}})
	if e.Load == nil || *e.Load != 1.25 || e.Steal == nil || *e.Steal != 0.1 {
		t.Errorf("got load %v and steal %v", e.Load, e.Steal)
	}
	// 150 ticks busy, 50 of them ours, in 200 ticks of two CPUs.
	if e.Others == nil || *e.Others != 1 {
		t.Errorf("got %v CPUs of others, want 1", *e.Others)
	}
	if e.CPU != "Example CPU" || e.Virtual != "QEMU" || e.Governor != "powersave" || e.HugePages != "always" || e.HZ != 250 || e.Kernel != "6.1.0-test" ||
		!*e.Turbo || !*e.Battery || *e.PMU || e.GC != "50" || e.MaxProcs != 1 || e.MemLimit != "1GiB" {
		t.Errorf("got %+v", e)
	}
	doubts := Doubts(e)
	for _, word := range []string{"other programs kept 1.00 of", "10 %", "battery", "load average 1.25", "virtual machine", "powersave", "turbo", "huge pages", "HZ=250", "no PMU"} {
		if !slices.ContainsFunc(doubts, func(s string) bool { return strings.Contains(s, word) }) {
			t.Errorf("no doubt about %q in %q", word, doubts)
		}
	}
	if len(Noise(e)) != 3 {
		t.Errorf("got noise %q", Noise(e))
	}
}

// A system that tells nothing leaves nothing claimed.
func TestEnvOfNothing(t *testing.T) {
	e := StartClock(t.TempDir(), 1).Env(t.TempDir(), Settings{})
	if e.Load != nil || e.Steal != nil || e.Others != nil || e.Turbo != nil || e.PMU != nil || e.Battery != nil || e.Virtual != "" || e.HZ != 0 || len(Noise(e)) != 0 {
		t.Errorf("got %+v", e)
	}
	if e.Time.IsZero() || e.Cores == 0 || e.GC != "100" {
		t.Errorf("got %+v", e)
	}
}

func TestEnvLine(t *testing.T) {
	e := testEnv()
	e.Flags, e.Experiment = []string{"-gcflags=-N"}, "simd"
	want := "go1.26.8 · linux/amd64 v1 · Example CPU @ 2.60GHz · GOMAXPROCS 2 · GOGC 100 · GOEXPERIMENT simd · -gcflags=-N · virtual machine · load 0.25"
	if got := EnvLine(e); got != want {
		t.Errorf("got %q", got)
	}
	if got := Doubts(result.Env{}); len(got) != 0 {
		t.Errorf("got %q", got)
	}
}

// Broken files are like missing ones.
func FuzzMachine(f *testing.F) {
	f.Add(statBefore, selfBefore, "model name: x\nflags: a")
	f.Add("cpu", ") )", ":")
	f.Fuzz(func(t *testing.T, stat, self, info string) {
		root := fakeMachine(t, map[string]string{"proc/stat": stat, "proc/1/stat": self, "proc/cpuinfo": info, "proc/config.gz": stat, "proc/loadavg": self})
		e := StartClock(root, 1).Env(root, Settings{PIDs: []int{1}})
		if e.Steal != nil && (*e.Steal < 0 || *e.Steal > 1) {
			t.Errorf("steal %v", *e.Steal)
		}
	})
}
