package plugin

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hpgo/kernel/build"
)

// A thin cell contains the session's code alone. Everything that the worker has
// already (the runtime, fmt, display, ...) is referred to, not linked in again: a
// cell is then some 20 KB instead of 4 MB, and its link takes a third of the time.
//
// cmd/link can do that for shared libraries (-linkshared): for a package listed
// as packageshlib it takes the symbols from the library's dynamic symbol table.
// The worker is an executable, but it exports its symbols, since it opens
// plugins. So the engine gives the linker a copy of the worker, the provider,
// in which only that table differs: in shared libraries the linker expects the
// names of Go functions to end in .abiinternal or .abi0 (cmd/link/internal/ld,
// mangleABIName and ldshlibsyms), which in an executable they don't.

// providerName is the base name of the provider's file. The linker makes a
// symbol of it, go:link.abihash.NAME, which is mapped to zeroHash.
const providerName = "libhpgo.so"

// zeroHash is the worker's empty string (package hpgo-worker): the provider has
// no ABI hash, and the runtime compares "no hash" with it.
const zeroHash = "main.zeroHash"

// provider is what the linker knows of the worker, or of a cell that was loaded
// and brought packages along.
type provider struct {
	file     string
	names    map[string]bool // dynamic symbols defined there, as they are spelled there
	packages map[string]bool // import paths that are linked into it
}

// dynsym is one entry of an ELF dynamic symbol table with its name resolved.
type dynsym struct {
	name  string
	info  byte
	other byte
	shndx uint16
	value uint64
	size  uint64
}

// sizes and field offsets of 64-bit ELF structures.
const (
	symSize  = 24 // Elf64_Sym: name 4, info 1, other 1, shndx 2, value 8, size 8
	shdrSize = 64 // Elf64_Shdr: name 4, type 4, flags 8, addr 8, offset 8, size 8, link 4, ...
	relaSize = 24 // Elf64_Rela: offset 8, info 8, addend 8
)

// newProvider reads a worker executable and writes the provider into a
// directory. It fails when the worker wasn't built for thin cells.
func newProvider(worker, dir string) (*provider, error) {
	p, data, syms, err := readProvider(worker, filepath.Join(dir, providerName))
	if err != nil {
		return nil, err
	}
	for name := range p.names {
		if pkg, ok := strings.CutPrefix(name, "go:link.pkghash."); ok {
			p.packages[pkg] = true
		}
	}
	for _, need := range []string{zeroHash, "runtime.lastmoduledatap"} {
		if !p.names[need] {
			return nil, fmt.Errorf("the worker doesn't export %s", need)
		}
	}
	if !p.names["runtime.addmoduledata"] && !p.names["runtime.addmoduledata.abi0"] {
		return nil, fmt.Errorf("the worker doesn't export runtime.addmoduledata")
	}
	return p, p.write(data, slices.DeleteFunc(syms, isTypeName))
}

// isTypeName reports whether a symbol is a name in type descriptors, a third of all:
// the compiler gives each package the ones that it needs, and the linker is quicker
// without those of the worker.
func isTypeName(s dynsym) bool {
	return elf.ST_TYPE(s.info) == elf.STT_OBJECT && strings.HasPrefix(s.name, "type:.")
}

// readProvider reads the dynamic symbols of an executable or shared object.
func readProvider(object, file string) (*provider, []byte, []dynsym, error) {
	data, err := readWithRoom(object)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("read what is loaded: %w", err)
	}
	syms, err := readDynsyms(data)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("read the symbols of what is loaded: %w", err)
	}
	p := &provider{file: file, names: make(map[string]bool, len(syms)), packages: map[string]bool{}}
	for _, s := range syms {
		if s.shndx != 0 {
			p.names[s.name] = true
		}
	}
	return p, data, syms, nil
}

