package harness

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"
)

// How free memory is given back.
const (
	littleFree = 64 << 10  // B that may stay with the process before a run
	mostCleans = 8         // tries
	smallBlock = 32 << 10  // B: taken from a processor's cache of pages
	largeBlock = 128 << 10 // B: taken from the heap's free pages
	batch      = 8
	mostUsed   = 256 << 20 // B of large blocks
	cachePages = 512 << 10 // B of a processor's cache of pages at most
	meeting    = 10 * time.Millisecond
)

// clean gives all free memory back to the system: what stays resident is used by
// the run, which would then seem to need less.
//
// debug.FreeOSMemory overlooks some (Go 1.26). Each processor has a cache of up to
// 512 KiB of free pages; a collection puts them back without telling the scavenger
// (pageCache.flush), which finds them only after they have been used and freed once
// more, or after the processor's cache takes the same pages again. So they are
// used, and it is tried again.
func (s *memorySampler) clean() {
	runtime.GC()
	for n := 1; ; n++ {
		debug.FreeOSMemory() // collects once more
		free := s.resident()
		if free <= littleFree || n == mostCleans {
			return
		}
		emptyCaches()
		s.useFree()
	}
}

// resident is the free memory that stays with the process, in bytes; 0 where the
// runtime doesn't say.
func (s *memorySampler) resident() int64 {
	metrics.Read(s.free)
	if v := s.free[0].Value; v.Kind() == metrics.KindUint64 {
		return int64(v.Uint64())
	}
	return 0
}

// useFree takes free pages, from the lowest address on, until those that stayed
// resident are among them.
func (s *memorySampler) useFree() {
	var used [][][]byte
	for n := 0; n < mostUsed && s.resident() > littleFree; n += batch * largeBlock {
		used = append(used, blocks(largeBlock, batch))
	}
	runtime.KeepAlive(used)
}

// emptyCaches uses up the pages in the caches of all processors. Its goroutines wait
// for each other without a rest, so that each one has a processor of its own, but not
// for long: there may be fewer.
func emptyCaches() {
	n := runtime.GOMAXPROCS(0)
	var here atomic.Int64
	var done sync.WaitGroup
	end := time.Now().Add(meeting)
	for range n {
		done.Go(func() {
			here.Add(1)
			for here.Load() < int64(n) && time.Now().Before(end) {
			}
			runtime.KeepAlive(blocks(smallBlock, cachePages/smallBlock+1))
		})
	}
	done.Wait()
}

// blocks allocates n blocks.
func blocks(size, n int) [][]byte {
	all := make([][]byte, n)
	for i := range all {
		all[i] = make([]byte, size)
	}
	return all
}
