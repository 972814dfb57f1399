package hashtable

import (
	"fmt"
	"strings"
)

// Stats are what a table has done so far.
type Stats struct {
	Searches   int // by Get, Set and Delete
	Probes     int // slots that they looked at
	Most       int // slots that one of them looked at
	Collisions int // new keys whose home had another key
	Resizes    int
	Moved      int // keys, by resizing
}

// Mean is how many slots a search looked at, on average; 0 if there was none.
func (s Stats) Mean() float64 { return float64(s.Probes) / float64(max(s.Searches, 1)) }

// Stats returns what the table has done since it was made, or since ResetStats.
func (t *Table[K, V]) Stats() Stats { return t.stats }

// ResetStats begins to count anew.
func (t *Table[K, V]) ResetStats() { t.stats = Stats{} }

// What is the kind of a step.
type What uint8

const (
	Looked  What = iota // at a slot, in search of a key
	Placed              // a new key
	Removed             // a key
	Grew                // the table has new slots
)

// String is the kind in a word.
func (w What) String() string { return [...]string{"looked", "placed", "removed", "grew"}[w%4] }

// Step is one thing that a table does.
type Step[K comparable] struct {
	What  What
	Key   K // that it is done for
	Hash  uint64
	Probe int   // of Looked: how many slots were looked at before
	Slot  int   // -1 of Grew
	State State // of the slot: found there by Looked, left there by the others
	Slots int   // of the table
}

func (t *Table[K, V]) step(s Step[K]) {
	if t.options.Watch != nil {
		s.Slots = len(t.slots)
		t.options.Watch(s)
	}
}

// Slot is what a picture of a table shows of one slot.
type Slot[K comparable, V any] struct {
	Index int
	State State
	// The others are of Used slots.
	Key   K
	Value V
	Hash  uint64
	Home  int // slot that the hash asks for
	// Distance is how many slots after its home it is, around the end of the table;
	// Probe how many slots of its probe sequence come before it.
	Distance, Probe int
}

// Slots returns a picture of all slots.
func (t *Table[K, V]) Slots() []Slot[K, V] {
	out := make([]Slot[K, V], len(t.slots))
	for i, s := range t.slots {
		out[i] = Slot[K, V]{Index: i, State: s.state}
		if s.state != Used {
			continue
		}
		home := t.home(s.hash)
		out[i] = Slot[K, V]{i, s.state, s.key, s.value, s.hash, home, (i - home) & (len(t.slots) - 1), t.probe(s.hash, i)}
	}
	return out
}

func (t *Table[K, V]) home(hash uint64) int {
	return int(t.options.Probing.start(hash, uint64(len(t.slots)-1)).at)
}

// probe is how many slots of a hash's sequence come before a slot.
func (t *Table[K, V]) probe(hash uint64, at int) int {
	n := 0
	for i := range t.options.Probing.Sequence(hash, len(t.slots)) {
		if i == at {
			break
		}
		n++
	}
	return n
}

// Path returns the slots that a search for a key looks at, in order, and whether it
// finds the key in the last of them. It doesn't count in Stats, and isn't watched.
func (t *Table[K, V]) Path(key K) (slots []int, found bool) {
	hash := t.options.Hash(key)
	for i := range t.options.Probing.Sequence(hash, len(t.slots)) {
		s := &t.slots[i]
		slots = append(slots, i)
		if s.state == Used && s.hash == hash && s.key == key {
			return slots, true
		}
		if s.state == Empty || len(slots) >= t.options.Probing.longest(len(t.slots)) {
			break
		}
	}
	return slots, false
}

// String draws the slots, one a line: its number, its key, and where the key would
// rather be, with how many slots were tried before.
func (t *Table[K, V]) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d keys in %d slots, %v\n", t.used, len(t.slots), t.options.Probing)
	for _, s := range t.Slots() {
		switch {
		case s.State == Empty:
			fmt.Fprintf(&b, "%4d\n", s.Index)
		case s.State == Deleted:
			fmt.Fprintf(&b, "%4d  (deleted)\n", s.Index)
		case s.Probe == 0:
			fmt.Fprintf(&b, "%4d  %v\n", s.Index, s.Key)
		default:
			fmt.Fprintf(&b, "%4d  %v, %d after home %d\n", s.Index, s.Key, s.Probe, s.Home)
		}
	}
	return b.String()
}
