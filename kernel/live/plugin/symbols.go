package plugin

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"strings"

	"hpgo/kernel/cell"
)

// hideSymbols decides what is shared between the versions of the session by
// setting the visibility of symbols in the object file that cmd/link made, which
// works alike with every linker. shared names the session's variables.
func hideSymbols(file string, shared []string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("set the visibility of symbols: %w", err)
	}
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("set the visibility of symbols: %w", err)
	}
	symtab := f.SectionByType(elf.SHT_SYMTAB)
	if symtab == nil || f.Class != elf.ELFCLASS64 {
		return fmt.Errorf("set the visibility of symbols: %s has no 64-bit symbol table", file)
	}
	strtab := f.Sections[symtab.Link]
	names := data[strtab.Offset : strtab.Offset+strtab.Size]
	isShared := make(map[string]bool, len(shared))
	for _, v := range shared {
		isShared[cell.PackagePath+"."+v] = true
	}
	const entry = 24 // sizeof(Elf64_Sym): name 4, info 1, other 1, shndx 2, value 8, size 8
	for off := symtab.Offset; off+entry <= symtab.Offset+symtab.Size; off += entry {
		sym := data[off : off+entry]
		name := names[binary.LittleEndian.Uint32(sym):]
		if end := bytes.IndexByte(name, 0); end >= 0 {
			name = name[:end]
		}
		if hidden(string(name), isShared) {
			sym[5] = sym[5]&^3 | byte(elf.STV_HIDDEN)
		}
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		return fmt.Errorf("set the visibility of symbols: %w", err)
	}
	return nil
}

// hidden reports whether a symbol belongs to one version of the session only:
// its functions, closures, dictionaries and static data, but not its variables;
// and the descriptors of types declared inside functions, whose linker names
// hold a number after a middle dot that shifts when code changes, and which
// would otherwise bind to an unrelated older type.
func hidden(name string, shared map[string]bool) bool {
	if strings.HasPrefix(name, cell.PackagePath+".") {
		return !shared[name]
	}
	if !strings.Contains(name, cell.PackagePath+".") {
		return false
	}
	return strings.Contains(name, "·")
}
