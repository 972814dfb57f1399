package harness

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
)

// processMemory reads what the system knows of this process's memory.
type processMemory struct {
	statm int // file descriptor of /proc/self/statm; -1
	page  int64
	buf   [128]byte
}

// openProcessMemory opens the file that a sampler reads over and over.
func openProcessMemory() (*processMemory, error) {
	fd, err := syscall.Open("/proc/self/statm", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return &processMemory{statm: -1}, fmt.Errorf("open /proc/self/statm: %w", err)
	}
	return &processMemory{statm: fd, page: int64(os.Getpagesize())}, nil
}

func (p *processMemory) close() {
	if p.statm >= 0 {
		_ = syscall.Close(p.statm) // it was only read
	}
	p.statm = -1
}

// rss returns the resident memory in bytes, 0 if it can't be read. It allocates
// nothing. The second number of statm counts pages; the system brings its
// per-CPU counts together late, so some hundred kilobytes may be missing.
func (p *processMemory) rss() int64 {
	if p.statm < 0 {
		return 0
	}
	n, err := syscall.Pread(p.statm, p.buf[:], 0)
	if err != nil {
		return 0
	}
	field, pages := 0, int64(0)
	for _, c := range p.buf[:n] {
		switch {
		case c == ' ' && field == 1:
			return pages * p.page
		case c == ' ':
			field++
		case field == 1 && c >= '0' && c <= '9':
			pages = 10*pages + int64(c-'0')
		}
	}
	return 0
}

// resetPeak sets the high-water mark of resident memory, VmHWM, back to what is
// resident now (proc(5), clear_refs, value 5).
func resetPeak() error {
	f, err := os.OpenFile("/proc/self/clear_refs", os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // the write has said all
	if _, err := f.WriteString("5"); err != nil {
		return err
	}
	return nil
}

// peakMemory returns the high-water mark of this process's resident memory in
// bytes.
func peakMemory() (int64, error) { return statusBytes("/proc/self/status", "VmHWM:") }

// statusBytes reads a field in kilobytes of a status file of /proc.
func statusBytes(file, field string) (int64, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	_, rest, ok := bytes.Cut(text, []byte("\n"+field))
	if !ok {
		return 0, fmt.Errorf("%s has no field %s", file, field)
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	number, _, _ := bytes.Cut(bytes.TrimSpace(line), []byte(" "))
	kilobytes, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s: field %s: %w", file, field, err)
	}
	return kilobytes * 1024, nil
}

// childrenRSS returns the resident memory of all processes that this one has
// started and that still run, theirs included. A child that has not yet become
// its own program shares this process's memory and doesn't count.
func childrenRSS(pid int) int64 {
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return 0
	}
	var sum int64
	own, _ := os.Readlink("/proc/self/exe")
	for _, task := range tasks {
		list, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", pid, task.Name()))
		if err != nil {
			continue
		}
		for _, word := range bytes.Fields(list) {
			child, err := strconv.Atoi(string(word))
			if err != nil {
				continue
			}
			if exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", child)); err == nil && exe != own {
				rss, _ := statusBytes(fmt.Sprintf("/proc/%d/status", child), "VmRSS:") // gone: 0
				sum += rss
			}
			sum += childrenRSS(child)
		}
	}
	return sum
}

// pause sleeps in the system, since for a sleep of the runtime's the lists of
// timers may grow, which would be counted as the program's.
func pause(d time.Duration) {
	t := syscall.NsecToTimespec(int64(d))
	_ = syscall.Nanosleep(&t, nil) // a signal may end it early
}
