package sampler

import (
	"encoding/binary"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"unsafe"

	"hpgo/magics/harness/perfevent"
)

// ring is what the kernel writes samples to, for the events of one CPU.
type ring struct {
	fd     int
	memory []byte // the control page, then the data
	head   *uint64
	tail   *uint64
	data   []byte
	record []byte // a record that went around the end of the data
}

// Pages of a ring's data. A user without rights may lock 512 KiB for each CPU
// (perf_event_mlock_kb), where that isn't used up.
const (
	mostPages  = 64
	leastPages = 8
)

// Offsets in struct perf_event_mmap_page.
const (
	offsetHead = 1024
	offsetTail = 1032
)

// mapRing maps the ring of an event, as large as the kernel allows.
func mapRing(fd int) (*ring, error) {
	page := os.Getpagesize()
	for pages := mostPages; ; pages /= 2 {
		memory, err := syscall.Mmap(fd, 0, (1+pages)*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
		if err == nil {
			return &ring{fd: fd, memory: memory, data: memory[page:],
				head: (*uint64)(unsafe.Pointer(&memory[offsetHead])), tail: (*uint64)(unsafe.Pointer(&memory[offsetTail]))}, nil
		}
		if pages <= leastPages {
			return nil, fmt.Errorf("perf event: map %d pages to read it: %w (perf_event_mlock_kb is %s)", 1+pages, err, perfevent.Sysctl("perf_event_mlock_kb"))
		}
	}
}

// read hands on what is new in the ring. full says that there may have been no
// room for more; of the last that were lost the kernel tells nothing.
func (r *ring) read(f func(kind uint32, body []byte)) (full bool) {
	head, tail := atomic.LoadUint64(r.head), atomic.LoadUint64(r.tail)
	size := uint64(len(r.data))
	first := tail
	for head-tail >= 8 {
		header := r.at(tail, 8)
		kind := binary.NativeEndian.Uint32(header)
		n := uint64(binary.NativeEndian.Uint16(header[6:]))
		if n < 8 || n > head-tail || n > size {
			tail = head // nothing can be read beyond a broken record
			break
		}
		f(kind, r.at(tail, n)[8:])
		tail += n
	}
	full = atomic.LoadUint64(r.head)-first+maxRecord > size
	atomic.StoreUint64(r.tail, tail)
	return full
}

// maxRecord is more bytes than a sample has, with all its frames.
const maxRecord = 8 * (maxChain + 16)

// at is n bytes at a position, which may go around the end.
func (r *ring) at(pos, n uint64) []byte {
	size := uint64(len(r.data))
	from := pos % size
	if from+n <= size {
		return r.data[from : from+n]
	}
	r.record = append(append(r.record[:0], r.data[from:]...), r.data[:n-(size-from)]...)
	return r.record
}

func (r *ring) close() { syscall.Munmap(r.memory) }
