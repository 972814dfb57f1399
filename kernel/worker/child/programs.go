package child

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
	"time"
)

// interruptPrograms sends SIGINT to the programs that the cell has started, and
// to those that they did, as Ctrl-C in a terminal would: all that is in the
// worker's process group and began after the cell. A cell that waits for one
// then goes on, and is stopped.
func interruptPrograms(since time.Time) {
	me := os.Getpid()
	if syscall.Getpgrp() != me {
		return // the group is somebody else's
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == me {
			continue
		}
		if group, began, ok := readStat(pid); ok && group == me && began.After(since.Add(-clockTick)) {
			_ = syscall.Kill(pid, syscall.SIGINT)
		}
	}
}

// clockTick is the precision of starting times in /proc (USER_HZ is 100).
const clockTick = 10 * time.Millisecond

// readStat reads a process's group and when it began.
func readStat(pid int) (group int, began time.Time, ok bool) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, began, false
	}
	// The name in parentheses may hold anything; 22 is starttime, 5 pgrp.
	fields := bytes.Fields(data[bytes.LastIndexByte(data, ')')+1:])
	if len(fields) < 20 {
		return 0, began, false
	}
	group, err1 := strconv.Atoi(string(fields[2]))
	ticks, err2 := strconv.ParseInt(string(fields[19]), 10, 64)
	uptime, err3 := os.ReadFile("/proc/uptime") // two numbers of seconds
	if err1 != nil || err2 != nil || err3 != nil {
		return 0, began, false
	}
	first, _, _ := bytes.Cut(uptime, []byte(" "))
	up, err := strconv.ParseFloat(string(first), 64)
	if err != nil {
		return 0, began, false
	}
	return group, time.Now().Add(time.Duration(ticks)*clockTick - time.Duration(up*float64(time.Second))), true
}
