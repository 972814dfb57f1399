package hashtable

import (
	"fmt"

	"hpgo/kernels"
	"hpgo/kernels/hashes"
)

// Kernel is the subject.
var Kernel = &kernels.Subject[Words, []int64]{
	Name: "hashtable",
	Doc:  "keys placed and looked up, half of them in vain: hash functions, probing, how full",
	Unit: "lookup",
	Make: Make, Valid: valid,
	Ops:     func(w Words) float64 { return 2 * float64(len(w.Keys)) },
	Differs: func(_ Words, want, got []int64) string { return kernels.Same(want, got) },
	Sums:    sums,
	Sizes:   kernels.Sizes{Smoke: 100, Small: 676, Book: 17_576},
	Targets: []kernels.Target{{By: "Python", Row: "dict", Most: 1}},
	Variants: append([]kernels.Variant[Words, []int64]{
		row("map", "Go's own", Plain),
		row("map, size hint", "needn't grow", hinted),
		{Name: "list", Doc: "searched from the front", Func: list, Largest: 20_000},
		row("array", "a place for each word, no keys", array),
	}, tables()...),
}

func row(name, doc string, f func(Words) []int64) kernels.Variant[Words, []int64] {
	return kernels.Variant[Words, []int64]{Name: name, Doc: doc, Func: f}
}

// tables are rows of one Table each: first hash functions, with all else as in
// CPython; then ways of probing; then how full the table gets.
func tables() []kernels.Variant[Words, []int64] {
	var rows []kernels.Variant[Words, []int64]
	add := func(name, doc string, p Probing, g Growth, hash func() func(string) uint64) *kernels.Variant[Words, []int64] {
		rows = append(rows, row("table, "+name, doc, watched(func() Options[string] {
			return Options[string]{Hash: hash(), Probing: p, Growth: g}
		})))
		return &rows[len(rows)-1]
	}
	for _, h := range []struct {
		name, doc string
		hash      func() func(string) uint64
		largest   int // from where on collisions take too long; 0: none
	}{
		{"constant", "42 for all keys", always(hashes.Constant), 5000},
		{"first letter", "26 values", always(hashes.FirstLetter), 50_000},
		{"sum", "of the letters", always(hashes.Sum), 50_000},
		{"perfect", "the word as a number", always(hashes.Letters), 0},
		{"mixed", "the word as a number, multiplied", always(hashes.Mixed), 0},
		{"FNV-1a", "byte by byte", always(hashes.FNV1a), 0},
		{"SipHash-1-3", "as CPython's texts", func() func(string) uint64 { return hashes.SipHash13(1, 2) }, 0},
		{"maphash", "as Go's maps", hashes.Maphash, 0},
	} {
		add(h.name, h.doc+"; perturbed, growth as dict", Perturbed, CPythonDict(), h.hash).Largest = h.largest
	}
	for _, p := range []Probing{Linear, Triangular, Grouped} {
		add("FNV-1a, "+p.String(), "growth as dict", p, CPythonDict(), always(hashes.FNV1a))
		add("first letter, "+p.String(), "growth as dict", p, CPythonDict(), always(hashes.FirstLetter)).Largest = 20_000
	}
	for _, full := range []float64{0.25, 0.5, 0.75, 0.875, 0.97} {
		add(fmt.Sprintf("FNV-1a, linear, up to %g full", full), "twice as many slots", Linear, Times(2, full), always(hashes.FNV1a))
	}
	add("FNV-1a, linear, ×4", "four times as many slots when half full", Linear, Times(4, 0.5), always(hashes.FNV1a))
	rows = append(rows, row("table, FNV-1a, compact", "entries in the order of insertion, numbers in the slots, as dict", watched(func() Options[string] {
		return Options[string]{Hash: hashes.FNV1a, Probing: Perturbed, Growth: CPythonDict(), Compact: true}
	})))
	add("FNV-1a, groups of 8, growth as Go", "up to 7/8 full", Grouped, GoMap(), always(hashes.FNV1a))
	return rows
}

// always is a hash function without a seed.
func always(hash func(string) uint64) func() func(string) uint64 {
	return func() func(string) uint64 { return hash }
}

// valid tells what is wrong with words.
func valid(w Words) error {
	if len(w.Keys) != len(w.Missing) {
		return fmt.Errorf("%d keys, %d missing: there are as many of both", len(w.Keys), len(w.Missing))
	}
	seen := make(map[string]bool, 2*len(w.Keys))
	for i := range w.Keys {
		seen[w.Keys[i]], seen[w.Missing[i]] = true, true
	}
	if len(seen) != 2*len(w.Keys) {
		return fmt.Errorf("%d keys and missing words, %d of them different: all are", 2*len(w.Keys), len(seen))
	}
	return nil
}

// sums are how many were found and what their values add up to.
func sums(values []int64) []kernels.Sum {
	found, sum := 0, int64(0)
	for _, v := range values {
		if v != 0 {
			found, sum = found+1, sum+v
		}
	}
	return []kernels.Sum{{Name: "found", Value: float64(found)}, {Name: "sum of values", Value: float64(sum)}}
}
