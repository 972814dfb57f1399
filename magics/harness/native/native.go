// Package native names code of this process that Go knows nothing of: functions of C
// libraries, and of C that cells are linked with. It reads the symbol tables of the
// files that are mapped (elf(5), proc_pid_maps(5)). debug/elf would do, too, but what
// cells are linked with is loaded with them, and that brings all of DWARF along.
package native

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Kernel is what is said to be the file of code that the kernel maps into every
// process (vdso(7)).
const Kernel = "[vdso]"

// Code is what is mapped into the process. Its methods may be called from any goroutine.
type Code struct {
	mu       sync.Mutex
	mappings []mapping
	read     time.Time
	files    map[string]*file // by path
}

// mapping is a part of the memory with code of a file.
type mapping struct {
	start, end, offset uintptr
	path               string
	removed            bool // the file has no name any more
}

// readAgain is how long the map of the memory is taken to be true where an address is
// in none.
const readAgain = 200 * time.Millisecond

// Name is the function at an address, and the path of its file. The function is "" where
// the file doesn't tell, the path where there is none.
func (c *Code) Name(pc uintptr) (function, path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, ok := c.find(pc)
	if !ok {
		return "", ""
	}
	if !filepath.IsAbs(m.path) {
		return "", m.path
	}
	if c.files == nil {
		c.files = map[string]*file{}
	}
	f, known := c.files[m.path]
	if !known {
		f = open(m)
		c.files[m.path] = f
	}
	return f.name(uint64(pc - m.start + m.offset)), m.path
}

// find is the mapping of an address. The caller holds mu.
func (c *Code) find(pc uintptr) (mapping, bool) {
	inside := func(m mapping) bool { return m.start <= pc && pc < m.end }
	i := slices.IndexFunc(c.mappings, inside)
	if i < 0 && time.Since(c.read) > readAgain {
		maps, err := os.ReadFile("/proc/self/maps")
		if err != nil {
			return mapping{}, false // another system: nothing is known
		}
		c.mappings, c.read = parseMaps(string(maps)), time.Now()
		i = slices.IndexFunc(c.mappings, inside)
	}
	if i < 0 {
		return mapping{}, false
	}
	return c.mappings[i], true
}

// parseMaps reads the lines of mappings with code: "start-end perms offset dev inode path".
func parseMaps(text string) (all []mapping) {
	const gone = " (deleted)"
	for line := range strings.Lines(text) {
		var m mapping
		var perms string
		n, err := fmt.Sscanf(line, "%x-%x %s %x", &m.start, &m.end, &perms, &m.offset)
		if n != 4 || err != nil || !strings.Contains(perms, "x") {
			continue
		}
		if i := strings.IndexAny(line, "/["); i >= 0 {
			m.path, m.removed = strings.CutSuffix(strings.TrimSuffix(line[i:], "\n"), gone)
		}
		all = append(all, m)
	}
	return all
}

// open reads the symbols of a mapped file; one that can't be read has none.
func open(m mapping) *file {
	path := m.path
	if m.removed { // this takes more rights than the name
		path = fmt.Sprintf("/proc/self/map_files/%x-%x", m.start, m.end)
	}
	f, err := readFile(path)
	if err != nil {
		return &file{}
	}
	return f
}