// write makes the file that is given to the linker.
func (p *provider) write(data []byte, syms []dynsym) error {
	out, err := replaceDynsyms(data, p.mangled(syms))
	if err != nil {
		return fmt.Errorf("write the provider: %w", err)
	}
	if out, err = addTypeTargets(out, syms); err != nil {
		return fmt.Errorf("write the provider: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(p.file), 0o755); err != nil {
		return fmt.Errorf("write the provider: %w", err)
	}
	if err := os.WriteFile(p.file, out, 0o644); err != nil {
		_ = os.Remove(p.file) // a part of it would only fill the disk
		return fmt.Errorf("write the provider: %w", err)
	}
	return nil
}

// mangled returns the symbols under the names that the linker expects of a
// shared library. A function without suffix is ABIInternal, or ABI0 if it has
// that only; both are offered, and plain undoes it. The file's own symbols keep
// their index, by which its relocations name them.
func (p *provider) mangled(syms []dynsym) []dynsym {
	out, more := make([]dynsym, 0, 2*len(syms)), make([]dynsym, 0, len(syms))
	var anyText, anyData dynsym
	for _, s := range syms {
		isFunc := elf.ST_TYPE(s.info) == elf.STT_FUNC && s.shndx != 0
		if !isFunc || strings.HasPrefix(s.name, "type:") || strings.HasSuffix(s.name, ".abi0") {
			out = append(out, s)
			if s.shndx != 0 && elf.ST_TYPE(s.info) == elf.STT_OBJECT {
				anyData = s
			}
			continue
		}
		anyText = s
		internal, abi0 := s, s
		internal.name += ".abiinternal"
		abi0.name += ".abi0"
		out = append(out, internal)
		if !p.names[abi0.name] {
			more = append(more, abi0)
		}
	}
	// The linker wants to know these; what they stand for is never looked at.
	anyData.name = abihashPrefix + filepath.Base(p.file)
	more = append(more, anyData)
	if !p.names["runtime.mapinitnoop"] {
		anyText.name = "runtime.mapinitnoop.abiinternal"
		more = append(more, anyText)
	}
	return append(out, more...)
}

// abihashPrefix begins the symbol by which a cell refers to a library's hash.
const abihashPrefix = "go:link.abihash."

// providers is everything that is loaded: the worker first, then cells that
// brought packages along.
type providers []*provider

// plain returns the real name of a symbol for its name in a thin object, and
// whether something that is loaded defines it.
func (ps providers) plain(name string) (string, bool) {
	if strings.HasPrefix(name, abihashPrefix) {
		return zeroHash, true
	}
	short := strings.TrimSuffix(strings.TrimSuffix(name, ".abiinternal"), ".abi0")
	for _, p := range ps {
		if p.names[name] {
			return name, true
		}
		if p.names[short] {
			return short, true
		}
	}
	return name, false
}

// shlibs returns, for every package that is loaded, the file that stands for it:
// the newest one, which has the most of it.
func (ps providers) shlibs() []build.Export {
	files := map[string]string{}
	for _, p := range ps {
		for pkg := range p.packages {
			files[pkg] = p.file
		}
	}
	out := make([]build.Export, 0, len(files))
	for pkg, file := range files {
		out = append(out, build.Export{Path: pkg, File: file})
	}
	return out
}

// newChainedProvider makes a provider of a loaded cell for the packages, out of
// known, that it contains. It returns nil when there is none.
func newChainedProvider(object, file string, known func(path string) bool) (*provider, error) {
	p, data, syms, err := readProvider(object, file)
	if err != nil {
		return nil, err
	}
	for name := range p.names {
		if pkg := packageOf(name); pkg != "" && !p.packages[pkg] && known(pkg) {
			p.packages[pkg] = true
		}
	}
	if len(p.packages) == 0 {
		return nil, nil
	}
	if err := applyRelative(data); err != nil {
		return nil, err
	}
	return p, p.write(data, syms)
}

// packageOf returns the import path in a linker name, "" if there is none:
// gonum.org/v1/plot.(*Plot).Draw belongs to gonum.org/v1/plot. Dots in the last
// element of a path are written %2e (cmd/internal/objabi.PathToPrefix).
func packageOf(name string) string {
	if strings.ContainsRune(name, ':') {
		return ""
	}
	if i := strings.IndexAny(name, "[("); i >= 0 {
		name = name[:i]
	}
	slash := strings.LastIndexByte(name, '/')
	dot := strings.IndexByte(name[slash+1:], '.')
	if dot < 0 {
		return ""
	}
	path, err := url.PathUnescape(name[:slash+1+dot])
	if err != nil {
		return ""
	}
	return path
}

// applyRelative writes the addends of a shared object's relative relocations to
// the places they are for. The linker reads pointers inside type descriptors (to
// the masks for the collector) from the file, where linkers may leave zeros.
func applyRelative(data []byte) error {
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("read what is loaded: %w", err)
	}
	for _, s := range f.Sections {
		if s.Type != elf.SHT_RELA {
			continue
		}
		for off := s.Offset; off+relaSize <= s.Offset+s.Size; off += relaSize {
			e := data[off : off+relaSize]
			if elf.R_X86_64(binary.LittleEndian.Uint64(e[8:])&0xffffffff) != elf.R_X86_64_RELATIVE {
				continue
			}
			addr := binary.LittleEndian.Uint64(e)
			for _, t := range f.Sections {
				if t.Type == elf.SHT_PROGBITS && t.Flags&elf.SHF_ALLOC != 0 && t.Addr <= addr && addr+8 <= t.Addr+t.Size {
					copy(data[t.Offset+addr-t.Addr:], e[16:24])
					break
				}
			}
		}
	}
	return nil
}

