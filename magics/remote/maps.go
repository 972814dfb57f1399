package remote

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"sort"
	"strconv"
	"strings"
)

// mapping is a part of a process's memory with code of a file.
type mapping struct {
	start, end, offset uint64
	path               string // as the process sees it; "[vdso]" and the like for none
}

// readMaps reads the executable mappings of a process, by address.
func readMaps(pid int) ([]mapping, error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return nil, fmt.Errorf("read the memory map of process %d: %w", pid, err)
	}
	defer f.Close()
	return parseMaps(f)
}

// parseMaps reads proc_pid_maps(5): "start-end perms offset dev inode path".
func parseMaps(r io.Reader) ([]mapping, error) {
	var all []mapping
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) < 5 || !strings.Contains(words[1], "x") {
			continue
		}
		from, to, ok := strings.Cut(words[0], "-")
		start, err1 := strconv.ParseUint(from, 16, 64)
		end, err2 := strconv.ParseUint(to, 16, 64)
		offset, err3 := strconv.ParseUint(words[2], 16, 64)
		if !ok || err1 != nil || err2 != nil || err3 != nil {
			return nil, fmt.Errorf("read a memory map: %q is no line of one", lines.Text())
		}
		m := mapping{start: start, end: end, offset: offset}
		if len(words) > 5 {
			// A path may have blanks in it.
			m.path = strings.TrimSuffix(lines.Text()[strings.Index(lines.Text(), words[5]):], " (deleted)")
		}
		all = append(all, m)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read a memory map: %w", err)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].start < all[j].start })
	return all, nil
}

// find is the mapping of an address.
func find(maps []mapping, pc uint64) (mapping, bool) {
	i := sort.Search(len(maps), func(i int) bool { return maps[i].end > pc })
	if i == len(maps) || pc < maps[i].start {
		return mapping{}, false
	}
	return maps[i], true
}
