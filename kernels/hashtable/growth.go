package hashtable

import (
	"fmt"
	"math/bits"
)

// Growth is the rule of how full a table gets, and how large the next one is.
type Growth struct {
	Name  string
	Least int // slots of a new table, a power of two
	// Limit is how many of the slots may be in use or deleted. A table that a new key
	// would fill further grows before the key is placed.
	Limit func(slots int) int
	// Next is how many slots a table gets that has used keys and gets one more. What
	// isn't a power of two is rounded up to one.
	Next func(slots, used int) int
}

// Times multiplies the slots by a factor of 2, 4, 8... when more than a share of them
// would be full. A table that is mostly deleted slots stays as large as it is.
func Times(factor int, full float64) Growth {
	limit := func(slots int) int { return int(full * float64(slots)) }
	name := fmt.Sprintf("×%d, %.3g full", factor, full)
	return Growth{name, 8, limit, func(slots, used int) int { return grown(slots, used, factor, limit) }}
}

func grown(slots, used, factor int, limit func(int) int) int {
	if 2*(used+1) <= limit(slots) {
		return slots
	}
	return factor * slots
}

// CPythonDict is the rule of CPython's dict: at most 2/3 full; 3 slots or more for
// each key, rounded up to a power of two. It may shrink what many keys were deleted
// from. (GROWTH_RATE and USABLE_FRACTION in Objects/dictobject.c, 3.7 and later.)
func CPythonDict() Growth {
	return Growth{"dict", 8,
		func(slots int) int { return slots * 2 / 3 },
		func(_, used int) int { return max(8, 3*used) }}
}

// CPythonSet is the rule of CPython's set: at most 3/5 full; more than 4 slots for each
// key, more than 2 from 50,000 keys on. (set_add_entry and set_table_resize in
// Objects/setobject.c, 3.7 and later.) It grows when the key has been placed there,
// here before: what one sees between two calls is the same.
func CPythonSet() Growth {
	return Growth{"set", 8,
		func(slots int) int { return (3*(slots-1) - 1) / 5 },
		func(_, used int) int {
			if used+1 > 50_000 {
				return 2*(used+1) + 1
			}
			return 4*(used+1) + 1
		}}
}

// GoMap is the rule of Go's maps from 1.24 on, up to 1,024 slots: 8 slots that may all
// be full, then at most 7/8 full, twice as many. Larger maps are several such tables,
// which this one isn't. (internal/runtime/maps.)
func GoMap() Growth {
	limit := func(slots int) int {
		if slots <= 8 {
			return slots
		}
		return slots * 7 / 8
	}
	return Growth{"Go map", 8, limit, func(slots, used int) int { return grown(slots, used, 2, limit) }}
}

// orDefault is the rule, or what is usual in textbooks if it is empty.
func (g Growth) orDefault() Growth {
	if g.Limit == nil || g.Next == nil {
		return Times(2, 0.5)
	}
	return g
}

// first is how many slots a table for some keys begins with.
func (g Growth) first(keys int) int {
	slots := power(g.Least)
	for g.Limit(slots) < keys && slots < 4*keys { // a rule that never has room gets some
		slots *= 2
	}
	return slots
}

// next is how many slots a table of used keys gets for one more. There is an empty one
// for it, whatever the rule says.
func (g Growth) next(slots, used int) int {
	n := power(g.Next(slots, used))
	for n <= used || g.Limit(n) <= used && n < 4*(used+1) {
		n *= 2
	}
	return n
}

// power is the smallest power of two that isn't less than n.
func power(n int) int {
	if n <= 1 {
		return 1
	}
	return 1 << bits.Len(uint(n-1))
}
