package assembly

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"hpgo/magics/harness/pctable"
)

// tables are what the linker made for the runtime: runtime.moduledata and what
// that points to.
type tables struct {
	order   binary.ByteOrder
	data    []byte // of the section that all of it lies in
	base    uint64 // address of data
	names   uint64 // funcnametab
	units   uint64 // cutab
	files   uint64 // filetab
	byPC    uint64 // pctab
	lines   uint64 // pclntable
	ftab    uint64
	others  uint64 // gofunc
	text    uint64
	maxPC   uint64
	quantum uint64 // bytes of the smallest instruction
}

// record is runtime._func with its address.
type record struct {
	at        uint64 // address of the record
	entry     uint64
	nameOff   uint32
	pcfile    uint32
	pcln      uint32
	npcdata   uint32
	unit      uint32
	startLine int
	nfuncdata int
}

// Offsets in runtime.moduledata, in bytes.
const (
	moduleNames  = 8
	moduleUnits  = moduleNames + 24
	moduleFiles  = moduleUnits + 24
	moduleByPC   = moduleFiles + 24
	moduleLines  = moduleByPC + 24
	moduleFtab   = moduleLines + 24
	moduleMinPC  = moduleFtab + 24 + 8
	moduleMaxPC  = moduleMinPC + 8
	moduleText   = moduleMaxPC + 8
	moduleGofunc = moduleText + 12*8 + 3*8 + 3*8
	moduleEnd    = moduleGofunc + 8
)

const (
	lineTableMagic = 0xfffffff1 // of Go 1.20 and later
	recordSize     = 44         // of runtime._func
	callSize       = 16         // of runtime.inlinedCall
)

// readTables finds the module's tables and reads its list of functions.
func (p *Program) readTables() error {
	section := p.file.Section(".go.module")
	if section == nil || section.Size < moduleEnd {
		return ErrNoGo
	}
	module, err := section.Data()
	if err != nil {
		return err
	}
	for _, r := range p.relocations() {
		// Addresses of the file itself are in the addends; what has a symbol is bound
		// to other files.
		if r.symbol == 0 && r.at >= section.Addr && r.at+8 <= section.Addr+uint64(len(module)) {
			p.order.PutUint64(module[r.at-section.Addr:], r.addend)
		}
	}
	word := func(at int) uint64 { return p.order.Uint64(module[at:]) }
	t := tables{order: p.order, names: word(moduleNames), units: word(moduleUnits), files: word(moduleFiles), byPC: word(moduleByPC),
		lines: word(moduleLines), ftab: word(moduleFtab), others: word(moduleGofunc), text: word(moduleText), maxPC: word(moduleMaxPC)}
	header := word(0)
	for _, s := range p.file.Sections {
		if header < s.Addr || header+72 > s.Addr+s.Size || s.Addr == 0 {
			continue
		}
		if t.data, err = s.Data(); err != nil {
			return err
		}
		t.base = s.Addr
		break
	}
	if t.data == nil || t.u32(header) != lineTableMagic || t.u8(header+7) != 8 {
		return ErrNoGo
	}
	t.quantum = uint64(t.u8(header + 6))
	p.tables = t
	n := int(word(moduleFtab + 8))
	for _, table := range []uint64{t.names, t.units, t.files, t.byPC, t.lines, t.ftab, t.others} {
		if t.rest(table) == nil {
			return ErrNoGo // another toolchain's order of fields
		}
	}
	if n < 2 || n > len(t.data) || t.text > word(moduleMinPC) || word(moduleMinPC) >= t.maxPC {
		return ErrNoGo
	}
	return p.readFunctions(n)
}

// readFunctions reads the list of functions; the last of n entries is the end.
func (p *Program) readFunctions(n int) error {
	t := &p.tables
	for i := range n - 1 {
		at := t.lines + uint64(t.u32(t.ftab+uint64(i)*8+4))
		r := record{at: at, entry: t.text + uint64(t.u32(at)), nameOff: t.u32(at + 4), pcfile: t.u32(at + 20), pcln: t.u32(at + 24),
			npcdata: t.u32(at + 28), unit: t.u32(at + 32), startLine: int(t.u32(at + 36)), nfuncdata: int(t.u8(at + 43))}
		if i > 0 && r.entry < p.funcs[i-1].entry {
			return fmt.Errorf("%w: its functions aren't in order", ErrNoGo)
		}
		p.funcs = append(p.funcs, r)
	}
	return nil
}

// rest is the tables' data from an address; nil: it isn't there.
func (t *tables) rest(at uint64) []byte {
	if at < t.base || at >= t.base+uint64(len(t.data)) {
		return nil
	}
	return t.data[at-t.base:]
}

func (t *tables) u32(at uint64) uint32 {
	if b := t.rest(at); len(b) >= 4 {
		return t.order.Uint32(b)
	}
	return 0
}

func (t *tables) u8(at uint64) byte {
	if b := t.rest(at); len(b) > 0 {
		return b[0]
	}
	return 0
}

func (t *tables) text0(at uint64) string {
	b := t.rest(at)
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return string(b[:i])
	}
	return ""
}

// name is a function's name.
func (t *tables) name(off uint32) string { return t.text0(t.names + uint64(off)) }

// value looks an offset of a function up in one of its tables; -1: it has none.
func (t *tables) value(table uint32, offset uint64) int {
	if table == 0 {
		return -1
	}
	return pctable.Value(t.rest(t.byPC+uint64(table)), offset, t.quantum)
}

// place is the file and line of an offset: of the innermost function there.
func (t *tables) place(r record, offset uint64) (file string, line int) {
	n, line := t.value(r.pcfile, offset), t.value(r.pcln, offset)
	if n < 0 || line < 0 {
		return "", 0
	}
	at := t.u32(t.units + 4*(uint64(r.unit)+uint64(n)))
	if at == pctable.None {
		return "", line
	}
	return t.text0(t.files + uint64(at)), line
}

// maxDepth bounds how deep calls are inlined into each other; more is a damaged file.
const maxDepth = 1000

// stack is where an offset stands, innermost first.
func (t *tables) stack(r record, offset uint64) []Position {
	var at []Position
	for range maxDepth {
		file, line := t.place(r, offset)
		call := t.inlined(r, offset)
		if call == 0 {
			return append(at, Position{Func: t.name(r.nameOff), File: file, Line: line})
		}
		at = append(at, Position{Func: t.name(t.u32(call + 4)), File: file, Line: line})
		offset = uint64(t.u32(call + 8))
	}
	return at
}

// inlined is the address of the runtime.inlinedCall that an offset belongs to; 0:
// it is the function's own.
func (t *tables) inlined(r record, offset uint64) uint64 {
	if r.npcdata <= pctable.InlineIndexByPC || r.nfuncdata <= pctable.InlineTree {
		return 0
	}
	tree := t.u32(r.at + recordSize + 4*uint64(r.npcdata+pctable.InlineTree))
	index := t.value(t.u32(r.at+recordSize+4*pctable.InlineIndexByPC), offset)
	if tree == pctable.None || index < 0 {
		return 0
	}
	return t.others + uint64(tree) + uint64(index)*callSize
}
