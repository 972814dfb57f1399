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
	const size = 5 // of the jump
	distance := int64(to) - int64(from+size)
	if distance < math.MinInt32 || distance > math.MaxInt32 || from%8 != 0 {
		return
	}
	page := uintptr(syscall.Getpagesize())
	start := from &^ (page - 1)
	length := (from + 8 - start + page - 1) / page * page
	if !protect(start, length, syscall.PROT_READ|syscall.PROT_WRITE|syscall.PROT_EXEC) {
		return
	}
	// The address is code, which the collector neither moves nor frees.
	word := (*uint64)(*(*unsafe.Pointer)(unsafe.Pointer(&from)))
	old := atomic.LoadUint64(word)
	jump := uint64(0xE9) | uint64(uint32(int32(distance)))<<8
	atomic.StoreUint64(word, old&^(1<<(8*size)-1)|jump)
	protect(start, length, syscall.PROT_READ|syscall.PROT_EXEC)
}

func protect(start, length uintptr, prot int) bool {
	_, _, errno := syscall.Syscall(syscall.SYS_MPROTECT, start, length, uintptr(prot))
	return errno == 0
}
