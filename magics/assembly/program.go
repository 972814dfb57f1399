package assembly

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
)

// Program is an ELF file with Go code in it. It is used by one goroutine.
type Program struct {
	// Rename, when set, changes the names of functions and variables.
	Rename func(string) string

	path    string
	file    *elf.File
	order   binary.ByteOrder
	arch    arch
	tables  tables
	funcs   []record          // by address
	symbols []symbol          // of data, by address; read when needed
	slots   map[uint64]string // of the tables in which the loader puts addresses
	known   bool              // symbols and slots were read
}

// ErrNoGo says that a file has no Go code, or such of an unknown toolchain.
var ErrNoGo = errors.New("it has no tables of Go 1.26 in it")

// Open opens a program or shared object.
func Open(path string) (*Program, error) {
	f, err := elf.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read machine code: %w", err)
	}
	p := &Program{path: path, file: f, order: f.ByteOrder}
	if err := p.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("read machine code: %s: %w", path, err), f.Close())
	}
	return p, nil
}

func (p *Program) open() error {
	switch p.file.Machine {
	case elf.EM_X86_64:
		p.arch = amd64{}
	case elf.EM_AARCH64:
		p.arch = arm64{}
	default:
		return fmt.Errorf("machine code of %s isn't decoded, only that of amd64 and arm64", p.file.Machine)
	}
	return p.readTables()
}

// Close closes the file.
func (p *Program) Close() error { return p.file.Close() }

// Symbol is a function of a program.
type Symbol struct {
	Name  string
	Entry uint64 // address in the file
	Size  int    // bytes, with those that fill the space behind it
}

// Functions returns the program's functions by address.
func (p *Program) Functions() []Symbol {
	all := make([]Symbol, 0, len(p.funcs))
	for i, r := range p.funcs {
		all = append(all, Symbol{Name: p.rename(p.tables.name(r.nameOff)), Entry: r.entry, Size: int(p.end(i) - r.entry)})
	}
	return all
}

// ErrNoFunction says that a program has no function of a name.
var ErrNoFunction = errors.New("it has no machine code of its own in the program")

// Function decodes the function of a name. A name that no function has is
// ErrNoFunction.
func (p *Program) Function(name string) (*Function, error) {
	for i, r := range p.funcs {
		if p.rename(p.tables.name(r.nameOff)) == name {
			return p.decode(i)
		}
	}
	return nil, fmt.Errorf("%s: %w", name, ErrNoFunction)
}

// At decodes the function that covers an address of the file.
func (p *Program) At(addr uint64) (*Function, error) {
	i := p.covering(addr)
	if i < 0 {
		return nil, fmt.Errorf("address %#x: %w", addr, ErrNoFunction)
	}
	return p.decode(i)
}

// covering is the index of the function at an address, -1: none.
func (p *Program) covering(addr uint64) int {
	i := sort.Search(len(p.funcs), func(i int) bool { return p.funcs[i].entry > addr }) - 1
	if i < 0 || addr >= p.end(i) {
		return -1
	}
	return i
}

// end is the address behind a function.
func (p *Program) end(i int) uint64 {
	if i+1 < len(p.funcs) {
		return p.funcs[i+1].entry
	}
	return p.tables.maxPC
}

// rename is a symbol's name as it is shown.
func (p *Program) rename(name string) string {
	name = strings.TrimSuffix(name, ".abi0")
	if p.Rename != nil {
		return p.Rename(name)
	}
	return name
}

// bytes reads what the file has at an address, from one section.
func (p *Program) bytes(addr uint64, n int) ([]byte, error) {
	if n < 0 || uint64(n) > ^addr {
		return nil, fmt.Errorf("nothing is at address %#x", addr)
	}
	for _, s := range p.file.Sections {
		if s.Type != elf.SHT_NOBITS && s.Flags&elf.SHF_ALLOC != 0 && addr >= s.Addr && addr+uint64(n) <= s.Addr+s.Size {
			data := make([]byte, n)
			if _, err := s.ReadAt(data, int64(addr-s.Addr)); err != nil && !errors.Is(err, io.EOF) {
				return nil, err
			}
			return data, nil
		}
	}
	return nil, fmt.Errorf("nothing is at address %#x", addr)
}

// symbol is a named piece of data.
type symbol struct {
	addr, size uint64
	name       string
}

// readSymbols reads the names of data and of what the loader binds. A stripped
// program only has the latter.
func (p *Program) readSymbols() {
	if p.known {
		return
	}
	p.known = true
	p.slots = map[uint64]string{}
	static, _ := p.file.Symbols() // stripped files have none
	dynamic, _ := p.file.DynamicSymbols()
	for _, s := range slices.Concat(static, dynamic) {
		if elf.ST_TYPE(s.Info) == elf.STT_OBJECT && s.Size > 0 && s.Section != elf.SHN_UNDEF {
			p.symbols = append(p.symbols, symbol{s.Value, s.Size, s.Name})
		}
	}
	slices.SortStableFunc(p.symbols, func(a, b symbol) int { return int(int64(a.addr - b.addr)) })
	for _, r := range p.relocations() {
		if i := int(r.symbol) - 1; i >= 0 && i < len(dynamic) {
			name, _, _ := strings.Cut(dynamic[i].Name, "@")
			p.slots[r.at] = name
		}
	}
}

// relocation is a place that the loader fills.
type relocation struct {
	at     uint64
	symbol uint32 // index of the dynamic symbol; 0: none
	addend uint64
}

// relocations are those that the loader applies.
func (p *Program) relocations() []relocation {
	const size = 24 // of an Elf64_Rela
	var all []relocation
	for _, s := range p.file.Sections {
		if s.Type != elf.SHT_RELA || s.Flags&elf.SHF_ALLOC == 0 {
			continue
		}
		data, err := s.Data()
		if err != nil {
			continue
		}
		for ; len(data) >= size; data = data[size:] {
			all = append(all, relocation{p.order.Uint64(data), uint32(p.order.Uint64(data[8:]) >> 32), p.order.Uint64(data[16:])})
		}
	}
	return all
}

// nameAt names what is at an address, and tells where that begins: a function, a
// stub or slot through which the loader reaches one, or data.
func (p *Program) nameAt(addr uint64) (name string, base uint64) {
	p.readSymbols()
	if name, ok := p.slots[addr]; ok {
		return p.rename(name) + "@GOT", addr
	}
	if i := p.covering(addr); i >= 0 {
		return p.rename(p.tables.name(p.funcs[i].nameOff)), p.funcs[i].entry
	}
	if name := p.stubAt(addr); name != "" {
		return name, addr
	}
	i := sort.Search(len(p.symbols), func(i int) bool { return p.symbols[i].addr > addr }) - 1
	if i >= 0 && addr < p.symbols[i].addr+p.symbols[i].size {
		return p.rename(p.symbols[i].name), p.symbols[i].addr
	}
	return "", 0
}

// stubSize is enough for the instructions of a stub up to its jump.
const stubSize = 16

// stubAt names the function to which a stub of the procedure linkage table jumps;
// "": there is none.
func (p *Program) stubAt(addr uint64) string {
	for _, s := range p.file.Sections {
		if !strings.HasPrefix(s.Name, ".plt") || addr < s.Addr || addr+stubSize > s.Addr+s.Size {
			continue
		}
		code, err := p.bytes(addr, stubSize)
		if err != nil {
			return ""
		}
		if slot, ok := p.arch.slot(code, addr); ok {
			return p.rename(p.slots[slot])
		}
	}
	return ""
}
