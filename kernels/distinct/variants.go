package distinct

import (
	"hash/maphash"
	"math/bits"
	"slices"
	"strings"

	"hpgo/kernels"
	"hpgo/kernels/schedule"
)

// list keeps the names that it has seen in a list, and looks through it for each.
func list(names []string) int {
	var seen []string
nextName:
	for _, name := range names {
		first, _, _ := strings.Cut(name, " ")
		for _, s := range seen {
			if s == first {
				continue nextName
			}
		}
		seen = append(seen, first)
	}
	return len(seen)
}

// contains is list with the loop of the standard library.
func contains(names []string) int {
	var seen []string
	for _, name := range names {
		first, _, _ := strings.Cut(name, " ")
		if !slices.Contains(seen, first) {
			seen = append(seen, first)
		}
	}
	return len(seen)
}

// boxed is list with values in interfaces, as Python has them.
func boxed(names []string) int {
	var seen []any
nextName:
	for _, name := range names {
		var first any
		first, _, _ = strings.Cut(name, " ")
		for _, s := range seen {
			if s == first {
				continue nextName
			}
		}
		seen = append(seen, first)
	}
	return len(seen)
}

// hinted tells the set how many names there can be.
func hinted(names []string) int {
	set := make(map[string]struct{}, len(names))
	for _, name := range names {
		first, _, _ := strings.Cut(name, " ")
		set[first] = struct{}{}
	}
	return len(set)
}

// asked looks before it writes, as one writes it who thinks of lists.
func asked(names []string) int {
	set := map[string]bool{}
	for _, name := range names {
		first, _, _ := strings.Cut(name, " ")
		if !set[first] {
			set[first] = true
		}
	}
	return len(set)
}

// sorted has equal names beside each other.
func sorted(names []string) int {
	firsts := make([]string, len(names))
	for i, name := range names {
		firsts[i], _, _ = strings.Cut(name, " ")
	}
	slices.Sort(firsts)
	return len(slices.Compact(firsts))
}

// insertion keeps the list sorted: it searches fast and moves half of it for each new
// name.
func insertion(names []string) int {
	var seen []string
	for _, name := range names {
		first, _, _ := strings.Cut(name, " ")
		if i, ok := slices.BinarySearch(seen, first); !ok {
			seen = slices.Insert(seen, i, first)
		}
	}
	return len(seen)
}

// table is a hash table of this one purpose: no values, no deletion, no growth. A slot
// has 32 bits of the hash, so that it rarely looks at a name in vain, and which name it
// is, plus 1.
func table(names []string) int {
	seed := maphash.MakeSeed()
	return tableBy(names, func(s string) uint64 { return maphash.String(seed, s) })
}

func tableBy(names []string, hash func(string) uint64) int {
	slots := make([]struct{ hash, name uint32 }, 1<<bits.Len(uint(2*len(names)))) // more than twice as many
	firsts := make([]string, 0, len(names))
	mask := uint64(len(slots) - 1)
nextName:
	for _, name := range names {
		first, _, _ := strings.Cut(name, " ")
		h := hash(first)
		at := h & mask
		for ; slots[at].name != 0; at = (at + 1) & mask {
			if slots[at].hash == uint32(h>>32) && firsts[slots[at].name-1] == first {
				continue nextName
			}
		}
		firsts = append(firsts, first)
		slots[at].hash, slots[at].name = uint32(h>>32), uint32(len(firsts))
	}
	return len(firsts)
}

// goroutines have a set for each CPU, which takes the names whose hash is its own: the
// sets need not be merged. All of them hash all names.
func goroutines(names []string) int {
	workers := kernels.Workers()
	seed, counts := maphash.MakeSeed(), make([]int, workers)
	schedule.Static(workers, workers, 1, func(lo, hi int) {
		for w := lo; w < hi; w++ {
			set := make(map[string]struct{}, len(names)/workers)
			for _, name := range names {
				first, _, _ := strings.Cut(name, " ")
				if maphash.String(seed, first)%uint64(workers) == uint64(w) {
					set[first] = struct{}{}
				}
			}
			counts[w] = len(set)
		}
	})
	sum := 0
	for _, c := range counts {
		sum += c
	}
	return sum
}
