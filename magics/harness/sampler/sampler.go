package sampler

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"hpgo/magics/quantity"
)

// The rates that are used when none is asked for, in Hz. They are a little beside
// round numbers, so that code which does something 1,000 times a second isn't
// always met at the same place.
const (
	perfRate = 3989
	wallRate = 997
)

// MaxRate is the most samples per second that can be asked for.
const MaxRate = 20_000

// Options say how to sample.
type Options struct {
	Rate float64 `json:"rate,omitempty"` // samples per second; 0: 4,000 of CPU time, 1,000 of wall time
	Wall bool    `json:"wall,omitempty"` // goroutines, running and waiting, in place of the CPU
	// Source asks for "perf" or "sigprof"; empty: the best that works.
	Source string `json:"source,omitempty"`
	// Cycles asks for the CPU's cycles in place of its clock where it counts them: a
	// sample is then nearer to the instruction that took the time.
	Cycles bool `json:"cycles,omitempty"`
}

// source is one way to sample.
type source interface {
	// stop ends it; its stacks are whole then.
	stop() error
	// pause stops looking, or begins again. It reports whether it can: a source that
	// can't goes on.
	pause(yes bool) bool
	// count is the number of samples so far.
	count() int64
	// tally returns what was seen; it may be called while sampling goes on.
	tally() *tally
	// spent is the CPU time that the sampling itself has used in the process.
	spent() used
	// describe fills in what the source knows of itself.
	describe(s *Samples)
}

// Sampler is a sampling that goes on. Its methods may be called from any
// goroutine.
type Sampler struct {
	source   source
	rate     float64 // asked for
	warnings []string

	mu      sync.Mutex
	begin   moment // of the span that goes on
	spans   span   // that are over
	paused  bool
	ended   bool
	failure error
}

// Start begins to sample the process. One Sampler at a time is meant to run:
// runtime/pprof allows for one CPU profile. The error names what the machine
// refuses.
func Start(o Options) (*Sampler, error) {
	if !(o.Rate >= 0 && o.Rate <= MaxRate) {
		return nil, fmt.Errorf("sample %g times a second: it must be at most %d", o.Rate, MaxRate)
	}
	s := &Sampler{}
	if o.Wall {
		s.source = watchGoroutines(orDefault(o.Rate, wallRate))
		s.begin = s.now()
		return s, nil
	}
	var refused error
	if o.Cycles && o.Source == "" {
		if p, err := openCycles(orDefault(o.Rate, perfRate), os.Getpid(), newLeafCallers()); err == nil {
			s.source, s.rate = p, p.rate
			s.begin = s.now()
			return s, p.enable()
		}
	}
	if o.Source != "sigprof" {
		p, err := openPerf(orDefault(o.Rate, perfRate), os.Getpid(), newLeafCallers())
		if err == nil {
			s.source, s.rate = p, p.rate
			s.begin = s.now()
			return s, p.enable()
		}
		if o.Source == "perf" {
			return nil, err
		}
		refused = err
	}
	p, err := startSigprof(o.Rate)
	if err != nil {
		return nil, fmt.Errorf("sample: %w", errors.Join(refused, err))
	}
	if refused != nil {
		s.warnings = append(s.warnings, fmt.Sprintf("sampled by SIGPROF, %d times a second at most: %v", p.rate, refused))
	}
	s.source, s.rate = p, float64(p.rate)
	s.begin = s.now()
	return s, nil
}

func orDefault(rate, usual float64) float64 {
	if rate == 0 {
		return usual
	}
	return rate
}

// Count is about how many samples there are so far; it is cheap.
func (s *Sampler) Count() int64 { return s.source.count() }

// CountIn is how many samples so far have a function that match accepts among
// their frames. SIGPROF shows its samples at the end only: there it is 0 before.
func (s *Sampler) CountIn(match func(function string) bool) int64 {
	all := s.Snapshot()
	yes := make([]bool, len(all.Funcs))
	for i, f := range all.Funcs {
		yes[i] = match(f.Name)
	}
	n := int64(0)
	for _, st := range all.Stacks {
		for _, f := range st.Frames {
			if yes[all.Frames[f].Func] {
				n += st.Count
				break
			}
		}
	}
	return n
}

