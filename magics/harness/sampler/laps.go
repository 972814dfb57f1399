package sampler

// Laps are complete runs of measured code and what they took together, by
// getrusage and the clock; what the sampling itself used is left out of it.
type Laps struct {
	Runs int     `json:"runs"`
	User float64 `json:"user"` // CPU time in s
	Sys  float64 `json:"sys"`  // the same in the kernel
	Wall float64 `json:"wall"` // s
}

// add counts a batch of runs.
func (l *Laps) add(runs int, s span) {
	l.Runs += runs
	l.User += s.used.user.Seconds()
	l.Sys += s.used.sys.Seconds()
	l.Wall += s.wall.Seconds()
}

// PerRun is what one run took: CPU time, without that in the kernel if userOnly says
// so, and wall time, in s. Without runs it is 0.
func (l Laps) PerRun(userOnly bool) (cpu, wall float64) {
	if l.Runs == 0 {
		return 0, 0
	}
	cpu = l.User
	if !userOnly {
		cpu += l.Sys
	}
	return cpu / float64(l.Runs), l.Wall / float64(l.Runs)
}

func (l Laps) minus(m Laps) Laps {
	return Laps{l.Runs - m.Runs, l.User - m.User, l.Sys - m.Sys, l.Wall - m.Wall}
}

// by is the ratio of one run to one of m, of wall or of CPU time; 0: there are none.
func (l Laps) by(m Laps, wall bool) float64 {
	a, aWall := l.PerRun(false)
	b, bWall := m.PerRun(false)
	if wall {
		a, b = aWall, bWall
	}
	if l.Runs == 0 || b <= 0 {
		return 0
	}
	return a / b
}

// with is the run with its samples. If there are plain runs, the seconds of the
// stacks become their shares of the time that as many plain runs take as were
// sampled.
func (r Run) with(s Samples) Run {
	cpu, wall := r.Plain.PerRun(s.UserOnly)
	n := float64(r.Sampled.Runs)
	switch {
	case s.Wall && s.Elapsed > 0 && wall > 0:
		s.rescale(wall*n/s.Elapsed, 1)
	case !s.Wall && s.Total() > 0 && cpu > 0:
		s.rescale(cpu*n/s.Total(), s.unmeasured())
	}
	r.Samples = s
	return r
}

// rescale multiplies the time that the stacks stand for by factor. Those of the
// measuring itself, whose time isn't that of any run, get none of it; the others
// have the share part of all samples.
func (s *Samples) rescale(factor, part float64) {
	s.Scale = factor
	kinds := s.kinds()
	for i := range s.Stacks {
		if st := &s.Stacks[i]; !s.Wall && s.isMeasuring(st.Frames, kinds) {
			st.Seconds = 0
		} else {
			st.Seconds *= factor / part
		}
	}
}

// unmeasured is the part of the samples that isn't of the measuring itself; 1 if
// there are no others.
func (s *Samples) unmeasured() float64 {
	kinds := s.kinds()
	own := int64(0)
	for _, st := range s.Stacks {
		if s.isMeasuring(st.Frames, kinds) {
			own += st.Count
		}
	}
	if own >= s.Count {
		return 1
	}
	return 1 - float64(own)/float64(s.Count)
}
