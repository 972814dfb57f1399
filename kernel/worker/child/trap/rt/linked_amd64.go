//go:build hpgo_live && linux

package rt

import (
	"encoding/binary"
	"unsafe"
)

// linked returns where a call arrives that goes to an entry of the procedure
// linkage table: of code in other objects, as the worker is to a thin cell. An
// entry is jmp *distance(%rip), which may follow endbr64 and have the prefix bnd.
// The dynamic linker has filled in the word (cells are linked with -z now).
func linked(target uintptr) uintptr {
	code := unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&target))), 12)
	at := 0
	if [4]byte(code) == [4]byte{0xf3, 0x0f, 0x1e, 0xfa} {
		at = 4
	}
	if code[at] == 0xf2 {
		at++
	}
	if code[at] != 0xff || code[at+1] != 0x25 {
		return target
	}
	distance := int32(binary.LittleEndian.Uint32(code[at+2:]))
	word := target + uintptr(at) + 6 + uintptr(distance)
	return **(**uintptr)(unsafe.Pointer(&word))
}
