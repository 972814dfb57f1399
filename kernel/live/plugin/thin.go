package plugin

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
)

// errNotThin says that a cell needs code which the worker doesn't have; it is
// linked whole then.
var errNotThin = errors.New("the cell needs code that is not in the worker")

// bindToWorker completes the object file of a thin cell, which cmd/link made
// against the provider, so that the system's linker and loader find everything
// in the worker itself.
func bindToWorker(file string, loaded providers) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("bind the cell to the worker: %w", err)
	}
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("bind the cell to the worker: %w", err)
	}
	o := &object{data: data, elf: f, loaded: loaded}
	if err := o.renameSymbols(); err != nil {
		return err
	}
	if err := o.callAddmoduledata(); err != nil {
		return fmt.Errorf("bind the cell to the worker: %w", err)
	}
	if err := os.WriteFile(file, o.data, 0o644); err != nil {
		return fmt.Errorf("bind the cell to the worker: %w", err)
	}
	return nil
}

// object is an ELF object file being edited.
type object struct {
	data []byte
	elf  *elf.File

	loaded        providers
	addmoduledata int // index of the undefined symbol, 0 if not met
	init          int // index of go:link.addmoduledata
	initValue     uint64
}

// renameSymbols gives undefined symbols their names in the worker and notes the
// two that callAddmoduledata needs. A name that the worker lacks is errNotThin.
func (o *object) renameSymbols() error {
	symtab := o.elf.SectionByType(elf.SHT_SYMTAB)
	if symtab == nil {
		return fmt.Errorf("bind the cell to the worker: the object has no symbol table")
	}
	strs := o.elf.Sections[symtab.Link]
	names := o.data[strs.Offset : strs.Offset+strs.Size]
	index := 0
	for off := symtab.Offset; off+symSize <= symtab.Offset+symtab.Size; off += symSize {
		e := o.data[off : off+symSize]
		field := names[binary.LittleEndian.Uint32(e):]
		name := cString(field)
		undefined := binary.LittleEndian.Uint16(e[6:]) == 0
		switch {
		case name == "":
		case undefined:
			plain, ok := o.loaded.plain(name)
			if !ok {
				return fmt.Errorf("%w: %s", errNotThin, name)
			}
			if strings.HasPrefix(name, "runtime.addmoduledata") {
				o.addmoduledata = index
			}
			n := copy(field, plain)
			clear(field[n:len(name)])
		case name == "go:link.addmoduledata":
			o.init, o.initValue = index, binary.LittleEndian.Uint64(e[8:])
		}
		index++
	}
	if o.addmoduledata == 0 || o.init == 0 {
		return fmt.Errorf("bind the cell to the worker: the object doesn't register itself (unknown toolchain)")
	}
	return nil
}

// callAddmoduledata mends the object's init function. For a plugin cmd/link
// takes it that runtime.addmoduledata is part of the plugin and lays it out
// behind that function, as the last of the text; here that place is empty and
// the call needs a relocation to the worker's own. The module's end of text, in
// .go.module, is given relative to the same symbol and is moved back.
//
// The code is lea local.moduledata(%rip), %rdi; call rel32; ret
// (cmd/link/internal/amd64, gentext).
func (o *object) callAddmoduledata() error {
	text := o.elf.Section(".text")
	if text == nil {
		return errors.New("the object has no .text")
	}
	code := o.data[text.Offset+o.initValue:]
	const callAt = 7
	if code[callAt] != 0xe8 {
		return errors.New("the init function has an unknown form (unknown toolchain)")
	}
	target := int64(callAt+5) + int64(int32(binary.LittleEndian.Uint32(code[callAt+1:])))
	table := binary.LittleEndian.Uint64(o.data[0x28:]) // e_shoff
	for i, s := range o.elf.Sections {
		if s.Type != elf.SHT_RELA {
			continue
		}
		if s.Name != ".rela.text" {
			o.moveRelocations(s, target)
			continue
		}
		rela := bytes.Clone(o.data[s.Offset : s.Offset+s.Size])
		rela = binary.LittleEndian.AppendUint64(rela, o.initValue+callAt+1)
		rela = binary.LittleEndian.AppendUint64(rela, uint64(o.addmoduledata)<<32|uint64(elf.R_X86_64_PLT32))
		rela = binary.LittleEndian.AppendUint64(rela, ^uint64(3)) // addend -4: the distance counts from behind the field
		for len(o.data)%8 != 0 {
			o.data = append(o.data, 0)
		}
		putSection(o.data[table+uint64(i)*shdrSize:], len(o.data), len(rela))
		o.data = append(o.data, rela...)
	}
	return nil
}

// moveRelocations makes references to addmoduledata, as a place in this object,
// relative to the init function.
func (o *object) moveRelocations(s *elf.Section, target int64) {
	for off := s.Offset; off+relaSize <= s.Offset+s.Size; off += relaSize {
		e := o.data[off : off+relaSize]
		info := binary.LittleEndian.Uint64(e[8:])
		if int(info>>32) != o.addmoduledata {
			continue
		}
		binary.LittleEndian.PutUint64(e[8:], uint64(o.init)<<32|info&0xffffffff)
		addend := int64(binary.LittleEndian.Uint64(e[16:]))
		binary.LittleEndian.PutUint64(e[16:], uint64(target+addend))
	}
}
