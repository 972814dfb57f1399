package report

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"hpgo/magics/result"
)

// Settings are what the session knows of its own environment.
type Settings struct {
	Go         string   // version
	Experiment string   // GOEXPERIMENT
	Level      string   // GOAMD64; "": v1
	Flags      []string // go build flags
	Environ    []string // NAME=value of the cells, later entries winning
	PIDs       []int    // our processes: their CPU time isn't that of others
}

// Clock is the machine's state when a measurement began: Env compares it with the
// state at its end. The zero value knows nothing.
type Clock struct {
	at    time.Time
	load  *float64
	ticks ticks
	own   uint64 // CPU ticks of our processes
}

// StartClock looks at the machine whose /proc and /sys lie under root ("/" but in
// tests). pids are our processes; one that starts later needn't be known.
func StartClock(root string, pids ...int) Clock {
	m := machine(root)
	c := Clock{at: time.Now(), ticks: m.ticks(), own: m.cpuOf(pids)}
	if first, _, ok := strings.Cut(m.text("proc/loadavg"), " "); ok {
		if v, err := strconv.ParseFloat(first, 64); err == nil {
			c.load = &v
		}
	}
	return c
}

// Env is the record of a measurement that began with the clock and ends now.
func (c Clock) Env(root string, s Settings) result.Env {
	m := machine(root)
	at := c.at
	if at.IsZero() {
		at = time.Now()
	}
	e := result.Env{Time: at.UTC().Truncate(time.Second), Load: c.load, Go: s.Go, OS: runtime.GOOS, Arch: runtime.GOARCH, Experiment: s.Experiment, Flags: s.Flags,
		GC: "100", MemLimit: "off", Cores: runtime.NumCPU(), MaxProcs: runtime.GOMAXPROCS(0)}
	if e.Arch == "amd64" {
		e.Level = cmp.Or(s.Level, "v1")
	}
	for _, kv := range s.Environ {
		name, value, _ := strings.Cut(kv, "=")
		if value == "" {
			continue
		}
		switch name {
		case "GOGC":
			e.GC = value
		case "GOMEMLIMIT":
			e.MemLimit = value
		case "GOMAXPROCS":
			if n, err := strconv.Atoi(value); err == nil && n > 0 {
				e.MaxProcs = n
			}
		}
	}
	m.describe(&e)
	c.compare(m, s.PIDs, &e)
	return e
}

// compare fills in what happened since the clock was started.
func (c Clock) compare(m machine, pids []int, e *result.Env) {
	now := m.ticks()
	total := float64(now.total) - float64(c.ticks.total)
	if c.ticks.total == 0 || total < 10 { // of 10 ms each: too few to tell shares of
		return
	}
	steal := max(0, float64(now.steal)-float64(c.ticks.steal)) / total
	e.Steal = &steal
	if len(pids) > 0 && now.cpus > 0 {
		busy := float64(now.busy) - float64(c.ticks.busy)
		own := float64(m.cpuOf(pids)) - float64(c.own)
		others := max(0, busy-own) / (total / float64(now.cpus))
		e.Others = &others
	}
}

// machine is the root of the file system that describes the machine.
type machine string

// text returns a file's text without the white space at its end; "" when it
// can't be read.
func (m machine) text(path string) string {
	data, err := os.ReadFile(filepath.Join(string(m), path))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(bytes.ReplaceAll(data, []byte{0}, nil)))
}

// ticks are the sums of /proc/stat over all CPUs since the start of the system.
type ticks struct {
	total, busy, steal uint64
	cpus               int
}

// ticks reads them, see proc_stat(5): user, nice, system, idle, iowait, irq,
// softirq and steal, of which user contains the time of guests.
func (m machine) ticks() ticks {
	var t ticks
	for line := range strings.Lines(m.text("proc/stat")) {
		fields := strings.Fields(line)
		if len(fields) < 9 || !strings.HasPrefix(fields[0], "cpu") {
			continue
		}
		if fields[0] != "cpu" {
			t.cpus++
			continue
		}
		var v [8]uint64
		for i := range v {
			v[i], _ = strconv.ParseUint(fields[i+1], 10, 64) // not a number is 0
			t.total += v[i]
		}
		t.steal = v[7]
		t.busy = t.total - v[3] - v[4] - v[7]
	}
	return t
}

// cpuOf sums the ticks that processes, and the children that they have waited
// for, have used: fields 14 to 17 of proc_pid_stat(5).
func (m machine) cpuOf(pids []int) uint64 {
	var sum uint64
	for _, pid := range pids {
		_, rest, ok := strings.Cut(m.text(filepath.Join("proc", strconv.Itoa(pid), "stat")), ") ")
		fields := strings.Fields(rest)
		if !ok || len(fields) < 15 {
			continue // it has ended
		}
		for _, f := range fields[11:15] {
			n, _ := strconv.ParseUint(f, 10, 64) // not a number is 0
			sum += n
		}
	}
	return sum
}
