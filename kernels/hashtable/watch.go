package hashtable

import "fmt"

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

// searched counts a search.
func (s *Stats) searched(probes int) {
	s.Searches++
	s.Probes += probes
	s.Most = max(s.Most, probes)
}

// What is the kind of a step.
type What uint8

const (
	Looked  What = iota // at a slot, in search of a key
	Placed              // a new key
	Removed             // a key
	Grew                // the table has new slots, all of them empty
	Moved               // a key, to the new slots
)

// String is the kind in a word.
func (w What) String() string {
	return [...]string{"looked", "placed", "removed", "grew", "moved"}[w%5]
}

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

// String is the step as a line of a log.
func (s Step[K]) String() string {
	switch s.What {
	case Looked:
		return fmt.Sprintf("%v, hash %d: probe %d is slot %d of %d, %v", s.Key, s.Hash, s.Probe, s.Slot, s.Slots, s.State)
	case Removed:
		return fmt.Sprintf("%v, hash %d: removed from slot %d of %d, which is %v now", s.Key, s.Hash, s.Slot, s.Slots, s.State)
	case Grew:
		return fmt.Sprintf("%v needs room: %d new slots", s.Key, s.Slots)
	case Moved:
		return fmt.Sprintf("%v, hash %d: moved to slot %d of %d", s.Key, s.Hash, s.Slot, s.Slots)
	}
	return fmt.Sprintf("%v, hash %d: %v in slot %d of %d", s.Key, s.Hash, s.What, s.Slot, s.Slots)
}

func (t *Table[K, V]) step(s Step[K]) {
	if t.options.Watch != nil {
		s.Slots = t.slots
		t.options.Watch(s)
	}
}

// looked tells of a slot that a search has come to.
func (t *Table[K, V]) looked(slot uint64, probes int, hash uint64, key K, state State) {
	t.step(Step[K]{What: Looked, Key: key, Hash: hash, Probe: probes - 1, Slot: int(slot), State: state})
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
	Entry           int // its number, in the order of insertion; Index if the table isn't compact
}

// Slots returns a picture of all slots.
func (t *Table[K, V]) Slots() []Slot[K, V] {
	out := make([]Slot[K, V], t.slots)
	for i := range out {
		out[i] = t.slot(i)
	}
	return out
}

func (t *Table[K, V]) slot(i int) Slot[K, V] {
	state, e := t.look(uint64(i))
	if state != Used {
		return Slot[K, V]{Index: i, State: state}
	}
	s := Slot[K, V]{Index: i, State: state, Key: e.key, Value: e.value, Hash: e.hash, Home: t.home(e.hash), Probe: t.probe(e.hash, i), Entry: i}
	s.Distance = (i - s.Home) & (t.slots - 1)
	if t.options.Compact {
		s.Entry = int(t.index.get(uint64(i)) - indexFirst)
	}
	return s
}

func (t *Table[K, V]) home(hash uint64) int {
	return int(t.options.Probing.start(hash, uint64(t.slots-1)).at)
}

// probe is how many slots of a hash's sequence come before a slot.
func (t *Table[K, V]) probe(hash uint64, at int) int {
	n := 0
	for i := range t.options.Probing.Sequence(hash, t.slots) {
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
	for i := range t.options.Probing.Sequence(hash, t.slots) {
		state, e := t.look(uint64(i))
		slots = append(slots, i)
		if state == Used && e.hash == hash && e.key == key {
			return slots, true
		}
		if state == Empty || len(slots) >= t.options.Probing.longest(t.slots) {
			break
		}
	}
	return slots, false
}
