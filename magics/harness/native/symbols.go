package native

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// file is what a file tells of its code.
type file struct {
	loads   []programHeader
	stubs   []sectionHeader // by which the file calls functions of others
	symbols []symbol        // functions with a size, by address
	names   []byte
}

// symbol is a function in a file.
type symbol struct {
	at, size uint64
	name     uint32 // where it stands in names
}

// header is Elf64_Ehdr of elf(5), behind the bytes that tell what it is.
type header struct {
	Type, Machine             uint16
	Version                   uint32
	Entry, Programs, Sections uint64
	Flags                     uint32
	Size                      uint16
	ProgramSize, ProgramCount uint16
	SectionSize, SectionCount uint16
	SectionNames              uint16
}

// programHeader is Elf64_Phdr.
type programHeader struct {
	Type, Flags                 uint32
	Offset, Address, Physical   uint64
	FileSize, MemorySize, Align uint64
}

// sectionHeader is Elf64_Shdr.
type sectionHeader struct {
	Name, Type                   uint32
	Flags, Address, Offset, Size uint64
	Link, Info                   uint32
	Align, EntrySize             uint64
}

// entry is Elf64_Sym.
type entry struct {
	Name        uint32
	Info, Other uint8
	Section     uint16
	Value, Size uint64
}

// Values of elf(5).
const (
	magic         = "\x7fELF\x02\x01" // of 64 bits, the least significant byte first
	identSize     = 16
	loaded        = 1  // PT_LOAD
	allSymbols    = 2  // SHT_SYMTAB
	linkerSymbols = 11 // SHT_DYNSYM
	function      = 2  // STT_FUNC
	indirect      = 10 // STT_GNU_IFUNC: chosen when it is loaded
)

// most is how large a table may be, in bytes: a broken file must not fill the memory.
const most = 256 << 20

var errUnknown = errors.New("no ELF file of 64 bits")

// readFile reads the symbols of a file: all where they were left in, else those that
// are for others.
func readFile(path string) (*file, error) {
	r, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the names of C functions: %w", err)
	}
	defer r.Close()
	f, err := parse(r)
	if err != nil {
		return nil, fmt.Errorf("read the names of C functions in %s: %w", path, err)
	}
	return f, nil
}

// parse reads a file's headers and its best table of symbols.
func parse(r io.ReaderAt) (*file, error) {
	var h header
	ident := make([]byte, identSize)
	if _, err := r.ReadAt(ident, 0); err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(ident, []byte(magic)) {
		return nil, errUnknown
	}
	if err := records(r, identSize, &h); err != nil {
		return nil, err
	}
	programs := make([]programHeader, h.ProgramCount)
	sections := make([]sectionHeader, h.SectionCount)
	if int(h.ProgramSize) != binary.Size(programHeader{}) || len(sections) > 0 && int(h.SectionSize) != binary.Size(sectionHeader{}) {
		return nil, errUnknown
	}
	if err := records(r, h.Programs, programs); err != nil {
		return nil, err
	}
	if err := records(r, h.Sections, sections); err != nil {
		return nil, err
	}
	f := &file{}
	for _, p := range programs {
		if p.Type == loaded {
			f.loads = append(f.loads, p)
		}
	}
	if err := f.findStubs(r, h, sections); err != nil {
		return nil, err
	}
	for _, kind := range []uint32{allSymbols, linkerSymbols} {
		i := slices.IndexFunc(sections, func(s sectionHeader) bool { return s.Type == kind })
		if i < 0 || int(sections[i].Link) >= len(sections) {
			continue
		}
		return f, f.read(r, sections[i], sections[sections[i].Link])
	}
	return f, nil
}

// stub is what is called a piece of code that only jumps to a function of another file,
// after the table of these (procedure linkage table).
const stub = "plt"

// findStubs finds the sections of stubs by their names.
func (f *file) findStubs(r io.ReaderAt, h header, sections []sectionHeader) error {
	if int(h.SectionNames) >= len(sections) || sections[h.SectionNames].Size > most {
		return nil // they have no names
	}
	names := make([]byte, sections[h.SectionNames].Size)
	if _, err := r.ReadAt(names, int64(sections[h.SectionNames].Offset)); err != nil {
		return err
	}
	for _, s := range sections {
		if uint64(s.Name) >= uint64(len(names)) {
			continue
		}
		if name, _, _ := bytes.Cut(names[s.Name:], []byte{0}); string(name) == "."+stub || bytes.HasPrefix(name, []byte("."+stub+".")) {
			f.stubs = append(f.stubs, s)
		}
	}
	return nil
}

// records reads data as they lie in the file.
func records(r io.ReaderAt, at uint64, data any) error {
	return binary.Read(io.NewSectionReader(r, int64(at), int64(binary.Size(data))), binary.LittleEndian, data)
}

// read reads a table of symbols and their names.
func (f *file) read(r io.ReaderAt, table, names sectionHeader) error {
	if table.Size > most || names.Size > most {
		return errUnknown
	}
	entries := make([]entry, table.Size/uint64(binary.Size(entry{})))
	if err := records(r, table.Offset, entries); err != nil {
		return err
	}
	f.names = make([]byte, names.Size)
	if _, err := r.ReadAt(f.names, int64(names.Offset)); err != nil {
		return err
	}
	for _, e := range entries {
		if kind := e.Info & 0xf; e.Section != 0 && e.Size > 0 && (kind == function || kind == indirect) {
			f.symbols = append(f.symbols, symbol{e.Value, e.Size, e.Name})
		}
	}
	slices.SortStableFunc(f.symbols, func(a, b symbol) int { return cmp.Compare(a.at, b.at) })
	return nil
}

// name is the function at an offset of the file; "": it isn't known.
func (f *file) name(offset uint64) string {
	i := slices.IndexFunc(f.loads, func(p programHeader) bool { return offset-p.Offset < p.FileSize })
	if i < 0 {
		return ""
	}
	at := offset - f.loads[i].Offset + f.loads[i].Address
	if slices.ContainsFunc(f.stubs, func(s sectionHeader) bool { return at-s.Address < s.Size }) {
		return stub
	}
	n, found := slices.BinarySearchFunc(f.symbols, at, func(s symbol, at uint64) int { return cmp.Compare(s.at, at) })
	if !found {
		n--
	}
	if n < 0 || at-f.symbols[n].at >= f.symbols[n].size || uint64(f.symbols[n].name) >= uint64(len(f.names)) {
		return ""
	}
	name, _, _ := bytes.Cut(f.names[f.symbols[n].name:], []byte{0})
	return string(name)
}
