package pctable

import "testing"

func TestValue(t *testing.T) {
	// The value 8 for 4 units, 24 for 3 more, then -1: differences from -1 on, each
	// with its sign in the lowest bit.
	table := []byte{18, 4, 32, 3, 49, 200, 1, 0, 77}
	for _, c := range []struct {
		table           []byte
		offset, quantum uint64
		want            int
	}{
		{table, 0, 1, 8}, {table, 3, 1, 8}, {table, 4, 1, 24}, {table, 6, 1, 24}, {table, 7, 1, -1}, {table, 300, 1, -1},
		{table, 15, 4, 8}, {table, 16, 4, 24}, {table, 28, 4, -1},
		{nil, 0, 1, -1}, {[]byte{0x80}, 0, 1, -1}, {[]byte{2, 0x80}, 0, 1, -1}, {[]byte{2}, 0, 1, -1},
		{[]byte{0, 5, 2, 5}, 2, 1, -1}, // no change at the start isn't the end
		{[]byte{0, 5, 2, 5}, 7, 1, 0},
	} {
		if got := Value(c.table, c.offset, c.quantum); got != c.want {
			t.Errorf("%v at %d of quantum %d: %d, want %d", c.table, c.offset, c.quantum, got, c.want)
		}
	}
}
