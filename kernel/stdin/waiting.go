package stdin

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// mostProcesses bounds how many descendants one look visits.
const mostProcesses = 500

// readers are the system calls that wait for input, with the place of the file's
// descriptor among the arguments.
var readers = map[uint64]int{
	syscall.SYS_READ: 0, syscall.SYS_READV: 0, syscall.SYS_SPLICE: 0, syscall.SYS_TEE: 0, syscall.SYS_SENDFILE: 1,
}

// wait is a thread that waits for input: which, and the how manieth of its waits
// it is, for whatever. Two equal ones are the same wait. Empty, nobody waits.
type wait struct{ thread, number string }

// unseenWait is that of a thread that may not be looked at.
var unseenWait = wait{thread: "unseen"}

// waiting finds a thread of a process or of its descendants that waits to read
// from the file that entries of /proc/PID/fd call target. A process that is gone
// doesn't wait. Descendants that may not be looked at are passed over; the error
// is that the first process is one, unseen that there are any.
func waiting(pid int, target string) (who wait, unseen bool, err error) {
	queue := []int{pid}
	for i := 0; i < len(queue) && i < mostProcesses; i++ {
		found, children, refused := look(queue[i], target)
		if found != (wait{}) {
			return found, false, nil
		}
		if refused != nil && !gone(refused) {
			unseen = true
			if i == 0 {
				err = refused
			}
		}
		queue = append(queue, children...)
	}
	return wait{}, unseen, err
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
	number, err := strconv.ParseUint(fields[0], 10, 64)
	if err != nil {
		return false // running, or -1
	}
	args := make([]uint64, 6)
	for i := range args {
		if args[i], err = strconv.ParseUint(fields[1+i], 0, 64); err != nil {
			return false
		}
	}
	if place, reads := readers[number]; reads {
		return isTarget(process, args[place], target)
	}
	polls := pollers[number]
	return polls != nil && polls(process, args, target)
}

// isTarget reports whether a descriptor of a process is the file.
func isTarget(process string, descriptor uint64, target string) bool {
	link, err := os.Readlink(process + "/fd/" + strconv.FormatUint(descriptor, 10))
	return err == nil && link == target
}
