package stdin

import (
	"encoding/binary"
	"math/bits"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// calls are system calls by number.
type calls map[uint64]func(process string, args []uint64, target string) bool

// pollers are the system calls that wait until a file can be read, with what says
// whether a call of theirs waits for the given one. The older calls exist on amd64
// only.
var pollers = func() calls {
	const epollPwait2 = 441 // on every architecture
	c := calls{
		syscall.SYS_EPOLL_PWAIT: epolls, epollPwait2: epolls,
		syscall.SYS_PPOLL: ppolls, syscall.SYS_PSELECT6: selects,
	}
	if runtime.GOARCH == "amd64" {
		c[232], c[7], c[23] = epolls, polls, selects // epoll_wait, poll, select
	}
	return c
}()

// epolls reports whether an epoll descriptor watches the file for input. Its
// lines in fdinfo are like "tfd: 0 events: 19 data: ...", events in hexadecimal.
func epolls(process string, args []uint64, target string) bool {
	info, err := os.ReadFile(process + "/fdinfo/" + strconv.FormatUint(args[0], 10))
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(info)) {
		f := strings.Fields(line)
		if len(f) < 4 || f[0] != "tfd:" || f[2] != "events:" {
			continue
		}
		fd, err := strconv.ParseUint(f[1], 10, 64)
		if err != nil {
			continue
		}
		events, err := strconv.ParseUint(f[3], 16, 64)
		if err == nil && events&syscall.EPOLLIN != 0 && isTarget(process, fd, target) {
			return true
		}
	}
	return false
}

// mostPolled is the longest list of descriptors that is read.
const mostPolled = 1024

// polls reports whether poll waits for the file to be readable, for nothing else,
// and without a time limit: a program that has an eye on several things, or on
// the clock, can do without input.
func polls(process string, args []uint64, target string) bool {
	return int32(args[2]) < 0 && pollsOnly(process, args[0], args[1], target)
}

// ppolls is polls for ppoll, whose limit stands elsewhere.
func ppolls(process string, args []uint64, target string) bool {
	return args[2] == 0 && pollsOnly(process, args[0], args[1], target)
}

// pollsOnly judges a list of struct pollfd { int fd; short events, revents; }.
func pollsOnly(process string, address, number uint64, target string) bool {
	const pollIn = 1
	if number == 0 || number > mostPolled {
		return false
	}
	found := false
	for list := memory(process, address, 8*int(number)); len(list) > 0; list = list[8:] {
		fd, events := int32(binary.NativeEndian.Uint32(list)), binary.NativeEndian.Uint16(list[4:])
		if fd < 0 || events == 0 {
			continue
		}
		if events&pollIn == 0 || !isTarget(process, uint64(fd), target) {
			return false
		}
		found = true
	}
	return found
}

// selects is polls for select and pselect6.
func selects(process string, args []uint64, target string) bool {
	number, read, write, limit := args[0], args[1], args[2], args[4]
	if read == 0 || write != 0 || limit != 0 || number == 0 || number > mostPolled {
		return false
	}
	found := false
	set := memory(process, read, (int(number)+63)/64*8)
	for i := 0; i*8 < len(set); i++ {
		for word := binary.NativeEndian.Uint64(set[i*8:]); word != 0; word &= word - 1 {
			fd := uint64(i*64 + bits.TrailingZeros64(word))
			if fd >= number {
				continue
			}
			if !isTarget(process, fd, target) {
				return false
			}
			found = true
		}
	}
	return found
}

// memory reads from a process; nil when it can't be read.
func memory(process string, address uint64, size int) []byte {
	f, err := os.Open(process + "/mem")
	if err != nil {
		return nil
	}
	defer f.Close()
	buf := make([]byte, size)
	if n, err := f.ReadAt(buf, int64(address)); err != nil || n < size {
		return nil
	}
	return buf
}
