package lookup

import (
	"iter"
	"math/bits"
	"slices"
	"sort"
	"strings"
)

// each looks up all names with one function.
func each(find func(b *Book, name string) int64) func(Book) []int64 {
	return func(b Book) []int64 {
		numbers := make([]int64, len(b.Lookups))
		for i, name := range b.Lookups {
			numbers[i] = find(&b, name)
		}
		return numbers
	}
}

// scan looks at one entry after another.
func scan(b *Book, name string) int64 {
	for i := range b.Entries {
		if b.Entries[i].Name == name {
			return b.Entries[i].Number
		}
	}
	return Absent
}

// scanAll doesn't stop where it has found the name.
func scanAll(b *Book, name string) int64 {
	number := int64(Absent)
	for i := range b.Entries {
		if b.Entries[i].Name == name {
			number = b.Entries[i].Number
		}
	}
	return number
}

// scanKept has all answers before it asks whether one is yes: Python's any of a list.
func scanKept(b *Book, name string) int64 {
	is := make([]bool, len(b.Entries))
	for i := range b.Entries {
		is[i] = b.Entries[i].Name == name
	}
	if i := slices.Index(is, true); i >= 0 {
		return b.Entries[i].Number
	}
	return Absent
}

// scanIterator asks an iterator for the entries, which the compiler inlines.
func scanIterator(b *Book, name string) int64 {
	for n, number := range all(b) {
		if n == name {
			return number
		}
	}
	return Absent
}

func all(b *Book) iter.Seq2[string, int64] {
	return func(yield func(string, int64) bool) {
		for i := range b.Entries {
			if !yield(b.Entries[i].Name, b.Entries[i].Number) {
				return
			}
		}
	}
}

// scanFunc has a function from outside compare.
func scanFunc(b *Book, name string) int64 {
	if i := slices.IndexFunc(b.Entries, func(e Entry) bool { return e.Name == name }); i >= 0 {
		return b.Entries[i].Number
	}
	return Absent
}

// scanBoxed has the book as Python has it: a list of pairs, everything in interfaces.
func scanBoxed(b Book) []int64 {
	list := make([]any, len(b.Entries))
	for i, e := range b.Entries {
		list[i] = []any{e.Name, e.Number}
	}
	numbers := make([]int64, len(b.Lookups))
	for i, name := range b.Lookups {
		numbers[i] = boxed(list, name).(int64)
	}
	return numbers
}

func boxed(list []any, name any) any {
	for _, pair := range list {
		if pair.([]any)[0] == name {
			return pair.([]any)[1]
		}
	}
	return int64(Absent)
}

// byHand compares in three ways at each step, as the sources' listing does.
func byHand(b *Book, name string) int64 {
	lo, hi := 0, len(b.sorted)
	for lo < hi {
		middle := int(uint(lo+hi) >> 1)
		switch e := &b.sorted[middle]; strings.Compare(e.Name, name) {
		case 0:
			return e.Number
		case -1:
			lo = middle + 1
		default:
			hi = middle
		}
	}
	return Absent
}

func searchFunc(b *Book, name string) int64 { return searched(b.sorted, name) }

// searched finds a name in sorted entries.
func searched(sorted []Entry, name string) int64 {
	i, ok := slices.BinarySearchFunc(sorted, name, func(e Entry, name string) int { return strings.Compare(e.Name, name) })
	if !ok {
		return Absent
	}
	return sorted[i].Number
}

func sortSearch(b *Book, name string) int64 {
	i := sort.Search(len(b.sorted), func(i int) bool { return b.sorted[i].Name >= name })
	if i == len(b.sorted) || b.sorted[i].Name != name {
		return Absent
	}
	return b.sorted[i].Number
}

// searchNames has less memory between the names that it compares.
func searchNames(b *Book, name string) int64 {
	i, ok := slices.BinarySearch(b.names, name)
	if !ok {
		return Absent
	}
	return b.sorted[i].Number
}

// byLetter goes to the names with the same first letter and searches there.
func byLetter(b *Book, name string) int64 {
	c := first(name)
	return searched(b.sorted[b.letters[c]:b.letters[c+1]], name)
}

// byPrefix searches numbers in place of texts, which lie elsewhere in memory, and
// halves without a branch that the CPU could guess wrong: a borrow is 1 where a number
// is less, and its negative is a mask.
func byPrefix(b *Book, name string) int64 {
	p, base := prefix(name), 0
	for n := len(b.prefixes); n > 0; {
		half := n - n>>1
		_, less := bits.Sub64(b.prefixes[base+half-1], p, 0)
		base += half & -int(less)
		n -= half
	}
	for ; base < len(b.names) && b.prefixes[base] == p; base++ {
		if b.names[base] == name {
			return b.sorted[base].Number
		}
	}
	return Absent
}

// building the index is part of the run.
func mapBuilt(b Book) []int64 {
	b.index = make(map[string]int64)
	for _, e := range b.Entries {
		b.index[e.Name] = e.Number
	}
	return Plain(b)
}

// hinted is mapBuilt with the number of entries told before.
func hinted(b Book) []int64 {
	b.index = make(map[string]int64, len(b.Entries))
	for _, e := range b.Entries {
		b.index[e.Name] = e.Number
	}
	return Plain(b)
}

// sorting the entries is part of the run.
func sortBuilt(b Book) []int64 {
	b.sorted = slices.Clone(b.Entries)
	slices.SortFunc(b.sorted, func(x, y Entry) int { return strings.Compare(x.Name, y.Name) })
	return each(searchFunc)(b)
}
