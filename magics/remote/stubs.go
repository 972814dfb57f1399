package remote

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"strings"
)

// Instructions of amd64 that a stub begins with, or has behind a mark for branches
// (System V ABI, AMD64 supplement, "Procedure Linkage Table").
var (
	endBranch = []byte{0xf3, 0x0f, 0x1e, 0xfa} // endbr64
	jump      = []byte{0xff, 0x25}             // jmp *displacement(%rip)
)

// stubs are the pieces of code by which a file calls functions of others, which have
// no symbols of their own: they are called as the function, with @plt behind. Only
// those of amd64 are known.
func stubs(f *elf.File) []elf.Symbol {
	if f.Machine != elf.EM_X86_64 {
		return nil
	}
	slots := slotNames(f)
	var all []elf.Symbol
	for _, s := range f.Sections {
		if s.Type != elf.SHT_PROGBITS || s.Name != ".plt" && !strings.HasPrefix(s.Name, ".plt.") {
			continue
		}
		code, err := s.Data()
		if err != nil {
			continue
		}
		size := uint64(16)
		if s.Entsize == 8 {
			size = 8
		}
		for at := uint64(0); at+size <= uint64(len(code)); at += size {
			stub := bytes.TrimPrefix(code[at:at+size], endBranch)
			end := at + size - uint64(len(stub)) // of what was left out
			if stub[0] == 0xf2 {                 // bnd: a prefix of the jump
				stub, end = stub[1:], end+1
			}
			if !bytes.HasPrefix(stub, jump) || len(stub) < 6 {
				continue
			}
			slot := s.Addr + end + 6 + uint64(int64(int32(binary.LittleEndian.Uint32(stub[2:]))))
			if name := slots[slot]; name != "" {
				all = append(all, elf.Symbol{Name: name + "@plt", Value: s.Addr + at, Size: size})
			}
		}
	}
	return all
}

// slotNames are the functions whose addresses the loader puts into a file's tables, by
// the address there.
func slotNames(f *elf.File) map[uint64]string {
	names := map[uint64]string{}
	dynamic, err := f.DynamicSymbols()
	if err != nil {
		return names // it calls nobody
	}
	for _, s := range f.Sections {
		if s.Type != elf.SHT_RELA || int(s.Link) >= len(f.Sections) || f.Sections[s.Link].Type != elf.SHT_DYNSYM {
			continue
		}
		data, err := s.Data()
		if err != nil {
			continue
		}
		var r elf.Rela64
		for size := binary.Size(r); len(data) >= size; data = data[size:] {
			if _, err := binary.Decode(data, f.ByteOrder, &r); err != nil {
				break
			}
			kind, symbol := elf.R_X86_64(elf.R_TYPE64(r.Info)), int(elf.R_SYM64(r.Info))
			if (kind == elf.R_X86_64_JMP_SLOT || kind == elf.R_X86_64_GLOB_DAT) && symbol > 0 && symbol <= len(dynamic) {
				names[r.Off] = dynamic[symbol-1].Name
			}
		}
	}
	return names
}
