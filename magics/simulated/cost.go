package simulated

// What callgrind counts, in the order of its events.
const (
	ir   = iota // instructions
	dr          // reads of data
	dw          // writes
	i1mr        // misses of the first cache of code
	d1mr        // misses of the first cache of data, by reads
	d1mw        // and by writes
	ilmr        // misses of the last cache
	dlmr
	dlmw
	bc  // conditional jumps
	bcm // mispredicted
	bi  // indirect jumps
	bim // mispredicted
	kinds
)

var kindNames = [kinds]string{"Ir", "Dr", "Dw", "I1mr", "D1mr", "D1mw", "ILmr", "DLmr", "DLmw", "Bc", "Bcm", "Bi", "Bim"}

// Cost is what a piece of code was counted for.
type Cost [kinds]uint64

// Instructions is how many were executed.
func (c Cost) Instructions() uint64 { return c[ir] }

// References is how many accesses reached the last cache: misses of the first ones.
func (c Cost) References() uint64 { return c[i1mr] + c.D1Misses() }

// Misses is how many of these went to memory.
func (c Cost) Misses() uint64 { return c[ilmr] + c[dlmr] + c[dlmw] }

// Branches is how many jumps depended on data: conditional and indirect ones.
func (c Cost) Branches() uint64 { return c[bc] + c[bi] }

// Mispredicted is how many of them the model's predictor got wrong.
func (c Cost) Mispredicted() uint64 { return c[bcm] + c[bim] }

// Loads and Stores are accesses to data.
func (c Cost) Loads() uint64  { return c[dr] }
func (c Cost) Stores() uint64 { return c[dw] }

// D1Misses is how many of these missed the first cache.
func (c Cost) D1Misses() uint64 { return c[d1mr] + c[d1mw] }

// Event is the count for an event of perf; false: the model has none for it.
func (c Cost) Event(name string) (uint64, bool) {
	switch name {
	case "instructions":
		return c[ir], true
	case "cache-references":
		return c.References(), true
	case "cache-misses":
		return c.Misses(), true
	case "branches":
		return c.Branches(), true
	case "branch-misses":
		return c.Mispredicted(), true
	case "L1-dcache-loads":
		return c[dr], true
	case "L1-dcache-load-misses":
		return c[d1mr], true
	case "L1-dcache-stores":
		return c[dw], true
	case "L1-dcache-store-misses":
		return c[d1mw], true
	case "L1-icache-loads":
		return c[ir], true
	case "L1-icache-load-misses":
		return c[i1mr], true
	case "LLC-loads":
		return c[i1mr] + c[d1mr], true
	case "LLC-load-misses":
		return c[ilmr] + c[dlmr], true
	case "LLC-stores":
		return c[d1mw], true
	case "LLC-store-misses":
		return c[dlmw], true
	}
	return 0, false
}

// Estimate is KCachegrind's estimate of cycles, a rule of thumb: one for an
// instruction, 10 for a mispredicted branch and for a miss of a first cache, 100 for
// one of the last.
func (c Cost) Estimate() uint64 {
	return c[ir] + 10*c.Mispredicted() + 10*c.References() + 100*c.Misses()
}

// Add adds another cost.
func (c *Cost) Add(d Cost) {
	for i, n := range d {
		c[i] += n
	}
}
