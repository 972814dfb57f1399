package lookup

import (
	"fmt"

	"hpgo/kernels"
)

// Kernel is the subject.
var Kernel = &kernels.Subject[Book, []int64]{
	Name: "lookup",
	Doc:  "numbers of names in a phone book: scans, binary searches, maps",
	Unit: "lookup",
	Make: Make, Valid: valid,
	Ops:     func(b Book) float64 { return float64(len(b.Lookups)) },
	Differs: func(_ Book, want, got []int64) string { return kernels.Same(want, got) },
	Sums:    sums,
	Sizes:   kernels.Sizes{Smoke: 100, Small: 10_000, Book: 100_000},
	Targets: []kernels.Target{{By: "Python", Row: "dict", Most: 1}},
	Variants: []kernels.Variant[Book, []int64]{
		row("map", "a hash table", Plain),
		upTo(1_000_000, row("scan", "one entry after another, up to the name", each(scan))),
		upTo(1_000_000, row("scan to the end", "as scan, without stopping", each(scanAll))),
		upTo(1_000_000, row("scan, answers kept", "a slice that says of each entry whether it is it, then a search in there", each(scanKept))),
		upTo(1_000_000, row("scan, iter.Seq2", "as scan, entries from an iterator", each(scanIterator))),
		upTo(1_000_000, row("scan, slices.IndexFunc", "as scan, a function compares", each(scanFunc))),
		upTo(100_000, row("scan, boxed", "as scan, pairs in interfaces, as in Python; they are boxed in the run", scanBoxed)),
		row("binary search", "by hand, three ways at each step", each(byHand)),
		row("slices.BinarySearchFunc", "a function compares entries", each(searchFunc)),
		row("sort.Search", "a function compares by index", each(sortSearch)),
		row("slices.BinarySearch", "names apart from numbers", each(searchNames)),
		row("first letter", "to the letter's names, then binary search", each(byLetter)),
		row("first 8 letters as a number", "binary search without branches, then the name", each(byPrefix)),
		row("map, building included", "a run builds the map, which grows", mapBuilt),
		row("map, building included, size hint", "a run builds the map, which needn't grow", hinted),
		row("sorting included", "a run sorts, then searches", sortBuilt),
	},
}

func row(name, doc string, f func(Book) []int64) kernels.Variant[Book, []int64] {
	return kernels.Variant[Book, []int64]{Name: name, Doc: doc, Func: f}
}

// upTo is a row that takes too long for larger books.
func upTo(largest int, v kernels.Variant[Book, []int64]) kernels.Variant[Book, []int64] {
	v.Largest = largest
	return v
}

// valid tells what is wrong with a book.
func valid(b Book) error {
	if len(b.sorted) != len(b.Entries) || len(b.names) != len(b.Entries) || len(b.prefixes) != len(b.Entries) || len(b.letters) != 257 {
		return fmt.Errorf("%d entries, %d of them sorted: make the book with Of", len(b.Entries), len(b.sorted))
	}
	if len(b.index) != len(b.Entries) {
		return fmt.Errorf("%d entries have %d names: each name is there once", len(b.Entries), len(b.index))
	}
	return nil
}

// sums are how many were found and what their numbers add up to.
func sums(numbers []int64) []kernels.Sum {
	found, sum := 0, int64(0)
	for _, n := range numbers {
		if n != Absent {
			found, sum = found+1, sum+n
		}
	}
	return []kernels.Sum{{Name: "found", Value: float64(found)}, {Name: "sum of numbers", Value: float64(sum)}}
}
