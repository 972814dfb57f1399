//go:build hpgo_live && linux && cgo && !race && !msan && !asan && (amd64 || arm64)

package trap

import (
	"bufio"
	"os"
	"slices"
	"strconv"
	"strings"
)

// mapped returns where code of the given files is in memory, ascending. The
// files may be removed by now.
func mapped(files []string) []span {
	wanted := make(map[string]bool, len(files))
	for _, f := range files {
		wanted[f] = true
	}
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return nil
	}
	defer maps.Close()
	var out []span
	for sc := bufio.NewScanner(maps); sc.Scan(); {
		// start-end r-xp offset device inode path
		fields := strings.Fields(sc.Text())
		if len(fields) < 6 || !strings.Contains(fields[1], "x") {
			continue
		}
		at := strings.Index(sc.Text(), "/")
		if at < 0 || !wanted[strings.TrimSuffix(sc.Text()[at:], " (deleted)")] {
			continue
		}
		low, high, _ := strings.Cut(fields[0], "-")
		start, err1 := strconv.ParseUint(low, 16, 64)
		end, err2 := strconv.ParseUint(high, 16, 64)
		if err1 == nil && err2 == nil {
			out = append(out, span{uintptr(start), uintptr(end)})
		}
	}
	slices.SortFunc(out, func(a, b span) int {
		if a.start < b.start {
			return -1
		}
		return 1
	})
	return out
}