// readDynsyms returns the dynamic symbols of an ELF file, without the null entry.
func readDynsyms(data []byte) ([]dynsym, error) {
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	sect := f.SectionByType(elf.SHT_DYNSYM)
	if sect == nil || f.Class != elf.ELFCLASS64 || f.ByteOrder != binary.LittleEndian {
		return nil, fmt.Errorf("no 64-bit little-endian dynamic symbol table")
	}
	strs := f.Sections[sect.Link]
	names := data[strs.Offset : strs.Offset+strs.Size]
	var syms []dynsym
	for off := sect.Offset + symSize; off+symSize <= sect.Offset+sect.Size; off += symSize {
		e := data[off:]
		syms = append(syms, dynsym{
			name: cString(names[binary.LittleEndian.Uint32(e):]), info: e[4], other: e[5],
			shndx: binary.LittleEndian.Uint16(e[6:]), value: binary.LittleEndian.Uint64(e[8:]), size: binary.LittleEndian.Uint64(e[16:]),
		})
	}
	return syms, nil
}

func cString(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(b)
}

// replaceDynsyms returns an ELF file with another dynamic symbol table, appended at
// the end. Symbol versions, which go by index, are dropped. data is changed, too.
func replaceDynsyms(data []byte, syms []dynsym) ([]byte, error) {
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	names := 1
	for _, s := range syms {
		names += len(s.name) + 1
	}
	strtab := make([]byte, 1, names)
	symtab := make([]byte, symSize, symSize*(len(syms)+1))
	for _, s := range syms {
		var e [symSize]byte
		binary.LittleEndian.PutUint32(e[:], uint32(len(strtab)))
		e[4], e[5] = s.info, s.other
		binary.LittleEndian.PutUint16(e[6:], s.shndx)
		binary.LittleEndian.PutUint64(e[8:], s.value)
		binary.LittleEndian.PutUint64(e[16:], s.size)
		symtab = append(symtab, e[:]...)
		strtab = append(append(strtab, s.name...), 0)
	}
	out := slices.Grow(data, len(symtab)+len(strtab)+roomForMore)
	for len(out)%8 != 0 {
		out = append(out, 0)
	}
	table := binary.LittleEndian.Uint64(out[0x28:]) // e_shoff
	for i, s := range f.Sections {
		header := out[table+uint64(i)*shdrSize:]
		switch {
		case s.Type == elf.SHT_DYNSYM:
			putSection(header, len(out), len(symtab))
			out = append(out, symtab...)
			header = out[table+uint64(s.Link)*shdrSize:]
			putSection(header, len(out), len(strtab))
			out = append(out, strtab...)
		case s.Type == elf.SHT_GNU_VERSYM, s.Type == elf.SHT_GNU_VERNEED, s.Type == elf.SHT_GNU_VERDEF:
			binary.LittleEndian.PutUint32(header[4:], uint32(elf.SHT_PROGBITS))
		}
	}
	return out, nil
}

// roomForMore is what is appended behind the symbols at most, as a rule, so that the
// whole file needn't be moved for it.
const roomForMore = 1 << 20

// readWithRoom reads a file into memory that has room for other symbols behind it.
func readWithRoom(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	size := int(st.Size())
	data := make([]byte, size, size+size/3+roomForMore)
	_, err = io.ReadFull(f, data)
	return data, err
}

// putSection sets a section header's offset and size in the file.
func putSection(header []byte, offset, size int) {
	binary.LittleEndian.PutUint64(header[24:], uint64(offset))
	binary.LittleEndian.PutUint64(header[32:], uint64(size))
}
