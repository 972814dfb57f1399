package schedule

import (
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestEachNumberOnce: whatever is divided among however many, no number is left out
// and none comes twice.
func TestEachNumberOnce(t *testing.T) {
	for _, s := range All {
		for _, n := range []int{-1, 0, 1, 2, 3, 7, 64, 1000, 1001} {
			for _, workers := range []int{-1, 0, 1, 2, 3, 8, 100} {
				for _, chunk := range []int{-1, 0, 1, 3, 64, 5000} {
					times := make([]atomic.Int32, max(n, 0))
					s.Run(n, workers, chunk, func(lo, hi int) {
						if lo >= hi {
							t.Errorf("%s: empty range [%d, %d)", s.Name, lo, hi)
						}
						for i := lo; i < hi; i++ {
							times[i].Add(1)
						}
					})
					for i := range times {
						if got := times[i].Load(); got != 1 {
							t.Fatalf("%s, n %d, %d workers, chunk %d: number %d came %d times", s.Name, n, workers, chunk, i, got)
						}
					}
				}
			}
		}
	}
}

// TestCrew: every part is run once, whatever number there is, however long ago the
// last call was, and in calls at the same time and in each other.
func TestCrew(t *testing.T) {
	once := func(workers int) {
		times := make([]atomic.Int32, max(workers, 1))
		Crew(workers, func(w int) {
			times[w].Add(1)
			if w == 1 {
				Crew(3, func(int) {})
			}
		})
		for w := range times {
			if got := times[w].Load(); got != 1 {
				t.Errorf("%d workers: part %d ran %d times", workers, w, got)
			}
		}
	}
	for _, pause := range []time.Duration{0, spun / 2, spun, 2 * spun, kept, 2 * kept} {
		for _, workers := range []int{-1, 0, 1, 2, 3, 9, 2} {
			once(workers)
			time.Sleep(pause)
		}
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for i := range 200 {
				once(i % 5)
			}
		})
	}
	all.Wait()
}

// TestCrewSlow: who waits for long parks, and is woken.
func TestCrewSlow(t *testing.T) {
	for range 20 {
		var ran atomic.Int32
		Crew(3, func(w int) {
			if w == 0 {
				time.Sleep(5 * spun)
			}
			ran.Add(1)
		})
		if ran.Load() != 3 {
			t.Fatalf("returned when %d of 3 had", ran.Load())
		}
	}
}

// TestCrewWakes: goroutines that have parked are woken, and don't find their work when
// their time is over.
func TestCrewWakes(t *testing.T) {
	took := make([]time.Duration, 21)
	for i := range took {
		Crew(3, func(int) {})
		time.Sleep(kept / 4)
		begin := time.Now()
		Crew(3, func(int) {})
		took[i] = time.Since(begin)
	}
	slices.Sort(took)
	if median := took[len(took)/2]; median > kept/2 {
		t.Errorf("calls take %v, and parked goroutines end after %v", median, kept)
	}
}

// TestCrewFails: a part that panics or ends its goroutine ends neither the program nor
// the crew, and nobody returns before the others have.
func TestCrewFails(t *testing.T) {
	for _, failing := range []int{0, 1, 2} { // 2 is the caller
		var ran atomic.Int32
		got := func() (v any) {
			defer func() { v = recover() }()
			Crew(3, func(w int) {
				if w == failing {
					panic(io.ErrUnexpectedEOF)
				}
				time.Sleep(2 * spun)
				ran.Add(1)
			})
			return nil
		}()
		err, _ := got.(error)
		if !errors.Is(err, io.ErrUnexpectedEOF) || ran.Load() != 2 {
			t.Errorf("part %d: panic %v when %d of 2 others had returned", failing, got, ran.Load())
		}
		if p, ok := got.(*PartPanic); ok == (failing == 2) || ok && (p.Worker != failing || !strings.Contains(string(p.Stack), "TestCrewFails")) {
			t.Errorf("part %d: panic %#v", failing, got)
		}
	}
	Crew(3, func(w int) {
		if w == 0 {
			runtime.Goexit()
		}
	})
	once := make([]atomic.Int32, 5)
	Crew(5, func(w int) { once[w].Add(1) })
	for w := range once {
		if once[w].Load() != 1 {
			t.Errorf("after that, part %d ran %d times", w, once[w].Load())
		}
	}
}

// TestCrewMany: more goroutines than CPUs that wait for each other don't keep those that
// have work from it, so that most waits end long before they would give up. Only the
// shortest of many counts: on a busy machine any may be long.
func TestCrewMany(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	meet := NewBarrier(2)
	for name, round := range map[string]func(){
		"calls":   func() { Crew(2, func(int) {}) },
		"barrier": func() { Crew(2, func(int) { meet.Wait() }) },
	} {
		shortest := time.Hour
		for range 500 {
			begin := time.Now()
			round()
			shortest = min(shortest, time.Since(begin))
		}
		if shortest >= spun {
			t.Errorf("%s: the shortest of 500 took %v, as long as a wait may", name, shortest)
		}
	}
}

// TestCrewEnds: goroutines without work don't stay.
func TestCrewEnds(t *testing.T) {
	Crew(8, func(int) {})
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(kept) {
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		if !strings.Contains(string(stacks), "(*hand).live") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("they are still there:\n%s", stacks)
		}
	}
}

// TestBarrier: nobody is a round ahead.
func TestBarrier(t *testing.T) {
	for _, n := range []int{1, 2, 3, 7} {
		b, rounds := NewBarrier(n), make([]atomic.Int32, n)
		Crew(n, func(w int) {
			for r := range 200 {
				rounds[w].Store(int32(r))
				if r%50 == w {
					time.Sleep(2 * spun)
				}
				b.Wait()
				for other := range rounds {
					if got := int(rounds[other].Load()); got < r || got > r+1 {
						t.Errorf("%d goroutines: one is in round %d after round %d", n, got, r)
					}
				}
			}
		})
	}
}

// TestBarrierLeave: who has left isn't waited for, whether the others wait already or not.
func TestBarrierLeave(t *testing.T) {
	for range 200 {
		const n = 5
		b, rounds := NewBarrier(n), [n]int{}
		Crew(n, func(w int) {
			defer b.Leave()
			for rounds[w] < 10*(w+1) { // one goes after the other, the caller last
				b.Wait()
				rounds[w]++
			}
		})
		for w, got := range rounds {
			if got != 10*(w+1) {
				t.Fatalf("part %d had %d rounds", w, got)
			}
		}
	}
	for _, failing := range []int{0, 2} { // 2 is the caller
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			b := NewBarrier(3)
			Crew(3, func(w int) {
				defer b.Leave()
				for r := range 10 {
					if w == failing && r == 5 {
						panic("failed")
					}
					b.Wait()
				}
			})
		}()
	}
}

func BenchmarkCrew(b *testing.B) {
	for b.Loop() {
		Crew(runtime.GOMAXPROCS(0), func(int) {})
	}
}

// BenchmarkStarted is the same with goroutines that are started.
func BenchmarkStarted(b *testing.B) {
	for b.Loop() {
		var all sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			all.Go(func() {})
		}
		all.Wait()
	}
}