// Stop ends the sampling and returns all samples. Further calls return the same.
func (s *Sampler) Stop() Samples {
	s.mu.Lock()
	if !s.ended {
		s.spans = s.soFar()
		s.ended = true
		s.failure = s.source.stop()
	}
	s.mu.Unlock()
	return s.Snapshot()
}

// pause ends a span: what comes is not sampled, and no part of the times. It reports
// when that was and whether it is so: SIGPROF may go on.
func (s *Sampler) pause() (moment, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if s.ended || s.paused || !s.source.pause(true) {
		return now, s.paused
	}
	s.spans, s.paused = s.spans.plus(s.begin.until(now)), true
	return now, true
}

// resume begins a span after pause and reports when.
func (s *Sampler) resume() moment {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended || !s.paused {
		return s.now()
	}
	s.source.pause(false)
	s.paused, s.begin = false, s.now()
	return s.begin
}

func (s *Sampler) isPaused() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.paused
}

// soFar is the sum of the spans up to now. The caller holds mu.
func (s *Sampler) soFar() span {
	if s.ended || s.paused {
		return s.spans
	}
	return s.spans.plus(s.begin.until(s.now()))
}

// Snapshot returns the samples so far, while the sampling goes on.
func (s *Sampler) Snapshot() Samples {
	s.mu.Lock()
	all, failure := s.soFar(), s.failure
	s.mu.Unlock()
	out := Samples{User: all.used.user.Seconds(), Sys: all.used.sys.Seconds(), Elapsed: all.wall.Seconds()}
	out.Warnings = append(out.Warnings, s.warnings...)
	if failure != nil {
		out.Warnings = append(out.Warnings, "the sampling ended early: "+failure.Error())
	}
	s.source.describe(&out)
	t := s.source.tally().copied()
	out.Count, out.Cut = t.samples, t.cut
	t.fill(&out)
	if out.Cut*100 > out.Count {
		out.Warnings = append(out.Warnings, fmt.Sprintf("of %s %s had more frames than the system tells of: the outermost functions miss them in what they took with their callees", quantity.Counted(out.Count, "sample"), quantity.Count(out.Cut)))
	}
	out.scale(t)
	s.judge(&out)
	return out
}

// judge warns of samples that are missing for no reason that the source knows:
// each thread has its own clock, so one that ends before its first period is over
// isn't seen at all.
func (s *Sampler) judge(out *Samples) {
	const few, enough = 0.6, 100 // of what is due; of samples, below which chance decides
	if due := s.rate * out.Total(); due > enough && float64(out.Count+out.Lost) < few*due {
		out.Warnings = append(out.Warnings, fmt.Sprintf("%s where %s were due: threads that live for less than %s of CPU time aren't seen", quantity.Counted(out.Count, "sample"), quantity.Count(int64(due)), quantity.Seconds(1/s.rate, 2)))
	}
}

// scale gives each stack its share of the time, and finds the rate.
func (s *Samples) scale(t *tally) {
	if s.Wall {
		if s.Elapsed > 0 {
			s.Rate = float64(t.looks) / s.Elapsed
		}
		// The stacks were weighted while they were seen. The time after the last look
		// is no other than that before.
		if t.looked > 0 {
			for i := range s.Stacks {
				s.Stacks[i].Seconds *= s.Elapsed / t.looked.Seconds()
			}
		}
		return
	}
	total := s.Total()
	if total > 0 {
		s.Rate = float64(s.Count+s.Lost) / total
	}
	for i := range s.Stacks {
		s.Stacks[i].Seconds = total * float64(s.Stacks[i].Count) / float64(s.Count)
	}
}

// moment is what the process has used at a time, without the sampling.
type moment struct {
	at   time.Time
	used used
}

func (s *Sampler) now() moment {
	return moment{time.Now(), usedBy(processUsage).minus(s.source.spent())}
}

// used is CPU time, in the program and in the kernel for it.
type used struct{ user, sys time.Duration }

func (u used) minus(v used) used { return used{u.user - v.user, u.sys - v.sys} }

// until is the span from one moment to another.
func (m moment) until(end moment) span { return span{end.at.Sub(m.at), end.used.minus(m.used)} }

// span is a time and what the process used in it, without the sampling.
type span struct {
	wall time.Duration
	used used
}

func (s span) plus(t span) span {
	return span{s.wall + t.wall, used{s.used.user + t.used.user, s.used.sys + t.used.sys}}
}
