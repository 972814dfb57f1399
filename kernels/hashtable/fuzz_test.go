package hashtable

import (
	"slices"
	"testing"

	"hpgo/kernels/hashes"
)

// FuzzTable runs the same calls on a Table and on Go's map. The first byte has the
// choices; each two after it are a call and a key of few, so that keys meet.
func FuzzTable(f *testing.F) {
	f.Add([]byte{0, 0, 1, 0, 2, 3, 1, 1, 1})
	f.Add([]byte{0x37, 0, 8, 0, 16, 0, 24, 2, 8, 1, 16, 0, 32, 2, 16, 2, 24, 1, 32})
	many := []byte{0x59}
	for i := range 600 {
		many = append(many, byte(i%5), byte(i*37))
	}
	f.Add(many)
	full := []byte{0x0f}
	for i := range 400 {
		full = append(full, byte(i/200*2), byte(i)) // all placed, all deleted
	}
	f.Add(full)
	f.Add(append([]byte{140 + 36}, many[1:]...)) // compact
	f.Add(append([]byte{140 + 15}, full[1:]...))
	f.Add(append([]byte{196 + 2}, many[1:]...)) // compact, 4 hashes
	rules := []Growth{CPythonDict(), CPythonSet(), GoMap(), Times(2, 0.97), Times(4, 0.25), {}, Times(2, 1)}
	functions := []func(uint64) uint64{hashes.Identity, hashes.Multiplied, func(n uint64) uint64 { return n & 3 }, nil, func(n uint64) uint64 { return n << 60 }}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		choice := int(data[0])
		table := New[uint64, int](Options[uint64]{
			Probing: Probing(choice % 4), Growth: rules[choice/4%len(rules)], Hash: functions[choice/28%len(functions)],
			Compact: choice >= 140,
		})
		var order []uint64
		want := map[uint64]int{}
		for i := 1; i+1 < len(data); i += 2 {
			key := uint64(data[i+1])
			value, there := want[key]
			switch data[i] % 4 {
			case 0, 3:
				if isNew := table.Set(key, i); isNew == there {
					t.Fatalf("Set of %d tells %v", key, isNew)
				}
				want[key] = i
				if !there {
					order = append(order, key)
				}
			case 1:
				if v, ok := table.Get(key); v != value || ok != there {
					t.Fatalf("Get of %d is %d, %v; not %d, %v", key, v, ok, value, there)
				}
				if path, ok := table.Path(key); ok != there || len(path) == 0 {
					t.Fatalf("Path of %d is %v, %v", key, path, ok)
				}
			case 2:
				if was := table.Delete(key); was != there {
					t.Fatalf("Delete of %d tells %v", key, was)
				}
				delete(want, key)
				order = slices.DeleteFunc(order, func(k uint64) bool { return k == key })
			}
		}
		equal(t, table, want)
		if table.options.Compact {
			compact(t, table, order)
		}
	})
}

// equal compares a table with a map, and its counts with its slots.
func equal(t *testing.T, table *Table[uint64, int], want map[uint64]int) {
	t.Helper()
	n := 0
	for k, v := range table.All() {
		if w, ok := want[k]; !ok || w != v {
			t.Fatalf("key %d is %d, not %d, %v", k, v, w, ok)
		}
		n++
	}
	for k, w := range want {
		if v, ok := table.Get(k); !ok || v != w {
			t.Fatalf("key %d is lost", k)
		}
	}
	states := map[State]int{}
	for _, s := range table.Slots() {
		states[s.State]++
	}
	if n != len(want) || table.Len() != n || states[Used] != n || states[Deleted] != table.deleted {
		t.Fatalf("%d keys, Len %d, states %v, deleted %d; not %d", n, table.Len(), states, table.deleted, len(want))
	}
	if full := table.used + table.deleted; !table.options.Compact && full > max(table.limit, 1) && table.limit < table.slots {
		t.Fatalf("%d used, %d deleted of %d slots: the limit is %d", table.used, table.deleted, table.slots, table.limit)
	}
}

// compact checks the order of a compact table, and that its entries and its index say
// the same.
func compact(t *testing.T, table *Table[uint64, int], order []uint64) {
	t.Helper()
	at := 0
	for k := range table.All() {
		if at >= len(order) || order[at] != k {
			t.Fatalf("key %d of %v is %d", at, order, k)
		}
		at++
	}
	for _, s := range table.Slots() {
		if e := table.entries[max(s.Entry, 0):]; s.State == Used && (e[0].key != s.Key || e[0].state != Used) {
			t.Fatalf("slot %+v has entry %+v", s, e[0])
		}
	}
	if len(table.entries) > max(table.slots, 1) {
		t.Fatalf("%d entries in %d slots", len(table.entries), table.slots)
	}
}
