package remote

import (
	"cmp"
	"debug/elf"
	"debug/gosym"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"

	"hpgo/magics/assembly"
	"hpgo/plots/recording/profiles"
)

// symbols tell what stands at addresses of another process. Their methods may be
// called from any goroutine.
type symbols struct {
	pid int

	mu   sync.Mutex
	maps []mapping
	read time.Time         // when maps were
	code map[string]*image // by path
	// older says that a Go program of another version than 1.26 is among them, whose
	// inlined calls can't be told.
	older bool
}

// image is a file of which code is in memory.
type image struct {
	loads []elf.ProgHeader
	go126 *assembly.Program // nil: it isn't of Go 1.26
	table *gosym.Table      // of older Go; nil: there is none
	names []elf.Symbol      // of other languages, and of stubs, by address
}

// openSymbols reads what the process has in memory.
func openSymbols(pid int) (*symbols, error) {
	maps, err := readMaps(pid)
	if err != nil {
		return nil, err
	}
	return &symbols{pid: pid, maps: maps, read: time.Now(), code: map[string]*image{}}, nil
}

// close closes the files.
func (s *symbols) close() {
	for _, im := range s.code {
		if im != nil && im.go126 != nil {
			im.go126.Close()
		}
	}
}

// readAgain is how long the map of the memory is taken to be true.
const readAgain = 200 * time.Millisecond

// find is the mapping of an address; where there is none, it looks whether one has come
// since. The caller holds mu.
func (s *symbols) find(pc uint64) (mapping, bool) {
	m, ok := find(s.maps, pc)
	if ok || time.Since(s.read) < readAgain {
		return m, ok
	}
	s.read = time.Now()
	maps, err := readMaps(s.pid)
	if err != nil || len(maps) == 0 {
		return m, false // it has ended: what was seen before stays
	}
	s.maps = maps
	return find(s.maps, pc)
}

// at finds the file of an address, and its address there. The caller holds mu.
func (s *symbols) at(pc uint64) (*image, mapping, uint64) {
	m, ok := s.find(pc)
	if !ok {
		return nil, m, 0
	}
	im, known := s.code[m.path]
	if !known {
		im = s.open(m)
		s.code[m.path] = im
	}
	if im == nil {
		return nil, m, 0
	}
	offset := pc - m.start + m.offset
	for _, l := range im.loads {
		if offset >= l.Off && offset < l.Off+l.Filesz {
			return im, m, l.Vaddr + offset - l.Off
		}
	}
	return nil, m, 0
}

// open reads the file of a mapping; nil: it can't be read.
func (s *symbols) open(m mapping) *image {
	if !filepath.IsAbs(m.path) {
		return nil
	}
	// The last two are there also where the file was removed, as go run does; the very
	// last takes more rights.
	file := fmt.Sprintf("/proc/%d/root%s", s.pid, m.path)
	if exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", s.pid)); err != nil || strings.TrimSuffix(exe, " (deleted)") == m.path {
		file = fmt.Sprintf("/proc/%d/exe", s.pid)
	} else if _, err := os.Stat(file); err != nil {
		file = fmt.Sprintf("/proc/%d/map_files/%x-%x", s.pid, m.start, m.end)
	}
	f, err := elf.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	im := &image{}
	for _, p := range f.Progs {
		if p.Type == elf.PT_LOAD {
			im.loads = append(im.loads, p.ProgHeader)
		}
	}
	im.names = stubs(f)
	if im.go126, err = assembly.Open(file); err != nil {
		im.table = lineTable(f)
		s.older = s.older || im.table != nil
	}
	static, _ := f.Symbols() // stripped files have none
	dynamic, _ := f.DynamicSymbols()
	for _, sym := range append(static, dynamic...) {
		if elf.ST_TYPE(sym.Info) == elf.STT_FUNC && sym.Section != elf.SHN_UNDEF {
			im.names = append(im.names, sym) // in a program of Go: of the C in it
		}
	}
	sort.SliceStable(im.names, func(i, j int) bool { return im.names[i].Value < im.names[j].Value })
	return im
}

// lineTable reads the line table that every version of Go writes; nil: there is none.
func lineTable(f *elf.File) *gosym.Table {
	text := f.Section(".text")
	section := cmp.Or(f.Section(".gopclntab"), f.Section(".data.rel.ro.gopclntab")) // the latter where the loader chooses the address
	if section == nil || text == nil {
		return nil
	}
	data, err := section.Data()
	if err != nil {
		return nil
	}
	table, err := gosym.NewTable(nil, gosym.NewLineTable(data, text.Addr))
	if err != nil {
		return nil
	}
	return table
}

// errNoCode says that an address belongs to no code of the process.
var errNoCode = errors.New("no code")

// frames are the functions at an address, innermost first: several where calls were
// inlined.
func (s *symbols) frames(pc uint64) ([]profiles.Frame, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	im, m, addr := s.at(pc)
	switch {
	case m.path == "" && im == nil:
		return nil, errNoCode
	case im == nil:
		return []profiles.Frame{somewhere(m.path)}, nil
	case im.go126 != nil:
		if at := im.go126.Stack(addr); len(at) > 0 {
			return goFrames(at, im.go126.FirstLine(addr)), nil
		}
	case im.table != nil:
		if file, line, fn := im.table.PCToLine(addr); fn != nil {
			_, first, _ := im.table.PCToLine(fn.Entry)
			return []profiles.Frame{{Func: fn.Name, File: file, Line: line, Start: first}}, nil
		}
	}
	return []profiles.Frame{im.named(addr, m.path)}, nil
}

// goFrames are the places as frames; first is the line where the outermost begins.
func goFrames(at []assembly.Position, first int) []profiles.Frame {
	var all []profiles.Frame
	for i, p := range at {
		f := profiles.Frame{Func: p.Func, File: p.File, Line: p.Line, Inlined: i < len(at)-1}
		if !f.Inlined {
			f.Start = first
		}
		all = append(all, f)
	}
	return all
}

// named is a function of a language without line tables.
func (im *image) named(addr uint64, path string) profiles.Frame {
	i := sort.Search(len(im.names), func(i int) bool { return im.names[i].Value > addr }) - 1
	if i >= 0 && (im.names[i].Size == 0 || addr < im.names[i].Value+im.names[i].Size) {
		return profiles.Frame{Func: im.names[i].Name, File: path}
	}
	return somewhere(path)
}

// somewhere is a place of which only the file is known, or that it is "[vdso]".
func somewhere(path string) profiles.Frame {
	return profiles.Frame{Func: "(" + strings.Trim(filepath.Base(path), "[]") + ")", File: path}
}

// olderGo reports whether code of an older Go was met.
func (s *symbols) olderGo() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.older
}

// isCode reports whether an address is one of code.
func (s *symbols) isCode(pc uintptr) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := find(s.maps, uint64(pc))
	return ok
}

// missing is where on the stack the return address lies that a walk along frame
// pointers misses at an instruction; negative: it misses none, or nothing is known.
func (s *symbols) missing(pc uintptr) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	im, _, addr := s.at(uint64(pc))
	if im == nil || im.go126 == nil {
		return -1
	}
	if im.go126.Depth(addr) == 0 {
		return 0
	}
	return -1
}
