package sampler

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"syscall"
	"time"
)

// sigprof samples with the CPU profile of runtime/pprof. Its timers fire at the
// kernel's ticks: asked for more than there are it gets no more samples, but
// pprof would count each as if it had. So the rate is that of the ticks at most,
// and of the profile only the counts are read.
type sigprof struct {
	rate   int
	out    bytes.Buffer
	timers sigprofTimers
	mu     sync.Mutex
	before used  // of the process, less what it used in pauses
	held   *used // when the pause began
	stacks *tally
	ended  bool
}

// usualTicks is the ticks of most kernels (CONFIG_HZ) in Hz, where more can't be
// found out.
const usualTicks = 250

// startSigprof starts the profile.
func startSigprof(rate float64) (*sigprof, error) {
	p := &sigprof{rate: usualTicks, stacks: newTally(), before: usedBy(processUsage)}
	if rate > 0 && rate < usualTicks {
		p.rate = max(int(rate), 1)
	}
	err := withoutComplaint(func() error {
		// StartCPUProfile asks for 100 a second, and the runtime refuses that
		// since a rate is set; it says so on standard error (go.dev/issue/40094).
		runtime.SetCPUProfileRate(p.rate)
		return pprof.StartCPUProfile(&p.out)
	})
	if err != nil {
		return nil, fmt.Errorf("SIGPROF: %w", err)
	}
	return p, nil
}

// complaint is what the runtime writes although all is well.
const complaint = "runtime: cannot set cpu profile rate until previous profile has finished.\n"

// withoutComplaint runs f and passes on what the process wrote to standard error
// meanwhile, but for the complaint.
func withoutComplaint(f func() error) error {
	r, w, err := os.Pipe()
	if err != nil {
		return f()
	}
	defer r.Close()
	saved, err := syscall.Dup(syscall.Stderr)
	if err != nil {
		w.Close()
		return f()
	}
	defer syscall.Close(saved)
	syscall.CloseOnExec(saved)
	syscall.Dup3(int(w.Fd()), syscall.Stderr, 0)
	err = f()
	syscall.Dup3(saved, syscall.Stderr, 0)
	w.Close()
	var text bytes.Buffer
	text.ReadFrom(r)
	os.Stderr.WriteString(strings.Replace(text.String(), complaint, "", 1))
	return err
}

// count estimates the samples by the CPU time.
func (p *sigprof) count() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return p.stacks.samples
	}
	now := usedBy(processUsage)
	if p.held != nil {
		now = *p.held
	}
	return int64(now.cpuSince(p.before) * time.Duration(p.rate) / time.Second)
}

// pause holds the timers: to end a profile takes runtime/pprof a tenth of a second
// and more.
func (p *sigprof) pause(yes bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := usedBy(processUsage)
	switch {
	case yes:
		if !p.timers.hold() {
			return false
		}
		p.held = &now
	case p.held != nil:
		p.before = now.minus(p.held.minus(p.before))
		p.held = nil
		p.timers.release()
	}
	return true
}

func (p *sigprof) tally() *tally { return p.stacks }
func (p *sigprof) spent() used   { return used{} } // it isn't known

func (p *sigprof) stop() error {
	pprof.StopCPUProfile()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	err := readProfile(p.out.Bytes(), func(pcs []uintptr, values []int64) {
		if len(values) > 0 && values[0] > 0 { // the number of samples
			p.stacks.add(pcs, rawStack{count: values[0]})
		}
	})
	if err != nil {
		return fmt.Errorf("read the CPU profile: %w", err)
	}
	return nil
}

// SourceSigprof is the Source of samples by SIGPROF.
const SourceSigprof = "SIGPROF"

func (p *sigprof) describe(s *Samples) { s.Source = SourceSigprof }
