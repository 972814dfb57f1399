package plugin

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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

// provider is what the linker knows of the worker.
type provider struct {
	file     string
	names    map[string]bool // dynamic symbols of the worker, as they are spelled there
	packages map[string]bool // import paths that are linked into the worker
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
	data, err := os.ReadFile(worker)
	if err != nil {
		return nil, fmt.Errorf("read the worker: %w", err)
	}
	syms, err := readDynsyms(data)
	if err != nil {
		return nil, fmt.Errorf("read the worker's symbols: %w", err)
	}
	p := &provider{file: filepath.Join(dir, providerName), names: map[string]bool{}, packages: map[string]bool{}}
	for _, s := range syms {
		if s.shndx == 0 {
			continue
		}
		p.names[s.name] = true
		if pkg, ok := strings.CutPrefix(s.name, "go:link.pkghash."); ok {
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
	out, err := replaceDynsyms(data, p.mangled(syms))
	if err != nil {
		return nil, fmt.Errorf("write the provider: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("write the provider: %w", err)
	}
	if err := os.WriteFile(p.file, out, 0o644); err != nil {
		return nil, fmt.Errorf("write the provider: %w", err)
	}
	return p, nil
}

// mangled returns the symbols under the names that the linker expects of a
// shared library. A function without suffix is ABIInternal, or ABI0 if it has
// that only; both are offered, and plain undoes it.
func (p *provider) mangled(syms []dynsym) []dynsym {
	var out []dynsym
	var anyText, anyData dynsym
	for _, s := range syms {
		isFunc := elf.ST_TYPE(s.info) == elf.STT_FUNC && s.shndx != 0
		if !isFunc || strings.HasPrefix(s.name, "type:") || strings.HasSuffix(s.name, ".abi0") {
			out = append(out, s)
			if s.name == zeroHash {
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
			out = append(out, abi0)
		}
	}
	anyData.name = "go:link.abihash." + providerName
	out = append(out, anyData)
	if !p.names["runtime.mapinitnoop"] {
		// The linker wants to know it; nothing of a cell calls it.
		anyText.name = "runtime.mapinitnoop.abiinternal"
		out = append(out, anyText)
	}
	return out
}

// plain returns a symbol's name in the worker for its name in a thin object,
// and whether the worker has it.
func (p *provider) plain(name string) (string, bool) {
	if p.names[name] {
		return name, true
	}
	if name == "go:link.abihash."+providerName {
		return zeroHash, true
	}
	for _, suffix := range []string{".abiinternal", ".abi0"} {
		if short, ok := strings.CutSuffix(name, suffix); ok && p.names[short] {
			return short, true
		}
	}
	return name, false
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

// replaceDynsyms returns a copy of an ELF file with another dynamic symbol
// table, appended at the end. Symbol versions, which go by index, are dropped.
func replaceDynsyms(data []byte, syms []dynsym) ([]byte, error) {
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	strtab := []byte{0}
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
	out := bytes.Clone(data)
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

// putSection sets a section header's offset and size in the file.
func putSection(header []byte, offset, size int) {
	binary.LittleEndian.PutUint64(header[24:], uint64(offset))
	binary.LittleEndian.PutUint64(header[32:], uint64(size))
}
