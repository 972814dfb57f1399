package sampler

import (
	"encoding/binary"
	"errors"
	"fmt"
	"syscall"

	"hpgo/magics/harness/perfevent"
)

// Numbers of linux/perf_event.h for events that sample.
const (
	sampleTID        = 1 << 1
	sampleCallchain  = 1 << 5
	sampleStackUser  = 1 << 13
	sampleIdentifier = 1 << 16

	recordLost     = 2
	recordThrottle = 5
	recordSample   = 9

	contextMark = 1<<64 - 4095 // call chains have marks from here on
)

// topBytes is how much of the stack comes with a sample: the return address of a
// function that has no frame, or has just begun to make one.
const topBytes = 16

// attr describes the event. The clock is the time that a thread runs, in ns.
func (p *perf) attr() perfevent.Attr {
	a := perfevent.Attr{Kind: perfevent.Software, Config: perfevent.CPUClock,
		SamplePeriod: uint64(1e9 / p.rate),
		SampleType:   sampleIdentifier | sampleTID | sampleCallchain | sampleStackUser, SampleStackUser: topBytes,
		Flags: perfevent.Disabled | perfevent.Inherit | perfevent.InheritByThread | perfevent.ExcludeHV | perfevent.NoKernelChain}
	if p.cycles { // the kernel finds out how many of them make the rate
		a.Kind, a.Config, a.SamplePeriod = perfevent.Hardware, perfevent.Cycles, uint64(p.rate)
		a.Flags |= perfevent.Frequency
	}
	return a
}

// openEvent opens the event for a thread on a CPU, without the time in the kernel
// where the kernel insists on that. attr keeps what was given up.
func openEvent(attr *perfevent.Attr, tid uint32, cpu int) (int, error) {
	fd, err := perfevent.Open(attr, tid, cpu, perfevent.NoGroup)
	if perfevent.Refused(err) && attr.Flags&perfevent.ExcludeKernel == 0 {
		attr.Flags |= perfevent.ExcludeKernel
		fd, err = perfevent.Open(attr, tid, cpu, perfevent.NoGroup)
	}
	return fd, err
}

// explain says what an error of perf_event_open means, after so many events.
func explain(err error, events int) error {
	why := perfevent.Why(err)
	switch err {
	case syscall.EACCES:
		why += "; at 2 or less a process may sample itself"
	case syscall.ENOENT, syscall.EOPNOTSUPP, syscall.ENODEV:
		why = "this kernel can't sample cpu-clock"
	case syscall.EMFILE, syscall.ENFILE:
		why = noneLeft(events)
	}
	if why == "" {
		return fmt.Errorf("perf_event_open: %w", err)
	}
	return fmt.Errorf("perf_event_open: %w: %s", err, why)
}

// noneLeft says what it means that no more files can be opened.
func noneLeft(events int) string {
	return fmt.Sprintf("no file descriptors are left after %d events, one for each thread and CPU", events)
}

// explainRead says the same of an error of reading what the kernel tells in files.
func explainRead(err error, events int) error {
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		return fmt.Errorf("%w: %s", err, noneLeft(events))
	}
	return err
}

// sample is one record of the event.
type sample struct {
	id       uint64
	pid, tid uint32
	chain    []uintptr // the instruction, then return addresses
	top      []byte    // of the stack; may be short
	deep     bool      // the chain may have been cut off
}

// parseSample reads a record's body, whose layout follows from attr. It puts the
// chain into the memory of the one given.
func parseSample(b []byte, chain []uintptr) (s sample, ok bool) {
	s.chain = chain
	if len(b) < 24 {
		return s, false
	}
	s.id, s.pid, s.tid = word(b), binary.NativeEndian.Uint32(b[8:]), binary.NativeEndian.Uint32(b[12:])
	n := word(b[16:])
	b = b[24:]
	if n > uint64(len(b)/8) {
		return s, false
	}
	for i := range n {
		if pc := word(b[8*i:]); pc < contextMark {
			s.chain = append(s.chain, uintptr(pc))
		}
	}
	s.deep = len(s.chain) >= maxChain
	b = b[8*n:]
	if len(b) < 8 {
		return s, true
	}
	size := word(b)
	if b = b[8:]; size == 0 || size+8 > uint64(len(b)) {
		return s, true
	}
	s.top = b[:min(word(b[size:]), size)] // what was there to copy stands behind
	return s, true
}

// maxChain is how many frames the kernel follows by default
// (perf_event_max_stack).
const maxChain = 127

func word(b []byte) uint64 { return binary.NativeEndian.Uint64(b) }
