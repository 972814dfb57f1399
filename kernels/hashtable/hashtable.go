package hashtable

import (
	"hash/maphash"
	"iter"
)

// Options are the choices of a table. The zero value has those of textbooks: Go's hash
// function, linear probing, twice as many slots when half of them are full.
type Options[K comparable] struct {
	Hash    func(K) uint64 // nil: maphash.Comparable, with a new seed
	Probing Probing
	Growth  Growth
	Keys    int // how many are expected: the table needn't grow up to as many
	// Forgetful empties the slot of a deleted key, in place of marking it: keys that
	// were placed behind it are not found any more. It is there to be seen, not used.
	Forgetful bool
	// Watch is called for each step. It may ask the table, and must not change it.
	Watch func(Step[K])
}

// Table is a hash table with open addressing.
type Table[K comparable, V any] struct {
	options       Options[K]
	slots         []slot[K, V] // as many as a power of two
	limit         int          // of used and deleted slots
	used, deleted int
	stats         Stats
}

type slot[K comparable, V any] struct {
	state State
	hash  uint64
	key   K
	value V
}

// State is what is in a slot.
type State uint8

const (
	Empty   State = iota // a search ends here
	Used                 // a key
	Deleted              // a key was here: a search goes on, a new key may come here
)

// String is the state in a word.
func (s State) String() string { return [...]string{"empty", "used", "deleted"}[s%3] }

// New returns an empty table.
func New[K comparable, V any](o Options[K]) *Table[K, V] {
	if o.Hash == nil {
		seed := maphash.MakeSeed()
		o.Hash = func(k K) uint64 { return maphash.Comparable(seed, k) }
	}
	o.Growth = o.Growth.orDefault()
	t := &Table[K, V]{options: o}
	t.renew(o.Growth.first(o.Keys))
	return t
}

func (t *Table[K, V]) renew(slots int) {
	t.slots, t.limit, t.deleted = make([]slot[K, V], slots), t.options.Growth.Limit(slots), 0
}

// Len is the number of keys.
func (t *Table[K, V]) Len() int { return t.used }

// Get returns the value of a key, and whether it is there.
func (t *Table[K, V]) Get(key K) (V, bool) {
	at, found := t.find(t.options.Hash(key), key)
	if !found {
		var none V
		return none, false
	}
	return t.slots[at].value, true
}

// Set gives a key a value, and tells whether the key is new.
func (t *Table[K, V]) Set(key K, value V) bool {
	hash := t.options.Hash(key)
	at, found := t.find(hash, key)
	if found {
		t.slots[at].value = value
		return false
	}
	if t.slots[t.home(hash)].state == Used {
		t.stats.Collisions++
	}
	if at < 0 || t.slots[at].state == Empty && t.used+t.deleted >= t.limit {
		t.grow(key)
		at = t.free(hash)
	}
	if t.slots[at].state == Deleted {
		t.deleted--
	}
	t.slots[at] = slot[K, V]{Used, hash, key, value}
	t.used++
	t.step(Step[K]{What: Placed, Key: key, Hash: hash, Slot: at, State: Used})
	return true
}

// Delete takes a key out, and tells whether it was there. Its slot is marked as
// deleted, so that searches for keys behind it go on.
func (t *Table[K, V]) Delete(key K) bool {
	hash := t.options.Hash(key)
	at, found := t.find(hash, key)
	if !found {
		return false
	}
	t.slots[at] = slot[K, V]{state: Deleted}
	t.deleted++
	if t.options.Forgetful {
		t.slots[at].state = Empty
		t.deleted--
	}
	t.used--
	t.step(Step[K]{What: Removed, Key: key, Hash: hash, Slot: at, State: t.slots[at].state})
	return true
}

// All are the keys and values, slot by slot. The table must not be changed meanwhile.
func (t *Table[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for i := range t.slots {
			if s := &t.slots[i]; s.state == Used && !yield(s.key, s.value) {
				return
			}
		}
	}
}

// find returns the slot of a key; else the one that a new key would come to, which is
// -1 if there is none.
func (t *Table[K, V]) find(hash uint64, key K) (at int, found bool) {
	at = -1
	w := t.options.Probing.start(hash, uint64(len(t.slots)-1))
	probes, longest := 0, t.options.Probing.longest(len(t.slots))
	for probes < longest {
		s := &t.slots[w.at]
		probes++
		if t.options.Watch != nil {
			t.step(Step[K]{What: Looked, Key: key, Hash: hash, Probe: probes - 1, Slot: int(w.at), State: s.state})
		}
		if s.state == Used {
			if s.hash == hash && s.key == key {
				at, found = int(w.at), true
				break
			}
		} else {
			if at < 0 {
				at = int(w.at)
			}
			if s.state == Empty {
				break
			}
		}
		w.next()
	}
	t.stats.Searches++
	t.stats.Probes += probes
	t.stats.Most = max(t.stats.Most, probes)
	return at, found
}

// free is the first slot for a key that isn't in the table, in which nothing was
// deleted and some slot is empty.
func (t *Table[K, V]) free(hash uint64) int {
	w := t.options.Probing.start(hash, uint64(len(t.slots)-1))
	for t.slots[w.at].state == Used {
		w.next()
	}
	return int(w.at)
}

// grow moves all keys to new slots, as many as the rule says, for the sake of one more.
func (t *Table[K, V]) grow(key K) {
	old := t.slots
	t.renew(t.options.Growth.next(len(old), t.used))
	for i := range old {
		if old[i].state == Used {
			t.slots[t.free(old[i].hash)] = old[i]
		}
	}
	t.stats.Resizes++
	t.stats.Moved += t.used
	t.step(Step[K]{What: Grew, Key: key, Slot: -1})
}
