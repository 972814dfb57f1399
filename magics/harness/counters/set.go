package counters

import (
	"errors"
	"fmt"
	"slices"
	"syscall"

	"hpgo/magics/harness/perfevent"
)

// readFormat is what reading an event gives.
const readFormat = perfevent.TotalTimeEnabled | perfevent.TotalTimeRunning

// perfEventOpen is Event.From of what performance events count.
const perfEventOpen = "perf_event_open"

// set is the events of all threads.
type set struct {
	sys    system
	events []counted
}

// counted is one event with what counts it.
type counted struct {
	asked
	Event
	fds     []fdOf
	instead source // where performance events don't tell; nil: they do, or nothing does
}

// fdOf is the event of one thread, on one kind of cores.
type fdOf struct {
	fd   int
	tid  uint32
	part int  // of Event.Parts
	led  bool // it counts while the one that leads its group does
}

// openSet makes events for all threads, which don't count yet. What can't be counted
// is said in the events.
func openSet(sys system, names []string) (*set, error) {
	s := &set{sys: sys}
	for _, name := range names {
		a, err := parse(name)
		if err != nil {
			return nil, err
		}
		s.events = append(s.events, counted{asked: a, Event: Event{Name: name, Source: a.listed.Source, Unit: a.listed.Unit}})
	}
	for i := range s.events {
		s.events[i].try(sys)
	}
	s.openAll()
	for i := range s.events {
		e := &s.events[i]
		if e.Refused != "" && e.flags == 0 && e.takeInstead(sys) {
			e.Refused = ""
		}
	}
	return s, nil
}

// try finds out whether an event can be counted, and how, with the calling thread.
func (e *counted) try(sys system) {
	cores := sys.coreTypes()
	if e.listed.Source == HW && len(cores) > 1 {
		for _, c := range cores {
			e.Parts = append(e.Parts, c.name)
		}
	}
	tid := sys.self()
	fd, err := e.open(sys, tid, 0, cores, perfevent.NoGroup)
	if perfevent.Refused(err) && e.listed.Source == HW && e.flags == 0 {
		e.flags = perfevent.ExcludeKernel
		if fd, err = e.open(sys, tid, 0, cores, perfevent.NoGroup); err == nil {
			e.Name += ":u"
		} else {
			e.flags = 0
		}
	}
	if err != nil {
		e.Refused = refusal(err, e.listed.Source)
		return
	}
	sys.close(fd)
	e.From = perfEventOpen
}

// open opens the event for a thread on one kind of cores.
func (e *counted) open(sys system, tid uint32, part int, cores []coreType, group int) (int, error) {
	attr := perfevent.Attr{Kind: e.listed.kind, Config: e.listed.config, ReadFormat: readFormat,
		Flags: perfevent.Disabled | perfevent.Inherit | perfevent.InheritByThread | perfevent.ExcludeHV | e.flags}
	if group != perfevent.NoGroup {
		attr.Flags &^= perfevent.Disabled
	}
	if len(e.Parts) > 0 {
		if attr.Kind == perfevent.Raw {
			attr.Kind = uint32(cores[part].number)
		} else {
			attr.Config |= cores[part].number << 32
		}
	}
	return sys.open(&attr, tid, group)
}

// attempts is how often openAll begins anew because threads were starting.
const attempts = 20

// openAll opens the events of all threads. One that starts meanwhile may inherit
// events or not, which depends on the thread that starts it: then all begins anew.
func (s *set) openAll() {
	for range attempts {
		before, err := s.sys.threads()
		if err != nil {
			s.refuseAll(err)
			return
		}
		if err := s.openThreads(before); err != nil {
			s.close()
			s.refuseAll(err)
			return
		}
		after, err := s.sys.threads()
		if err == nil && !slices.ContainsFunc(after, func(tid uint32) bool { return !slices.Contains(before, tid) }) {
			return
		}
		s.close()
	}
	s.refuseAll(fmt.Errorf("threads were starting all the time, so that it isn't known which are counted"))
}

// openThreads opens what can be counted, for each thread. The software events of a
// thread are a group, which begins and ends at once; hardware events could only count
// together if the CPU had counters for all.
func (s *set) openThreads(threads []uint32) error {
	cores, leaders := s.sys.coreTypes(), map[uint32]int{}
	for i := range s.events {
		e := &s.events[i]
		if e.Refused != "" {
			continue
		}
		err := e.openThreads(s.sys, threads, cores, leaders)
		switch {
		case errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE):
			return fmt.Errorf("no file descriptors are left: counting takes one for each event and thread, %d", len(s.events)*len(threads))
		case err != nil && e.listed.Source == SW:
			return err // others may be led by it
		case err != nil:
			e.refuse(s.sys, refusal(err, e.listed.Source))
		}
	}
	return nil
}

