package plugin

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// addTypeTargets adds relocations to a provider that tell which types its type
// descriptors point to. cmd/link follows these pointers, from structs to their fields
// and from arrays to their elements, to describe the collector a variable of such a
// type; it reads them from a shared library's first relocation table alone
// (cmd/link/internal/ld, ldshlibsyms and decodeTargetSym), where an executable and
// what is bound within a plugin have none. syms are the file's own symbols, in the
// order of its table.
func addTypeTargets(data []byte, syms []dynsym) ([]byte, error) {
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(f.Sections, func(s *elf.Section) bool { return s.Type == elf.SHT_RELA })
	if at < 0 {
		return nil, fmt.Errorf("no table of relocations")
	}
	index := map[uint64]int{} // of a type's symbol, by its address
	for i, s := range syms {
		if isType(s) {
			index[s.value] = i + 1 // behind the null entry
		}
	}
	old := data[f.Sections[at].Offset : f.Sections[at].Offset+f.Sections[at].Size]
	rela := append(make([]byte, 0, roomForMore/2), old...)
	for _, s := range syms {
		words := bytesAt(f, data, s)
		if !isType(s) || !followed(words) {
			continue
		}
		for off := 0; off+8 <= len(words); off += 8 {
			target, ok := index[binary.LittleEndian.Uint64(words[off:])]
			if !ok {
				continue
			}
			rela = binary.LittleEndian.AppendUint64(rela, s.value+uint64(off))
			rela = binary.LittleEndian.AppendUint64(rela, uint64(target)<<32|uint64(elf.R_X86_64_64))
			rela = binary.LittleEndian.AppendUint64(rela, 0)
		}
	}
	for len(data)%8 != 0 {
		data = append(data, 0)
	}
	table := binary.LittleEndian.Uint64(data[0x28:]) // e_shoff
	putSection(data[table+uint64(at)*shdrSize:], len(data), len(rela))
	return append(data, rela...), nil
}

// isType reports whether a symbol that the file defines is a type descriptor;
// type:.NAME are names and functions of types.
func isType(s dynsym) bool {
	return s.shndx != 0 && elf.ST_TYPE(s.info) == elf.STT_OBJECT && strings.HasPrefix(s.name, "type:") && !strings.HasPrefix(s.name, "type:.")
}

// followed reports whether the linker looks into a type descriptor, whose fields are
// those of internal/abi.Type: PtrBytes is the second word, Kind_ the last byte before
// the fourth.
func followed(descriptor []byte) bool {
	if len(descriptor) < 24 || binary.LittleEndian.Uint64(descriptor[8:]) == 0 {
		return false
	}
	k := reflect.Kind(descriptor[23] & 31)
	return k == reflect.Array || k == reflect.Struct
}

// bytesAt returns what the file has of a symbol.
func bytesAt(f *elf.File, data []byte, s dynsym) []byte {
	if int(s.shndx) >= len(f.Sections) {
		return nil
	}
	sect := f.Sections[s.shndx]
	if sect.Type != elf.SHT_PROGBITS || s.value < sect.Addr || s.value+s.size > sect.Addr+sect.Size {
		return nil
	}
	off := sect.Offset + s.value - sect.Addr
	return data[off : off+s.size]
}
