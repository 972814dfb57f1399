package stdin

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// mostProcesses bounds how many descendants one look visits.
const mostProcesses = 500

// readers are the system calls that wait for input, with the place of the file's
// descriptor among the arguments.
var readers = map[int]int{
	syscall.SYS_READ: 0, syscall.SYS_READV: 0, syscall.SYS_SPLICE: 0, syscall.SYS_TEE: 0, syscall.SYS_SENDFILE: 1,
}

// pollers are those that wait for the files of an epoll descriptor.
var pollers = map[int]bool{syscall.SYS_EPOLL_PWAIT: true, epollPwait2: true, epollWait[runtime.GOARCH]: true}

// epollPwait2 has the same number everywhere; epoll_wait exists on amd64 only.
const epollPwait2 = 441

var epollWait = map[string]int{"amd64": 232, "arm64": syscall.SYS_EPOLL_PWAIT}

// wait is a thread that waits for input: which, and the how manieth of its waits
// it is, for whatever. Two equal ones are the same wait. Empty, nobody waits.
type wait struct{ thread, number string }

// waiting finds a thread of a process or of its descendants that waits to read
// from the file that entries of /proc/PID/fd call target. A process that is gone
// doesn't wait; the error is that the first one may not be looked at.
func waiting(pid int, target string) (wait, error) {
	queue := []int{pid}
	for i := 0; i < len(queue) && i < mostProcesses; i++ {
		found, children, err := look(queue[i], target)
		if found != (wait{}) {
			return found, nil
		}
		if err != nil && i == 0 && !gone(err) {
			return wait{}, err
		}
		queue = append(queue, children...)
	}
	return wait{}, nil
}

// gone recognises the error of a process or thread that has ended meanwhile.
func gone(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) }

// look looks at the threads of one process and finds its children.
func look(pid int, target string) (found wait, children []int, err error) {
	process := "/proc/" + strconv.Itoa(pid)
	dir, err := os.Open(process + "/task")
	if err != nil {
		return wait{}, nil, err
	}
	defer dir.Close()
	threads, err := dir.Readdirnames(-1)
	if err != nil {
		return wait{}, nil, err
	}
	var refused error
	for _, thread := range threads {
		call, err := os.ReadFile(process + "/task/" + thread + "/syscall")
		if err != nil && !gone(err) {
			refused = err
		}
		if waitsFor(process, string(call), target) {
			return wait{thread, waits(process + "/task/" + thread)}, nil, nil
		}
		// Without this file, in a system built without it, only the process
		// itself is seen.
		list, _ := os.ReadFile(process + "/task/" + thread + "/children")
		for _, child := range strings.Fields(string(list)) {
			if n, err := strconv.Atoi(child); err == nil {
				children = append(children, n)
			}
		}
	}
	return wait{}, children, refused
}

// waits counts how often a thread has begun to wait.
func waits(thread string) string {
	status, _ := os.ReadFile(thread + "/status") // gone: it waits no more
	for line := range strings.Lines(string(status)) {
		if n, ok := strings.CutPrefix(line, "voluntary_ctxt_switches:"); ok {
			return strings.TrimSpace(n)
		}
	}
	return ""
}

// waitsFor judges the line that /proc has for a thread's system call: its number
// and arguments, "running", or -1 for a thread that waits for something else.
func waitsFor(process, call, target string) bool {
	fields := strings.Fields(call)
	if len(fields) < 7 {
		return false
	}
	number, err := strconv.Atoi(fields[0])
	if err != nil {
		return false
	}
	if place, reads := readers[number]; reads {
		return isTarget(process, fields[1+place], target)
	}
	return pollers[number] && polls(process, fields[1], target)
}

// isTarget reports whether a descriptor, in hexadecimal form, is the file.
func isTarget(process, descriptor, target string) bool {
	n, err := strconv.ParseUint(descriptor, 0, 64)
	if err != nil {
		return false
	}
	link, err := os.Readlink(process + "/fd/" + strconv.FormatUint(n, 10))
	return err == nil && link == target
}

// polls reports whether an epoll descriptor watches the file for input. Its
// lines in fdinfo are like "tfd: 0 events: 19 data: ...", events in hexadecimal.
func polls(process, descriptor, target string) bool {
	n, err := strconv.ParseUint(descriptor, 0, 64)
	if err != nil {
		return false
	}
	info, err := os.ReadFile(process + "/fdinfo/" + strconv.FormatUint(n, 10))
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(info)) {
		f := strings.Fields(line)
		if len(f) < 4 || f[0] != "tfd:" || f[2] != "events:" {
			continue
		}
		events, err := strconv.ParseUint(f[3], 16, 64)
		if err == nil && events&syscall.EPOLLIN != 0 && isTarget(process, f[1], target) {
			return true
		}
	}
	return false
}
