package worker

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	// watchRunning is short enough that a cell which fills memory as fast as
	// the system gives it (1-2 GB/s) passes the limit by tens of megabytes.
	watchRunning = 25 * time.Millisecond
	watchIdle    = 250 * time.Millisecond

	// EnvMemoryLimit overrides the default limit: bytes, "4GiB", "50%", "off".
	EnvMemoryLimit = "HPGO_MEMORY_LIMIT"
	defaultShare   = 80 // per cent of the machine
)

// watch kills the worker when it takes more memory than it may; it returns
// when done is closed.
func (w *Worker) watch(done <-chan struct{}) {
	if w.opts.MemoryLimit < 0 {
		<-done
		return
	}
	statm, err := os.Open(fmt.Sprintf("/proc/%d/statm", w.PID()))
	if err != nil {
		w.opts.Log.Debug("memory is not watched", "error", err)
		<-done
		return
	}
	defer statm.Close()
	timer := time.NewTimer(watchRunning)
	defer timer.Stop()
	for {
		select {
		case <-done:
			return
		case <-w.kick:
		case <-timer.C:
		}
		if rss := residentBytes(statm); rss > w.opts.MemoryLimit {
			w.end(&Died{Reason: OutOfMemory, Message: fmt.Sprintf(
				"out of memory: the worker used %s, its limit is %s", byteSize(rss), byteSize(w.opts.MemoryLimit))})
			<-done
			return
		}
		next := watchIdle
		if w.busy.Load() {
			next = watchRunning
		}
		timer.Reset(next)
	}
}

// residentBytes reads a statm file; 0 when the process is gone.
func residentBytes(statm *os.File) int64 {
	var buf [128]byte
	n, _ := statm.ReadAt(buf[:], 0)
	fields := bytes.Fields(buf[:n])
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// DefaultMemoryLimit returns the limit for a worker where none is given: what
// HPGO_MEMORY_LIMIT says, else 80 % of the machine's memory or of the cgroup's
// limit, whichever is smaller; negative: none.
func DefaultMemoryLimit() (int64, error) {
	total := machineMemory("/")
	limit, err := ParseMemoryLimit(os.Getenv(EnvMemoryLimit), total)
	if err != nil {
		return 0, fmt.Errorf("environment variable %s: %w", EnvMemoryLimit, err)
	}
	if limit != 0 {
		return limit, nil
	}
	if total <= 0 {
		return -1, nil
	}
	return total / 100 * defaultShare, nil
}

// ParseMemoryLimit reads a limit: a number of bytes with an optional unit (K,
// M, G, T, KB, MiB, ...; all are powers of 1024), a percentage of total, or
// "off", which is -1. An empty text is 0.
func ParseMemoryLimit(text string, total int64) (int64, error) {
	text = strings.TrimSpace(text)
	switch strings.ToLower(text) {
	case "":
		return 0, nil
	case "off", "none", "unlimited":
		return -1, nil
	}
	digits := strings.TrimRight(text, "%BbIiKkMmGgTt ")
	unit := strings.ToLower(strings.TrimSpace(text[len(digits):]))
	number, err := strconv.ParseFloat(digits, 64)
	if err != nil || !(number > 0) { // not a number is neither
		return 0, fmt.Errorf("memory limit %q: want a size as 4GiB, a share as 50%%, or off", text)
	}
	shifts := map[string]uint{
		"": 0, "b": 0, "k": 10, "kb": 10, "kib": 10, "m": 20, "mb": 20, "mib": 20,
		"g": 30, "gb": 30, "gib": 30, "t": 40, "tb": 40, "tib": 40,
	}
	if unit == "%" {
		return int64(float64(total) / 100 * number), nil
	}
	shift, ok := shifts[unit]
	if !ok || number > float64(int64(1)<<62>>shift) {
		return 0, fmt.Errorf("memory limit %q: want a size as 4GiB, a share as 50%%, or off", text)
	}
	return int64(number * float64(int64(1)<<shift)), nil
}

// machineMemory returns what this process may use at most: the machine's
// memory or the smallest limit of the cgroups it is in; 0 when unknown. Files
// are read under root.
func machineMemory(root string) int64 {
	total := int64(0)
	data, _ := os.ReadFile(filepath.Join(root, "proc/meminfo"))
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "MemTotal:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			if err == nil {
				total = kib << 10
			}
		}
	}
	for _, file := range cgroupFiles(root, "memory.max", "memory.limit_in_bytes") {
		data, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		// "max" and v1's nearly-2^63 both mean none.
		if n, err := strconv.ParseInt(strings.TrimSpace(string(data)), 10, 64); err == nil && n > 0 && (total == 0 || n < total) {
			total = n
		}
	}
	return total
}

// cgroupFiles returns the paths of a file in this process's cgroup and those
// above it, for version 2 and version 1.
func cgroupFiles(root, v2, v1 string) []string {
	var files []string
	data, _ := os.ReadFile(filepath.Join(root, "proc/self/cgroup"))
	for line := range strings.Lines(string(data)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		base, name := filepath.Join(root, "sys/fs/cgroup"), v2
		if strings.Contains(","+parts[1]+",", ",memory,") {
			base, name = filepath.Join(base, "memory"), v1
		} else if parts[1] != "" {
			continue
		}
		// In a container the path may be the host's; its root is there anyway.
		for dir := filepath.Join("/", parts[2]); ; dir = filepath.Dir(dir) {
			files = append(files, filepath.Join(base, dir, name))
			if dir == "/" {
				break
			}
		}
	}
	return files
}

// oomKills counts the processes that the system killed in our cgroups because
// memory ran out.
func oomKills() int64 {
	total := int64(0)
	for _, file := range cgroupFiles("/", "memory.events", "memory.oom_control") {
		data, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(data)) {
			if rest, ok := strings.CutPrefix(line, "oom_kill "); ok {
				if n, err := strconv.ParseInt(strings.TrimSpace(rest), 10, 64); err == nil {
					total += n
				}
			}
		}
	}
	return total
}
