package methods

import (
	"math"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// redirect makes the code at from jump to the code at to. Where the distance or
// the alignment doesn't allow it, or the pages can't be made writable, the old
// code stays, which is what other architectures have.
func redirect(from, to uintptr) {
	distance := int64(to) - int64(from+size)
	if distance < math.MinInt32 || distance > math.MaxInt32 || from%8 != 0 {
		return
	}
	write(from, uint64(0xE9)|uint64(uint32(int32(distance)))<<8)
}

// size is that of the jump, in bytes.
const size = 5

// restore puts back the code that read has returned.
func restore(at uintptr, code uint64) {
	if at%8 == 0 {
		write(at, code&(1<<(8*size)-1))
	}
}

// read returns the first bytes of the code at an entry.
func read(at uintptr) uint64 { return *word(at) }

// word is the code at an address, which the collector neither moves nor frees.
func word(at uintptr) *uint64 { return (*uint64)(*(*unsafe.Pointer)(unsafe.Pointer(&at))) }

// write overwrites the first bytes of the code at an aligned address.
func write(at uintptr, code uint64) {
	page := uintptr(syscall.Getpagesize())
	start := at &^ (page - 1)
	length := (at + 8 - start + page - 1) / page * page
	if !protect(start, length, syscall.PROT_READ|syscall.PROT_WRITE|syscall.PROT_EXEC) {
		return
	}
	old := atomic.LoadUint64(word(at))
	atomic.StoreUint64(word(at), old&^(1<<(8*size)-1)|code)
	protect(start, length, syscall.PROT_READ|syscall.PROT_EXEC)
}

func protect(start, length uintptr, prot int) bool {
	_, _, errno := syscall.Syscall(syscall.SYS_MPROTECT, start, length, uintptr(prot))
	return errno == 0
}
