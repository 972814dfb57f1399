package profiling

import (
	"slices"
	"strings"

	"hpgo/magics/harness/sampler"
	"hpgo/magics/magic"
	"hpgo/magics/result"
)

// inKernel are functions whose innermost instruction is a system call.
var inKernel = []string{"internal/runtime/syscall/linux.Syscall6", "syscall.rawVforkSyscall", "syscall.rawSyscallNoError", "runtime.futex", "runtime.usleep", "runtime.madvise", "runtime.sysMmap", "runtime.sysMunmap",
	"runtime.mmap", "runtime.munmap", "runtime.read", "runtime.write1", "runtime.tgkill", "runtime.osyield"}

// kindOf tells for what a stack below a line was spent by its innermost functions:
// called are those that the line called, innermost first; none: the line itself ran.
func kindOf(called []string) func(*result.CprunTime) *float64 {
	has := func(prefixes ...string) bool { return has(called, prefixes...) }
	switch {
	case len(called) == 0:
		return func(t *result.CprunTime) *float64 { return &t.Go }
	case has("runtime.cgocall", "runtime.asmcgocall") || called[0] == "":
		return func(t *result.CprunTime) *float64 { return &t.Cgo }
	case slices.Contains(inKernel, called[0]):
		return func(t *result.CprunTime) *float64 { return &t.Kernel }
	case strings.HasPrefix(called[0], "internal/runtime/maps."):
		return func(t *result.CprunTime) *float64 { return &t.Map }
	case !strings.HasPrefix(called[0], "runtime.") && !strings.HasPrefix(called[0], "internal/runtime/"):
		return func(t *result.CprunTime) *float64 { return &t.Go }
	case has("runtime.gcAssist", "runtime.gcStart", "runtime.gcDrain", "runtime.gcWriteBarrier", "runtime.wbBuf", "runtime.gcBgMark", "runtime.bulkBarrier"):
		return func(t *result.CprunTime) *float64 { return &t.GC }
	case strings.HasPrefix(called[0], "runtime.memmove") || strings.HasPrefix(called[0], "runtime.typedmemmove") || called[0] == "runtime.duffcopy":
		return func(t *result.CprunTime) *float64 { return &t.Copy }
	case strings.HasPrefix(called[0], "runtime.memclr") || called[0] == "runtime.duffzero":
		return func(t *result.CprunTime) *float64 { return &t.Clear }
	case has("runtime.mallocgc", "runtime.newobject", "runtime.makeslice", "runtime.growslice", "runtime.(*mcache)", "runtime.(*mcentral)", "runtime.(*mheap)"):
		return func(t *result.CprunTime) *float64 { return &t.Malloc }
	case has("internal/runtime/maps.", "runtime.map"):
		return func(t *result.CprunTime) *float64 { return &t.Map }
	}
	return func(t *result.CprunTime) *float64 { return &t.Runtime }
}

// has reports whether the name of a function begins with one of the prefixes.
func has(called []string, prefixes ...string) bool {
	return slices.ContainsFunc(called, func(name string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
	})
}

// inSyscall reports whether a goroutine that was looked at is in a system call: what
// its stack then has innermost is where the runtime was told of that.
func inSyscall(called []string) bool {
	return len(called) > 0 && (slices.Contains(inKernel, called[0]) || strings.HasPrefix(called[0], "syscall.Syscall") || strings.HasPrefix(called[0], "syscall.RawSyscall"))
}

// waits reports whether a goroutine waits below a line.
func waits(called []string) bool {
	return slices.ContainsFunc(called, func(name string) bool {
		return name == "runtime.gopark" || name == "runtime.notetsleepg" || name == "time.Sleep"
	})
}

// lineTimes gives the time of each sample with a function on its stack to the line
// where the innermost of the function's frames is, by its kind. Of goroutines that were
// looked at what they waited counts, and what they were in C or in system calls.
func lineTimes(s sampler.Samples, f magic.Function) map[int]result.CprunTime {
	return timesBy(s, func(fn sampler.Func, line int) bool { return isIn(fn, line, f) })
}

// timesBy is lineTimes for the frames that own says.
func timesBy(s sampler.Samples, own func(fn sampler.Func, line int) bool) map[int]result.CprunTime {
	in := make([]bool, len(s.Frames))
	for i, fr := range s.Frames {
		in[i] = own(s.Funcs[fr.Func], fr.Line)
	}
	times := map[int]result.CprunTime{}
	for _, st := range s.Stacks {
		at := slices.IndexFunc(st.Frames, func(i int) bool { return in[i] })
		if at < 0 {
			continue
		}
		called := make([]string, at)
		for i, f := range st.Frames[:at] {
			called[i] = s.Name(f)
		}
		line := s.Frames[st.Frames[at]].Line
		t := times[line]
		switch {
		case !s.Wall:
			*kindOf(called)(&t) += st.Seconds
		case waits(called):
			t.Wait += st.Seconds
		case has(called, "runtime.cgocall"):
			t.Cgo += st.Seconds
		case inSyscall(called):
			t.Kernel += st.Seconds
		}
		times[line] = t
	}
	return times
}

// ranLeast is the part of its time for which a call of C or of the kernel uses the CPU,
// if it works. Where it does so for less, it waits: for a child, a terminal, a lock.
// The parts aren't subtracted, as other programs make calls longer that work.
const ranLeast = 0.1

// together are the times of lines on the CPU, with what goroutines waited there.
func together(running, looked map[int]result.CprunTime, runs, looks float64) map[int]result.CprunTime {
	all := map[int]result.CprunTime{}
	for line, t := range running {
		all[line] = scaled(t, 1/runs)
	}
	for line, t := range looked {
		t = scaled(t, 1/looks)
		ran := all[line]
		for _, kind := range []struct{ looked, ran float64 }{{t.Cgo, ran.Cgo}, {t.Kernel, ran.Kernel}} {
			if kind.ran < ranLeast*kind.looked {
				t.Wait += kind.looked - kind.ran
			}
		}
		ran.Wait += t.Wait
		all[line] = ran
	}
	return all
}

// foreignTime is the time of stacks that show nothing but code that isn't Go, in s.
func foreignTime(s sampler.Samples) float64 {
	sum := 0.0
	for _, st := range s.Stacks {
		if !slices.ContainsFunc(st.Frames, func(f int) bool { return s.Name(f) != "" }) {
			sum += st.Seconds
		}
	}
	return sum
}
