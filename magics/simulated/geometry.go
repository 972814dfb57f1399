package simulated

import (
	"fmt"
	"math/bits"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Cache is the shape of one cache.
type Cache struct {
	Size int `json:"size"` // B
	Ways int `json:"ways"`
	Line int `json:"line"` // B
}

// String writes it as "32 KiB, 8-way, 64 B".
func (c Cache) String() string {
	size := fmt.Sprintf("%d KiB", c.Size>>10)
	if c.Size >= 1<<20 && c.Size%(1<<20) == 0 {
		size = fmt.Sprintf("%d MiB", c.Size>>20)
	}
	return fmt.Sprintf("%s, %d-way, %d B", size, c.Ways, c.Line)
}

// option writes it for valgrind.
func (c Cache) option() string { return fmt.Sprintf("%d,%d,%d", c.Size, c.Ways, c.Line) }

// Geometry is the caches of a CPU as they are simulated: the first ones of code and
// of data, and the last one.
type Geometry struct {
	I1, D1, LL Cache
	// Notes say where the model differs from the machine.
	Notes []string
}

// typical are the caches where the machine doesn't tell its own.
var typical = Geometry{I1: Cache{32 << 10, 8, 64}, D1: Cache{32 << 10, 8, 64}, LL: Cache{8 << 20, 16, 64}}

// ReadGeometry reads the caches of the first CPU from the system's files below root.
func ReadGeometry(root string) Geometry {
	dirs, err := filepath.Glob(filepath.Join(root, "sys/devices/system/cpu/cpu0/cache/index*"))
	if err != nil {
		dirs = nil
	}
	var g Geometry
	last := 0
	for _, dir := range dirs {
		c, level, kind, ok := readCache(dir)
		switch {
		case !ok:
		case level == 1 && kind == "Instruction":
			g.I1 = c
		case level == 1 && kind == "Data":
			g.D1 = c
		case level > last:
			last, g.LL = level, c
		}
	}
	for _, p := range []struct {
		name    string
		cache   *Cache
		typical Cache
	}{{"I1", &g.I1, typical.I1}, {"D1", &g.D1, typical.D1}, {"LL", &g.LL, typical.LL}} {
		if p.cache.Size == 0 {
			*p.cache = p.typical
			g.Notes = append(g.Notes, fmt.Sprintf("the machine doesn't tell its %s cache: simulated with %s", p.name, p.typical))
			continue
		}
		if c := p.cache.possible(); c != *p.cache {
			g.Notes = append(g.Notes, fmt.Sprintf("the %s cache has %s: simulated with %s, since valgrind wants a power of two", p.name, *p.cache, c))
			*p.cache = c
		}
	}
	return g
}

// readCache reads the directory of one cache.
func readCache(dir string) (c Cache, level int, kind string, ok bool) {
	text := func(name string) string {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(data))
	}
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil {
			return 0
		}
		return n
	}
	size, scale := text("size"), 1
	for unit, s := range map[string]int{"K": 1 << 10, "M": 1 << 20} {
		if rest, has := strings.CutSuffix(size, unit); has {
			size, scale = rest, s
		}
	}
	c = Cache{Size: number(size) * scale, Ways: number(text("ways_of_associativity")), Line: number(text("coherency_line_size"))}
	return c, number(text("level")), text("type"), c.Size > 0 && c.Ways > 0 && c.Line > 0
}

// possible is the nearest cache that valgrind can simulate: the number of its sets and
// the size of its lines are powers of two.
func (c Cache) possible() Cache {
	c.Line = max(16, nearestPower(c.Line))
	c.Size = c.Ways * c.Line * max(2, nearestPower(c.Size/(c.Ways*c.Line)))
	return c
}

// nearestPower is the power of two that is nearest to n.
func nearestPower(n int) int {
	if n < 1 {
		return 1
	}
	low := 1 << (bits.Len(uint(n)) - 1)
	if n-low > 2*low-n {
		return 2 * low
	}
	return low
}

// String writes the caches.
func (g Geometry) String() string { return fmt.Sprintf("I1 %s; D1 %s; LL %s", g.I1, g.D1, g.LL) }

func (g Geometry) options() []string {
	return []string{"--I1=" + g.I1.option(), "--D1=" + g.D1.option(), "--LL=" + g.LL.option()}
}
