package hashtable

import "iter"

// Probing is the order in which a key's slots are tried. The first is its home.
type Probing uint8

const (
	// Linear tries the next slot, and the next: good for caches, bad where keys crowd.
	Linear Probing = iota
	// Triangular tries slots 1, 3, 6, 10... after home: every slot once, since their
	// number is a power of two.
	Triangular
	// Perturbed is CPython's: the next of slot i is 5i + perturb + 1, where perturb is
	// the hash, shifted right by 5 for each step. When nothing is left of it, the
	// sequence is a linear congruential generator, which visits every slot.
	Perturbed
	// Grouped tries the 8 slots of a group, and goes from group to group as Triangular
	// does from slot to slot: Go's maps, without the bytes that let them look at 8 slots
	// at once.
	Grouped
)

// String is the name as in tables.
func (p Probing) String() string {
	names := [...]string{"linear", "triangular", "perturbed", "groups of 8"}
	if int(p) < len(names) {
		return names[p]
	}
	return "unknown probing"
}

const (
	perturbShift = 5
	// perturbSteps is after how many steps nothing is left of a hash of 64 bits.
	perturbSteps = 64/perturbShift + 1
	groupBits    = 3
)

// walk is a place in a probe sequence.
type walk struct {
	probing Probing
	at      uint64 // slot
	mask    uint64 // number of slots - 1
	step    uint64
	perturb uint64
}

func (p Probing) start(hash, mask uint64) walk {
	w := walk{probing: p, at: hash & mask, mask: mask, perturb: hash}
	if p == Grouped {
		w.at = hash & (mask >> groupBits) << groupBits
	}
	return w
}

func (w *walk) next() {
	switch w.probing {
	case Triangular:
		w.step++
		w.at = (w.at + w.step) & w.mask
	case Perturbed:
		w.perturb >>= perturbShift
		w.at = (5*w.at + w.perturb + 1) & w.mask
	case Grouped:
		last := w.mask & (1<<groupBits - 1) // of a group
		if w.at&last != last {
			w.at++
			return
		}
		w.step++
		w.at = (w.at>>groupBits + w.step) & (w.mask >> groupBits) << groupBits
	default:
		w.at = (w.at + 1) & w.mask
	}
}

// longest is after how many slots a sequence has visited all of them.
func (p Probing) longest(slots int) int {
	if p == Perturbed {
		return slots + perturbSteps
	}
	return slots
}

// Sequence returns the slots that a hash tries in a table of slots, a power of two. It
// doesn't end.
func (p Probing) Sequence(hash uint64, slots int) iter.Seq[int] {
	return func(yield func(int) bool) {
		if slots <= 0 {
			return
		}
		for w := p.start(hash, uint64(slots-1)); yield(int(w.at)); w.next() {
		}
	}
}
