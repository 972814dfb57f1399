package hashtable

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"hpgo/kernels/hashes"
)

func compactCities(watch func(Step[string])) *Table[string, int] {
	t := New[string, int](Options[string]{Hash: hashes.FirstLetter, Probing: Perturbed, Growth: CPythonDict(), Compact: true, Watch: watch})
	for i, city := range []string{"Rome", "San Francisco", "New York", "Barcelona"} {
		t.Set(city, i)
	}
	return t
}

// TestCompact: slots are those of the table that isn't compact, and the order is that
// of insertion: a new value keeps a key's place, a key that comes again is the last.
func TestCompact(t *testing.T) {
	table := compactCities(nil)
	for i, s := range cities().Slots() {
		if got := table.Slots()[i]; got.Key != s.Key || got.Home != s.Home || got.Probe != s.Probe || got.State != s.State {
			t.Errorf("slot %d is %+v, not %+v", i, got, s)
		}
	}
	order := func() string {
		var keys []string
		for k := range table.All() {
			keys = append(keys, k)
		}
		return strings.Join(keys, ", ")
	}
	check := func(what, want string) {
		t.Helper()
		if got := order(); got != want {
			t.Errorf("%s: %s, not %s", what, got, want)
		}
	}
	check("as set", "Rome, San Francisco, New York, Barcelona")
	if _, found := table.Get("Riga"); found {
		t.Error("Riga is found where Rome is, which has the same hash")
	}
	table.Set("Rome", 9)
	check("Rome again", "Rome, San Francisco, New York, Barcelona")
	table.Delete("San Francisco")
	check("without San Francisco", "Rome, New York, Barcelona")
	if got := table.Slots()[6].Entry; got != 2 {
		t.Errorf("New York is entry %d, not 2", got)
	}
	want := "3 keys in 8 slots, perturbed, growth: dict, compact\n   0\n   1\n   2  #0 Rome\n   3  (deleted)\n   4\n" +
		"   5  #3 Barcelona, 1 after home 2\n   6  #2 New York\n   7\nentries in order:\n   0  Rome\n   1  (deleted)\n   2  New York\n   3  Barcelona\n"
	if got := table.String(); got != want {
		t.Errorf("%q", got)
	}
	table.Set("San Francisco", 1) // the fifth entry, the most there are
	check("San Francisco again", "Rome, New York, Barcelona, San Francisco")
	if table.slots != 8 || len(table.entries) != 5 || table.deleted != 0 {
		t.Errorf("%d slots, %d entries, %d deleted", table.slots, len(table.entries), table.deleted)
	}
	table.Set("Kyoto", 5) // holes make room when the table gets new slots
	check("Kyoto", "Rome, New York, Barcelona, San Francisco, Kyoto")
	if len(table.entries) != 5 || table.Stats().Resizes != 1 {
		t.Errorf("%d entries, %+v", len(table.entries), table.Stats())
	}
}

// TestCompactSameKey: a key that comes and goes can't fill memory with holes.
func TestCompactSameKey(t *testing.T) {
	for _, growth := range []Growth{CPythonDict(), Times(2, 0.5), {Least: 8, Limit: func(int) int { return 1 << 40 }, Next: func(n, _ int) int { return n }}} {
		table := New[int, int](Options[int]{Growth: growth, Compact: true})
		for i := range 1000 {
			table.Set(7, i)
			table.Delete(7)
		}
		if table.Len() != 0 || len(table.entries) > 8 || table.slots > 8 {
			t.Errorf("growth %q: %d keys, %d entries in %d slots", growth.Name, table.Len(), len(table.entries), table.slots)
		}
	}
}

// TestIndexWidths: numbers of every width come back, and tables on both sides of a new
// width hold what they are given.
func TestIndexWidths(t *testing.T) {
	for slots, width := range map[int]uint64{1: 1, 128: 1, 256: 2, 32_768: 2, 65_536: 4} {
		x := newIndex(slots)
		if x.width != width || len(x.bytes) != slots*int(width) {
			t.Errorf("%d slots: %d bytes each, %d in all", slots, x.width, len(x.bytes))
		}
	}
	for _, width := range []uint64{1, 2, 4, 8} {
		x := index{make([]byte, 3*width), width}
		most := uint64(1)<<(8*width-1) + uint64(1)<<(8*width-1) - 1
		x.set(1, most)
		if x.get(0) != 0 || x.get(1) != most || x.get(2) != 0 {
			t.Errorf("width %d: %x", width, x.bytes)
		}
	}
	full := Growth{Least: 1, Limit: func(n int) int { return n }, Next: func(n, _ int) int { return 2 * n }}
	for _, growth := range []Growth{CPythonDict(), full} {
		table, want := New[uint64, int](Options[uint64]{Hash: hashes.Identity, Growth: growth, Compact: true}), map[uint64]int{}
		for i := range 70_000 {
			table.Set(uint64(i), -i)
			want[uint64(i)] = -i
		}
		if got := maps.Collect(table.All()); !maps.Equal(got, want) {
			t.Errorf("growth %q: %d keys", growth.Name, len(got))
		}
		if v, ok := table.Get(69_999); !ok || v != -69_999 {
			t.Errorf("growth %q: the last is %d, %v", growth.Name, v, ok)
		}
	}
}

// TestBytes: a compact table has one entry for each key and a small number for each
// slot; the other one an entry for each slot.
func TestBytes(t *testing.T) {
	const entry = 32 // bytes: state, hash, key, value
	plain, packed := New[int, int](Options[int]{Growth: CPythonDict()}), New[int, int](Options[int]{Growth: CPythonDict(), Compact: true})
	if plain.Bytes() != 8*entry || packed.Bytes() != 8 {
		t.Errorf("empty ones take %d and %d bytes", plain.Bytes(), packed.Bytes())
	}
	for n := range 10_000 {
		plain.Set(n, n)
		packed.Set(n, n)
		if got, want := plain.Bytes(), plain.slots*entry; got != want {
			t.Fatalf("%d keys in %d slots take %d bytes, not %d", n+1, plain.slots, got, want)
		}
		least := (n+1)*entry + packed.slots
		if got := packed.Bytes(); got < least || got > plain.Bytes() {
			t.Fatalf("compact, %d keys in %d slots take %d bytes, not %d to %d", n+1, packed.slots, got, least, plain.Bytes())
		}
	}
}

// TestCompactWatched: moving keeps the order, and is told.
func TestCompactWatched(t *testing.T) {
	var moved []string
	table := compactCities(func(s Step[string]) {
		if s.What == Moved || s.What == Grew {
			moved = append(moved, s.String())
		}
	})
	table.Set("Kyoto", 4)
	table.Set("Lima", 5)
	want := []string{
		"Lima needs room: 16 new slots", "Rome, hash 82: moved to slot 2 of 16", "San Francisco, hash 83: moved to slot 3 of 16",
		"New York, hash 78: moved to slot 14 of 16", "Barcelona, hash 66: moved to slot 13 of 16", "Kyoto, hash 75: moved to slot 11 of 16",
	}
	if !slices.Equal(moved, want) {
		t.Errorf("%q", moved)
	}
}
