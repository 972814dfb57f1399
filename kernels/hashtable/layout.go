package hashtable

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// entry is a key and what belongs to it. One that isn't used has neither.
type entry[K comparable, V any] struct {
	state State
	hash  uint64
	key   K
	value V
}

// index has the number of an entry for each slot of a compact table, in as few bytes as
// CPython takes: 1 below 256 slots, 2 below 65,536, then 4, then 8.
type index struct {
	bytes []byte
	width uint64 // of a number
}

// What an index has for a slot: 0 of an empty one, 1 of a deleted one, the number of the
// entry and 2 of others.
const (
	indexEmpty   = 0
	indexDeleted = 1
	indexFirst   = 2
)

func newIndex(slots int) index {
	width := uint64(1)
	for _, most := range []uint64{math.MaxUint8, math.MaxUint16, math.MaxUint32} {
		if uint64(slots) > most {
			width *= 2
		}
	}
	return index{make([]byte, uint64(slots)*width), width}
}

func (x index) get(slot uint64) uint64 {
	at := x.bytes[slot*x.width:]
	switch x.width {
	case 1:
		return uint64(at[0])
	case 2:
		return uint64(binary.LittleEndian.Uint16(at))
	case 4:
		return uint64(binary.LittleEndian.Uint32(at))
	}
	return binary.LittleEndian.Uint64(at)
}

func (x index) set(slot, n uint64) {
	at := x.bytes[slot*x.width:]
	switch x.width {
	case 1:
		at[0] = byte(n)
	case 2:
		binary.LittleEndian.PutUint16(at, uint16(n))
	case 4:
		binary.LittleEndian.PutUint32(at, uint32(n))
	default:
		binary.LittleEndian.PutUint64(at, n)
	}
}

// renew gives the table new slots, all of them empty.
func (t *Table[K, V]) renew(slots int) {
	t.slots, t.limit, t.deleted = slots, t.options.Growth.Limit(slots), 0
	if t.options.Compact {
		t.index, t.entries = newIndex(slots), make([]entry[K, V], 0, t.used)
	} else {
		t.entries = make([]entry[K, V], slots)
	}
}

// look returns what is in a slot, and the entry of a used one.
func (t *Table[K, V]) look(slot uint64) (State, *entry[K, V]) {
	if t.options.Compact {
		return t.lookUp(slot)
	}
	e := &t.entries[slot]
	return e.state, e
}

// state is what is in a slot.
func (t *Table[K, V]) state(slot int) State {
	state, _ := t.look(uint64(slot))
	return state
}

// findIndexed is find in a compact table. It is a loop of its own, since one that asks
// at each slot which kind of table it is in takes a tenth longer.
func (t *Table[K, V]) findIndexed(hash uint64, key K) (at int, found bool) {
	at = -1
	w := t.options.Probing.start(hash, uint64(t.slots-1))
	probes, longest := 0, t.options.Probing.longest(t.slots)
	for probes < longest {
		state, e := t.lookUp(w.at)
		probes++
		if t.options.Watch != nil {
			t.looked(w.at, probes, hash, key, state)
		}
		if state == Used && e.hash == hash && e.key == key {
			at, found = int(w.at), true
			break
		}
		if state != Used && at < 0 {
			at = int(w.at)
		}
		if state == Empty {
			break
		}
		w.next()
	}
	t.stats.searched(probes)
	return at, found
}

// lookUp is look by the index.
func (t *Table[K, V]) lookUp(slot uint64) (State, *entry[K, V]) {
	switch n := t.index.get(slot); n {
	case indexEmpty:
		return Empty, nil
	case indexDeleted:
		return Deleted, nil
	default:
		return Used, &t.entries[n-indexFirst]
	}
}

// place puts an entry into a slot that isn't used.
func (t *Table[K, V]) place(slot int, e entry[K, V]) {
	if !t.options.Compact {
		t.entries[slot] = e
		return
	}
	n := len(t.entries)
	if n == cap(t.entries) { // half as many more, but no more than the table may get
		most := max(min(t.limit, t.slots), n+1)
		t.entries = append(make([]entry[K, V], 0, min(n+n/2+4, most)), t.entries...)
	}
	t.index.set(uint64(slot), indexFirst+uint64(n))
	t.entries = append(t.entries, e)
}

// remove takes the entry out of a slot and leaves it in a state. Of a compact table the
// entry's place stays behind as a hole, until the table gets new slots.
func (t *Table[K, V]) remove(slot int, left State) {
	if !t.options.Compact {
		t.entries[slot] = entry[K, V]{state: left}
		return
	}
	t.entries[t.index.get(uint64(slot))-indexFirst] = entry[K, V]{state: Deleted}
	t.index.set(uint64(slot), indexEmpty)
	if left == Deleted {
		t.index.set(uint64(slot), indexDeleted)
	}
}

// full tells whether the table has to grow before a new key comes to a slot with this
// state. In a compact table holes count too, for they are as much in the way.
func (t *Table[K, V]) full(state State) bool {
	if t.options.Compact {
		return len(t.entries) >= min(t.limit, t.slots)
	}
	return state == Empty && t.used+t.deleted >= t.limit
}

// Bytes is how much memory the table takes for its slots, its index and its entries,
// used or not, without what keys and values point to.
func (t *Table[K, V]) Bytes() int {
	return cap(t.entries)*int(unsafe.Sizeof(entry[K, V]{})) + len(t.index.bytes)
}
