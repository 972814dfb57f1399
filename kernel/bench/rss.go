package bench

import (
	"os"
	"strconv"
	"strings"
)

// ownRSS returns the resident memory of this process in bytes, 0 where /proc
// doesn't tell.
func ownRSS() int64 {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(data))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
