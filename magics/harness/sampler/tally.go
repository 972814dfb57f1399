package sampler

import (
	"hash/maphash"
	"slices"
	"sync"
	"time"
	"unsafe"

	"hpgo/magics/harness/native"
)

// tally counts stacks of program counters. The innermost is the instruction that
// ran; the others are return addresses.
type tally struct {
	mu      sync.Mutex
	seed    maphash.Seed
	index   map[uint64][]int // by hash
	stacks  []rawStack
	samples int64
	cut     int64
	looks   int64         // at all goroutines
	looked  time.Duration // that they stand for
	// expanded says that inlined calls have addresses of their own.
	expanded bool
	code     *native.Code // what isn't Go
}

type rawStack struct {
	pcs    []uintptr
	count  int64
	weight time.Duration // of goroutines: how long it was seen
	cut    bool          // it was too deep to be seen whole
}

func newTally() *tally {
	return &tally{seed: maphash.MakeSeed(), index: map[uint64][]int{}, code: &native.Code{}}
}

// add counts a stack as seen says. pcs may be used again by the caller.
func (t *tally) add(pcs []uintptr, seen rawStack) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.samples += seen.count
	if seen.cut {
		t.cut += seen.count
	}
	h := t.hash(pcs)
	for _, i := range t.index[h] {
		if slices.Equal(t.stacks[i].pcs, pcs) {
			t.stacks[i].count += seen.count
			t.stacks[i].weight += seen.weight
			return
		}
	}
	t.index[h] = append(t.index[h], len(t.stacks))
	seen.pcs = slices.Clone(pcs)
	t.stacks = append(t.stacks, seen)
}

func (t *tally) hash(pcs []uintptr) uint64 {
	return maphash.Bytes(t.seed, stackBytes(pcs))
}

// stackBytes is the memory of a stack.
func stackBytes(pcs []uintptr) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(pcs))), len(pcs)*int(unsafe.Sizeof(uintptr(0))))
}

// copied returns the tally as it is now, for fill: stacks and numbers of one
// moment, while others go on adding to t.
func (t *tally) copied() *tally {
	t.mu.Lock()
	defer t.mu.Unlock()
	return &tally{stacks: slices.Clone(t.stacks), samples: t.samples, cut: t.cut, looks: t.looks, looked: t.looked, expanded: t.expanded, code: t.code}
}
