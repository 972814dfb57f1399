package hashtable

import (
	"fmt"
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
	// Compact keeps the entries in an array by themselves, in the order in which they
	// came, and in each slot only the number of one, as CPython's dict does from 3.6 on:
	// an empty slot takes 1 to 8 bytes, and All has the order of insertion.
	Compact bool
	// Forgetful empties the slot of a deleted key, in place of marking it: keys that
	// were placed behind it are not found any more. It is there to be seen, not used.
	Forgetful bool
	// Watch is called for each step. It may ask the table, and must not change it.
	Watch func(Step[K])
}

// Table is a hash table with open addressing.
type Table[K comparable, V any] struct {
	options       Options[K]
	slots         int           // a power of two
	index         index         // of a compact table
	entries       []entry[K, V] // one for each slot; of a compact table, in the order of insertion
	limit         int           // of used and deleted slots; of a compact table, of entries
	used, deleted int           // slots
	stats         Stats
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

// New returns an empty table. It panics where Probing is none of the four.
func New[K comparable, V any](o Options[K]) *Table[K, V] {
	if o.Probing > Grouped {
		panic(fmt.Sprintf("hashtable: Probing is %d: use Linear, Triangular, Perturbed or Grouped", o.Probing))
	}
	if o.Hash == nil {
		seed := maphash.MakeSeed()
		o.Hash = func(k K) uint64 { return maphash.Comparable(seed, k) }
	}
	o.Growth = o.Growth.orDefault()
	t := &Table[K, V]{options: o}
	t.renew(o.Growth.first(o.Keys))
	return t
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
	_, e := t.look(uint64(at))
	return e.value, true
}

// Set gives a key a value, and tells whether the key is new.
func (t *Table[K, V]) Set(key K, value V) bool {
	hash := t.options.Hash(key)
	at, found := t.find(hash, key)
	if found {
		_, e := t.look(uint64(at))
		e.value = value
		return false
	}
	if t.state(t.home(hash)) == Used {
		t.stats.Collisions++
	}
	if at < 0 || t.full(t.state(at)) {
		t.grow(key)
		at = t.free(hash)
	}
	if t.state(at) == Deleted {
		t.deleted--
	}
	t.place(at, entry[K, V]{Used, hash, key, value})
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
	left := Deleted
	if t.options.Forgetful {
		left = Empty
	} else {
		t.deleted++
	}
	t.remove(at, left)
	t.used--
	t.step(Step[K]{What: Removed, Key: key, Hash: hash, Slot: at, State: left})
	return true
}

// All are the keys and values: slot by slot, or in the order of insertion if the table
// is compact. The table must not be changed meanwhile.
func (t *Table[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for i := range t.entries {
			if e := &t.entries[i]; e.state == Used && !yield(e.key, e.value) {
				return
			}
		}
	}
}

// find returns the slot of a key; else the one that a new key would come to, which is
// -1 if there is none.
func (t *Table[K, V]) find(hash uint64, key K) (at int, found bool) {
	if t.options.Compact {
		return t.findIndexed(hash, key)
	}
	at = -1
	w := t.options.Probing.start(hash, uint64(t.slots-1))
	probes, longest := 0, t.options.Probing.longest(t.slots)
	for probes < longest {
		e := &t.entries[w.at]
		probes++
		if t.options.Watch != nil {
			t.looked(w.at, probes, hash, key, e.state)
		}
		if e.state == Used {
			if e.hash == hash && e.key == key {
				at, found = int(w.at), true
				break
			}
		} else {
			if at < 0 {
				at = int(w.at)
			}
			if e.state == Empty {
				break
			}
		}
		w.next()
	}
	t.stats.searched(probes)
	return at, found
}

// free is the first slot for a key that isn't in the table, in which nothing was
// deleted and some slot is empty.
func (t *Table[K, V]) free(hash uint64) int {
	w := t.options.Probing.start(hash, uint64(t.slots-1))
	for t.state(int(w.at)) == Used {
		w.next()
	}
	return int(w.at)
}

// grow moves all keys to new slots, as many as the rule says, for the sake of one more.
func (t *Table[K, V]) grow(key K) {
	old := t.entries
	t.renew(t.options.Growth.next(t.slots, t.used))
	t.stats.Resizes++
	t.step(Step[K]{What: Grew, Key: key, Slot: -1})
	for i := range old {
		if e := &old[i]; e.state == Used {
			at := t.free(e.hash)
			t.place(at, *e)
			t.stats.Moved++
			t.step(Step[K]{What: Moved, Key: e.key, Hash: e.hash, Slot: at, State: Used})
		}
	}
}
