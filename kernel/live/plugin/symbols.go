package plugin

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strings"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
)

// owned says which symbols of a package are shared with what was loaded before:
// its variables. The others are the object's own.
type owned struct {
	prefix string // of the package's symbols
	shared map[string]bool
}

// ownSymbols returns the packages of a unit that have symbols of their own: the
// session's, and those with counters. Such a package is initialised already.
func ownSymbols(u *cell.Unit) []owned {
	all := []owned{newOwned(cell.PackagePath, u.Exports)}
	for _, p := range u.Counted {
		all = append(all, newOwned(p.Path, append([]string{".inittask"}, p.Vars...)))
	}
	return all
}

func newOwned(path string, vars []string) owned {
	o := owned{prefix: linkPrefix(path) + ".", shared: map[string]bool{}}
	for _, v := range vars {
		o.shared[o.prefix+v] = true
	}
	return o
}

// linkPrefix is an import path as it stands in linker names: dots in its last
// element are escaped (cmd/internal/objabi.PathToPrefix).
func linkPrefix(path string) string {
	i := strings.LastIndexByte(path, '/') + 1
	return path[:i] + strings.ReplaceAll(path[i:], ".", "%2e")
}

// withoutCounted leaves out the packages that have archives with counters.
func withoutCounted(shlibs, counted []build.Export) []build.Export {
	return slices.DeleteFunc(shlibs, func(e build.Export) bool {
		return slices.ContainsFunc(counted, func(c build.Export) bool { return c.Path == e.Path })
	})
}

// hideSymbols decides what is shared between the versions of packages by setting
// the visibility of symbols in the object file that cmd/link made, which works
// alike with every linker.
func hideSymbols(file string, packages []owned) error {
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
	for off := symtab.Offset; off+symSize <= symtab.Offset+symtab.Size; off += symSize {
		sym := data[off : off+symSize]
		undefined := binary.LittleEndian.Uint16(sym[6:]) == 0
		if !undefined && hidden(cString(names[binary.LittleEndian.Uint32(sym):]), packages) {
			sym[5] = sym[5]&^3 | byte(elf.STV_HIDDEN)
		}
	}
	for _, name := range []string{".rodata", ".data.rel.ro"} {
		if sect := f.Section(name); sect != nil {
			stripVersions(data[sect.Offset : sect.Offset+sect.Size])
		}
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		return fmt.Errorf("set the visibility of symbols: %w", err)
	}
	return nil
}

// versionMark is how kernel/cell marks versions of a name; see cell.PlainName.
const versionMark = "ʹ"

// stripVersions removes version marks from the names that types show to their
// users: %T, reflection, panics of the runtime. Such a name is a flag byte, its
// length as a varint and the text, which always starts with a star
// (internal/abi.Name, TFlagExtraStar). The text gets shorter in place. Identity
// doesn't depend on it: descriptors are bound by linker name and compared by
// address, and their hashes were made from the full name.
func stripVersions(rodata []byte) {
	for at := 0; ; {
		i := bytes.Index(rodata[at:], []byte(versionMark))
		if i < 0 {
			return
		}
		mark := at + i
		at = mark + len(versionMark)
		start, width, length, ok := nameAround(rodata, mark)
		if !ok {
			continue
		}
		plain := cell.PlainName(string(rodata[start : start+length]))
		if !putLength(rodata[start-width:start], len(plain)) {
			continue
		}
		copy(rodata[start:], plain)
		clear(rodata[start+len(plain) : start+length])
	}
}

// nameAround finds the type name that contains an offset: where its text
// starts, how many bytes its length takes, and the length.
func nameAround(rodata []byte, inside int) (start, width, length int, ok bool) {
	for start = inside; start > 2 && inside-start < 4096; start-- {
		if rodata[start] != '*' {
			continue
		}
		for width = 1; width <= 2; width++ {
			n, w := binary.Uvarint(rodata[start-width : start])
			length = int(n)
			if w == width && rodata[start-width-1] <= 1 && start+length > inside && start+length <= len(rodata) {
				return start, width, length, true
			}
		}
	}
	return 0, 0, 0, false
}

// putLength writes a varint into a field of fixed width.
func putLength(field []byte, n int) bool {
	switch {
	case len(field) == 1 && n < 0x80:
		field[0] = byte(n)
	case len(field) == 2 && n < 1<<14:
		field[0], field[1] = byte(n)|0x80, byte(n>>7)
	default:
		return false
	}
	return true
}

// hidden reports whether a symbol belongs to one version of a package only: its
// functions, closures, dictionaries and static data, but not its variables.
func hidden(name string, packages []owned) bool {
	for _, p := range packages {
		if strings.HasPrefix(name, p.prefix) {
			return !p.shared[name]
		}
	}
	return false
}
