package hashes

// Counts hashes keys into a table of slots, a power of two, and tells how many have
// their home in each.
func Counts[K any](hash func(K) uint64, keys []K, slots int) []int {
	counts := make([]int, slots)
	if slots == 0 {
		return counts
	}
	mask := uint64(slots - 1)
	for _, k := range keys {
		counts[hash(k)&mask]++
	}
	return counts
}

// Collisions is how many keys have a home that another key had before them.
func Collisions(counts []int) int {
	n := 0
	for _, c := range counts {
		n += max(0, c-1)
	}
	return n
}
