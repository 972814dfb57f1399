package sampler

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// childMode makes this test binary the process that a test is about.
const childMode = "HPGO_SAMPLER_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childMode) {
	case "":
		os.Exit(m.Run())
	case "refused":
		refusePerf()
	case "files":
		leaveFiles(10)
	case "none":
		leaveFiles(0)
	case "user":
		limit := syscall.Rlimit{Cur: 64 << 10, Max: 64 << 10}
		syscall.Setrlimit(8, &limit) // RLIMIT_MEMLOCK
		if err := syscall.Setuid(65534); err != nil {
			fmt.Println(err)
		}
	}
	s, err := Start(Options{})
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	splitWork(300 * time.Millisecond)
	got := s.Stop()
	fmt.Printf("%s %d of %d\n%s\n", got.Source, with(got, "splitWork"), got.Count, strings.Join(got.Warnings, "\n"))
}

// leaveFiles leaves so many descriptors to open, whatever was inherited open.
func leaveFiles(n uint64) {
	fd, err := syscall.Open("/dev/null", syscall.O_RDONLY, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	syscall.Close(fd)
	limit := syscall.Rlimit{Cur: uint64(fd) + n, Max: uint64(fd) + n}
	syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
}

// refusePerf makes the kernel refuse perf_event_open, as the seccomp profiles of
// containers do.
func refusePerf() {
	const (
		load, equal, ret = 0x20, 0x15, 0x06 // of classic BPF
		allow, refuse    = 0x7fff0000, 0x00050000 | uint32(syscall.EPERM)
	)
	program := []struct {
		code   uint16
		jt, jf uint8
		k      uint32
	}{{load, 0, 0, 0}, {equal, 0, 1, syscall.SYS_PERF_EVENT_OPEN}, {ret, 0, 0, refuse}, {ret, 0, 0, allow}}
	fprog := struct {
		n    uint16
		code unsafe.Pointer
	}{uint16(len(program)), unsafe.Pointer(&program[0])}
	runtime.LockOSThread()
	syscall.RawSyscall6(syscall.SYS_PRCTL, 38, 1, 0, 0, 0, 0) // PR_SET_NO_NEW_PRIVS
	const seccomp, setFilter, allThreads = 317, 1, 1
	if _, _, errno := syscall.RawSyscall(seccomp, setFilter, allThreads, uintptr(unsafe.Pointer(&fprog))); errno != 0 {
		fmt.Println("seccomp:", errno)
	}
	runtime.UnlockOSThread()
}

func TestRefused(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the filter is written for amd64")
	}
	perf, err := Start(Options{Source: "perf"})
	if err == nil {
		perf.Stop()
	}
	for _, tt := range []struct {
		mode  string
		perf  bool // it works all the same
		wants []string
	}{
		{"refused", false, []string{"SIGPROF", "seccomp profile", "250 times a second"}},
		{"files", false, []string{"SIGPROF", "no file descriptors are left"}},
		{"none", false, []string{"SIGPROF", "no file descriptors are left"}},
		{"user", err == nil, []string{"perf cpu-clock"}},
	} {
		if tt.mode == "user" && (!tt.perf || os.Getuid() != 0) {
			continue
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childMode+"="+tt.mode)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", tt.mode, err, out)
		}
		for _, w := range tt.wants {
			if !strings.Contains(string(out), w) {
				t.Errorf("%s: no %q in\n%s", tt.mode, w, out)
			}
		}
		// Taking the complaint away needs two descriptors.
		if tt.mode != "none" && strings.Contains(string(out), "cannot set cpu profile rate") {
			t.Errorf("%s: the runtime's complaint is in\n%s", tt.mode, out)
		}
		t.Logf("%s: %s", tt.mode, out)
	}
}

// What is written to standard error while the complaint is filtered arrives.
func TestComplaint(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	saved, err := syscall.Dup(2)
	if err != nil {
		t.Fatal(err)
	}
	syscall.Dup3(int(w.Fd()), 2, 0)
	withoutComplaint(func() error {
		fmt.Fprint(os.Stderr, "before\n"+complaint+"after\n")
		return nil
	})
	syscall.Dup3(saved, 2, 0)
	w.Close()
	var text [200]byte
	n, _ := r.Read(text[:])
	if got := string(text[:n]); got != "before\nafter\n" {
		t.Errorf("%q arrived", got)
	}
}

// record is a record of a ring.
func record(kind uint32, words ...uint64) []byte {
	b := binary.NativeEndian.AppendUint32(nil, kind)
	b = binary.NativeEndian.AppendUint16(b, 0)
	b = binary.NativeEndian.AppendUint16(b, uint16(8+8*len(words)))
	for _, w := range words {
		b = binary.NativeEndian.AppendUint64(b, w)
	}
	return b
}

// fakeRing is a ring of n bytes with records that begin at a position.
func fakeRing(n int, pos uint64, records ...[]byte) *ring {
	r := &ring{data: make([]byte, n), head: new(uint64), tail: new(uint64)}
	*r.tail, *r.head = pos, pos
	for _, rec := range records {
		for _, c := range rec {
			r.data[*r.head%uint64(n)] = c
			*r.head++
		}
	}
	return r
}

