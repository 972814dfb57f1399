package counters

import (
	"fmt"
	"slices"
	"syscall"
	"time"

	"hpgo/magics/harness/perfevent"
)

// fake is a machine whose counters the tests drive.
type fake struct {
	tids    []uint32
	starts  int      // threads that start with the next lists of threads
	gone    uint32   // a thread that ends before its events are opened
	enables []string // what was enabled and disabled, by thread
	cores   []coreType
	refuse  func(attr *perfevent.Attr) error // nil: everything is counted
	files   int                              // descriptors that are left; 0: as many as one likes
	moves   int64
	now     account
	events  map[int]*fakeEvent
	next    int
	running uint64 // percent of the time for which hardware events count; 0: 100
}

type fakeEvent struct {
	attr    perfevent.Attr
	tid     uint32
	also    []uint32 // threads that have inherited it
	leader  int
	enabled bool
	reading
}

func newFake() *fake { return &fake{tids: []uint32{1, 2, 3}, events: map[int]*fakeEvent{}, moves: -1} }

func (f *fake) threads() ([]uint32, error) {
	if f.starts > 0 {
		f.starts--
		f.tids = append(f.tids, uint32(len(f.tids)+1))
	}
	return slices.Clone(f.tids), nil
}

func (f *fake) self() uint32          { return 1 }
func (f *fake) coreTypes() []coreType { return f.cores }
func (f *fake) account() account      { return f.now }
func (f *fake) migrations() int64     { return f.moves }
func (f *fake) close(fd int)          { delete(f.events, fd) }

func (f *fake) open(attr *perfevent.Attr, tid uint32, group int) (int, error) {
	if f.refuse != nil {
		if err := f.refuse(attr); err != nil {
			return -1, err
		}
	}
	if tid == f.gone {
		return -1, syscall.ESRCH
	}
	if attr.Flags&perfevent.InheritByThread != 0 && attr.Flags&perfevent.Inherit == 0 {
		return -1, syscall.EINVAL
	}
	if f.files > 0 && len(f.events) >= f.files {
		return -1, syscall.EMFILE
	}
	f.next++
	f.events[f.next] = &fakeEvent{attr: *attr, tid: tid, leader: group}
	return f.next, nil
}

func (f *fake) enable(fd int, yes bool) error {
	f.events[fd].enabled = yes
	f.enables = append(f.enables, fmt.Sprintf("%d %v", f.events[fd].tid, yes))
	return nil
}

// start has a thread start another one.
func (f *fake) start(from, tid uint32) {
	f.tids = append(f.tids, tid)
	for _, e := range f.events {
		if e.attr.Flags&perfevent.Inherit != 0 && (e.tid == from || slices.Contains(e.also, from)) {
			e.also = append(e.also, tid)
		}
	}
}

func (f *fake) read(fd int) (reading, error) { return f.events[fd].reading, nil }

// work lets a thread run for a time on a kind of cores: each event counts a thousand
// for a second, hardware events for their part of the time, and clocks the time.
func (f *fake) work(tid uint32, core uint64, d time.Duration) {
	f.now.cpu += d
	f.now.user += d
	for _, e := range f.events {
		enabled := e.enabled
		if l := f.events[e.leader]; l != nil {
			enabled = l.enabled && e.attr.Flags&perfevent.Disabled == 0
		}
		if e.tid != tid && !slices.Contains(e.also, tid) || !enabled {
			continue
		}
		running := uint64(d)
		if e.attr.Kind != perfevent.Software && f.running > 0 {
			running = running * f.running / 100
		}
		e.reading.enabled += uint64(d)
		switch {
		case len(f.cores) > 0 && e.attr.Kind == perfevent.Hardware && e.attr.Config>>32 != core:
		case e.attr.Kind == perfevent.Software && (e.attr.Config == perfevent.TaskClock):
			e.count += running
			e.reading.running += running
		default:
			e.count += 1000 * running / uint64(time.Second)
			e.reading.running += running
		}
	}
}

// heard is what a loop reported.
type heard struct {
	events Events
	runs   []Run
	end    *End
}

func (h *heard) report(_ string, v any) {
	switch v := v.(type) {
	case Events:
		h.events = v
	case Run:
		h.runs = append(h.runs, v)
	case End:
		h.end = &v
	}
}

// loopOn is a loop on a machine, and what it reports.
func loopOn(f *fake, o Options) (*Loop, *heard) {
	var h heard
	return &Loop{sys: f, o: o, report: h.report}, &h
}

// onlySoftware refuses hardware events as a machine without counters does.
func onlySoftware(attr *perfevent.Attr) error {
	if attr.Kind != perfevent.Software {
		return syscall.ENOENT
	}
	return nil
}
