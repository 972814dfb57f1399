package harness

// stealClock counts the time that a virtual machine's host gave to others.
type stealClock struct {
	known         bool
	stolen, total int64 // ticks of all processors
}

// share is the part of the time since the reading c that was stolen; -1: unknown.
func (c stealClock) share(later stealClock) float64 {
	if !c.known || !later.known || later.total <= c.total {
		return -1
	}
	return float64(later.stolen-c.stolen) / float64(later.total-c.total)
}
