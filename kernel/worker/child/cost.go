package child

import (
	"os"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"syscall"
	"time"

	"hpgo/kernel/worker/frame"
)

// costClock reads what the process has spent.
type costClock struct {
	before, after spent // both made before the cell runs, so that reading allocates nothing
	lasting       bool  // the high-water mark is that of the process's life
}

// spent is one reading of the counters.
type spent struct {
	usage     syscall.Rusage
	mem       runtime.MemStats
	collector []metrics.Sample
}

// startCost reads the counters before a cell runs.
func startCost() *costClock {
	c := &costClock{}
	for _, s := range []*spent{&c.before, &c.after} {
		s.collector = []metrics.Sample{{Name: "/cpu/classes/gc/total:cpu-seconds"}}
		metrics.Read(s.collector) // the first reading of all makes tables
	}
	// What is resident now becomes the mark again (proc(5), clear_refs, value 5).
	c.lasting = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) != nil
	metrics.Read(c.before.collector)
	runtime.ReadMemStats(&c.before.mem) // stops the world
	c.before.readUsage()
	return c
}

func (s *spent) readUsage() {
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &s.usage) // fails for other arguments only
}

// cost is what was spent since. It is called right behind the cell.
func (c *costClock) cost() *frame.Cost {
	c.after.readUsage()
	metrics.Read(c.after.collector)
	runtime.ReadMemStats(&c.after.mem)
	a, b := &c.before, &c.after
	cpu := func(a, b syscall.Timeval) time.Duration { return time.Duration(b.Nano() - a.Nano()) }
	return &frame.Cost{
		User: cpu(a.usage.Utime, b.usage.Utime), Sys: cpu(a.usage.Stime, b.usage.Stime),
		Allocs: b.mem.Mallocs - a.mem.Mallocs, Bytes: b.mem.TotalAlloc - a.mem.TotalAlloc,
		GCs: b.mem.NumGC - a.mem.NumGC, Pause: time.Duration(b.mem.PauseTotalNs - a.mem.PauseTotalNs),
		Collector: time.Duration((b.collector[0].Value.Float64() - a.collector[0].Value.Float64()) * float64(time.Second)),
		Peak:      highWater(), PeakOfAll: c.lasting,
		MajorFaults: int64(b.usage.Majflt - a.usage.Majflt), MinorFaults: int64(b.usage.Minflt - a.usage.Minflt),
		Voluntary: int64(b.usage.Nvcsw - a.usage.Nvcsw), Involuntary: int64(b.usage.Nivcsw - a.usage.Nivcsw),
		Inputs: int64(b.usage.Inblock - a.usage.Inblock), Outputs: int64(b.usage.Oublock - a.usage.Oublock),
	}
}

// highWater is the largest resident memory of this process in bytes, by its own
// account: what getrusage says begins with that of the process that started it.
// 0: the system doesn't tell.
func highWater() int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "\nVmHWM:")
	line, _, _ := strings.Cut(rest, "\n")
	kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line), "kB")), 10, 64)
	if err != nil {
		return 0
	}
	return kb << 10
}