func TestRing(t *testing.T) {
	const pid, tid, child, reader = 7, 70, 71, 72
	thread := func(tid uint64) uint64 { return tid<<32 | pid }
	p := &perf{pid: pid, reader: reader, stacks: newTally(), owner: map[uint64]uint32{1: tid, 2: child}, direct: map[uint32]bool{tid: true, child: true}}
	p.callers.blind = true
	sample := func(id, thread uint64, pcs ...uint64) []byte {
		words := append([]uint64{id, thread, uint64(len(pcs) + 1), 1<<64 - 512}, pcs...)
		return record(recordSample, append(words, 16, 1, 2, 16)...)
	}
	records := [][]byte{
		sample(1, thread(tid), 10, 20),
		record(recordLost, 1, 5),
		sample(1, thread(tid), 10, 20),
		sample(1, thread(child), 10, 20), // inherited, and its own event has it too
		sample(2, thread(child), 30),
		sample(1, thread(99), 40), // inherited by a new thread
		sample(1, thread(reader), 50),
		sample(1, 1<<32|8, 60), // another process
		record(recordThrottle, 0, 0, 0),
		record(recordSample, 1, thread(tid), 1<<40), // broken
	}
	for pos := uint64(0); pos < 1024; pos += 8 { // records go around the end at every place
		p.stacks = newTally()
		p.lost.Store(0)
		p.slowed.Store(0)
		fakeRing(1024, pos, records...).read(p.take)
		var got []string
		for _, s := range p.stacks.copied().stacks {
			got = append(got, fmt.Sprint(s.pcs, s.count))
		}
		if want := []string{"[10 20] 2", "[30] 1", "[40] 1"}; !slices.Equal(got, want) || p.lost.Load() != 5 || p.slowed.Load() != 1 {
			t.Fatalf("at %d: %q, %d lost, %d throttled; want %q", pos, got, p.lost.Load(), p.slowed.Load(), want)
		}
	}
}

// A ring that nobody reads for a while overflows, and the kernel says by how much.
func TestOverflow(t *testing.T) {
	p, err := openPerf(MaxRate, os.Getpid(), newLeafCallers())
	if err != nil {
		t.Skip(err)
	}
	s := &Sampler{source: p}
	s.begin = s.now()
	p.stacks.mu.Lock() // the reader waits
	if err := p.enable(); err != nil {
		t.Fatal(err)
	}
	for before := usedBy(processUsage); usedBy(processUsage).minus(before).user < 400*time.Millisecond; {
		heavy(100_000)
	}
	p.stacks.mu.Unlock()
	got := s.Stop()
	expect := MaxRate * (got.User + got.Sys)
	if all := float64(got.Count + got.Lost); all > 1.1*expect {
		t.Errorf("%d samples and %d lost, expected about %.0f", got.Count, got.Lost, expect)
	}
	if !slices.ContainsFunc(got.Warnings, func(w string) bool { return strings.Contains(w, "lost: the machine") }) {
		t.Errorf("%d samples, %d lost, %.0f expected, but no warning: %q", got.Count, got.Lost, expect, got.Warnings)
	}
}

// Threads that come and go while the events are made are sampled once.
func TestChurn(t *testing.T) {
	quit := make(chan struct{})
	var threads sync.WaitGroup
	for range 4 {
		threads.Go(func() {
			for {
				select {
				case <-quit:
					return
				default:
				}
				var one sync.WaitGroup
				one.Go(func() {
					runtime.LockOSThread() // its thread ends with it
					heavy(100_000)
				})
				one.Wait()
			}
		})
	}
	s := start(t, Options{Source: "perf"})
	splitWork(300 * time.Millisecond)
	got := s.Stop()
	close(quit)
	threads.Wait()
	expect := (got.User + got.Sys) * perfRate
	if n := float64(got.Count + got.Lost); n > 1.15*expect || n < 0.6*expect {
		t.Errorf("%.0f samples of %.3f s, expected about %.0f", n, got.User+got.Sys, expect)
	}
	t.Logf("%d samples, %d lost, expected %.0f", got.Count, got.Lost, expect)
}

func TestExplain(t *testing.T) {
	for errno, want := range map[error]string{
		syscall.EACCES: "perf_event_paranoid is ", syscall.EPERM: "seccomp", syscall.ENOSYS: "built without", syscall.ENOENT: "can't sample",
		syscall.EMFILE: "after 12 events", syscall.EINVAL: "doesn't know", syscall.EIO: "input/output error",
	} {
		if got := explain(errno, 12).Error(); !strings.Contains(got, want) || !strings.HasPrefix(got, "perf_event_open: ") {
			t.Errorf("%v: %q", errno, got)
		}
	}
}

// Whatever stands in a ring or a profile, reading it ends.
func FuzzRecords(f *testing.F) {
	f.Add(record(recordSample, 1, 2, 3, 4, 5, 6, 16, 1, 2, 16))
	f.Add(record(recordLost, 1, 5))
	f.Fuzz(func(t *testing.T, data []byte) {
		p := &perf{stacks: newTally(), callers: newLeafCallers()}
		fakeRing(1<<16, 16, data[:min(len(data), 1<<15)]).read(p.take)
		fields(data, func(_ int, _ uint64, body []byte) error { return readSample(body, nil, func([]uintptr, []int64) {}) })
	})
}
