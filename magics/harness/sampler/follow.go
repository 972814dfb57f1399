package sampler

import "fmt"

// Target is another process to sample. Its code isn't known here, so that stacks
// stay addresses.
type Target struct {
	PID  int
	Rate float64 // samples per second of CPU time; 0: 4,000
	// Missing tells for an address of the target's code how far from the top of the
	// stack, in bytes, the return address lies that a walk along frame pointers
	// misses there: in functions that have no frame, or no frame yet. It is negative
	// where nothing is missed. IsCode tells code of the target from other addresses.
	// Both are called from one goroutine that isn't the caller's.
	Missing func(pc uintptr) int
	IsCode  func(pc uintptr) bool
}

// Following is a sampling of another process that goes on.
type Following struct{ perf *perf }

// Follow begins to sample all threads of a process, and those that they start. It
// takes the right to trace it: one's own processes, or root's.
func Follow(t Target) (*Following, error) {
	if !(t.Rate >= 0 && t.Rate <= MaxRate) {
		return nil, fmt.Errorf("sample %g times a second: it must be at most %d", t.Rate, MaxRate)
	}
	callers := leafCallers{known: map[uintptr]int{}, missing: t.Missing, isCode: t.IsCode}
	p, err := openPerf(orDefault(t.Rate, perfRate), t.PID, callers)
	if err != nil {
		return nil, fmt.Errorf("sample process %d: %w", t.PID, err)
	}
	if err := p.enable(); err != nil {
		return nil, fmt.Errorf("sample process %d: %w", t.PID, joinStop(p, err))
	}
	return &Following{p}, nil
}

// joinStop ends a sampling that failed.
func joinStop(p *perf, err error) error {
	_ = p.stop() // err says what is wrong
	return err
}

// Addresses is a stack of program counters of another process: the instruction that
// ran, then return addresses.
type Addresses struct {
	PCs   []uintptr
	Count int64 // samples
}

// Count is about how many samples there are so far.
func (f *Following) Count() int64 { return f.perf.count() }

// Seen returns the stacks so far, and with them the rate, the number of samples, what
// was lost and the warnings; Stacks, Frames and Funcs are empty. The CPU time is
// that of the samples, a period each.
func (f *Following) Seen() ([]Addresses, Samples) {
	s := Samples{Rate: f.perf.rate}
	f.perf.describe(&s)
	t := f.perf.tally().copied()
	s.Count, s.Cut = t.samples, t.cut
	s.User = float64(s.Count+s.Lost) / f.perf.rate
	all := make([]Addresses, 0, len(t.stacks))
	for _, st := range t.stacks {
		all = append(all, Addresses{st.pcs, st.count})
	}
	return all, s
}

// Stop ends the sampling. What was seen stays.
func (f *Following) Stop() error { return f.perf.stop() }