func (e *counted) openThreads(sys system, threads []uint32, cores []coreType, leaders map[uint32]int) error {
	for _, tid := range threads {
		for part := range max(1, len(e.Parts)) {
			leader, led := leaders[tid]
			if led = led && e.listed.Source == SW; !led {
				leader = perfevent.NoGroup
			}
			fd, err := e.open(sys, tid, part, cores, leader)
			if err == syscall.ESRCH {
				continue // it has ended
			}
			if err != nil {
				return err
			}
			if e.listed.Source == SW && !led {
				leaders[tid] = fd
			}
			e.fds = append(e.fds, fdOf{fd, tid, part, led})
		}
	}
	return nil
}

// refuse takes the event out.
func (e *counted) refuse(sys system, why string) {
	e.Refused, e.From = why, ""
	e.close(sys)
}

func (s *set) refuseAll(err error) {
	for i := range s.events {
		if e := &s.events[i]; e.Refused == "" {
			e.refuse(s.sys, err.Error())
		}
	}
}

// refusal says why an event can't be counted.
func refusal(err error, source string) string {
	why := perfevent.Why(err)
	switch {
	case err == syscall.EACCES:
		why = "the system forbids it: " + why
	case source == HW && (err == syscall.ENOENT || err == syscall.EOPNOTSUPP || err == syscall.ENODEV || err == syscall.EINVAL):
		why = noPMU // EINVAL says so of what a cache of the CPU doesn't do
	case err == syscall.ENOENT || err == syscall.EOPNOTSUPP || err == syscall.ENODEV:
		why = "this kernel doesn't count it"
	}
	if why == "" {
		return fmt.Sprintf("perf_event_open: %v", err)
	}
	return why
}

// noPMU is why hardware events are refused where there is none of the kind.
const noPMU = "this machine has no such counter"

// enable lets the events count, or stops them. As little as possible of this itself is
// to be counted: those of the calling thread come last, or first, and of these the
// clocks and what else the kernel counts, then the CPU's events in their order.
func (s *set) enable(yes bool) {
	order := s.order()
	if yes {
		slices.Reverse(order)
	}
	for _, fd := range order {
		// It fails for no event that was opened.
		_ = s.sys.enable(fd, yes)
	}
}

// order are the events in the order in which they are stopped.
func (s *set) order() []int {
	self := s.sys.self()
	var parts [4][]int // software and hardware of the calling thread, of others
	for i := range s.events {
		for _, f := range s.events[i].fds {
			k := 0
			if f.led {
				continue
			}
			if s.events[i].listed.Source == HW {
				k++
			}
			if f.tid != self {
				k += 2
			}
			parts[k] = append(parts[k], f.fd)
		}
	}
	return slices.Concat(parts[:]...)
}

// read is the readings of each event, by its parts.
func (s *set) read() ([][]reading, error) {
	all := make([][]reading, len(s.events))
	for i := range s.events {
		e := &s.events[i]
		all[i] = make([]reading, max(1, len(e.Parts)))
		for _, f := range e.fds {
			r, err := s.sys.read(f.fd)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", e.Name, err)
			}
			all[i][f.part] = all[i][f.part].plus(r)
		}
	}
	return all, nil
}

func (s *set) close() {
	for i := range s.events {
		s.events[i].close(s.sys)
	}
}

func (e *counted) close(sys system) {
	for _, f := range e.fds {
		sys.close(f.fd)
	}
	e.fds = nil
}

// value makes a count of what the parts of an event read in a run. Of several kinds
// of cores a thread runs on one at a time, so their times add up to that for which
// it was counted at all.
func value(parts []reading) Value {
	var v Value
	for _, r := range parts {
		v.Count += float64(r.count)
		v.Running += float64(r.running) / 1e9
		v.Enabled = max(v.Enabled, float64(r.enabled)/1e9)
	}
	switch {
	case v.Running == 0:
		v.None = true
	case v.Running < v.Enabled:
		v.Count *= v.Enabled / v.Running
	}
	return v
}
