package adapter

import (
	"fmt"
	"iter"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// counted is 0, 1, ..., n-1 and how many of them were asked for.
func counted(n int, asked *int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			*asked++
			if !yield(i) {
				return
			}
		}
	}
}

func odd(v int) bool { return v%2 == 1 }

// What an adapter yields, and how many items it asks for to do so.
func TestAdapters(t *testing.T) {
	for _, c := range []struct {
		name  string
		make  func(iter.Seq[int]) iter.Seq[int]
		want  []int
		asked int
	}{
		{"take none", func(s iter.Seq[int]) iter.Seq[int] { return Take(s, 0) }, nil, 0},
		{"take fewer than none", func(s iter.Seq[int]) iter.Seq[int] { return Take(s, -1) }, nil, 0},
		{"take 3", func(s iter.Seq[int]) iter.Seq[int] { return Take(s, 3) }, []int{0, 1, 2}, 3},
		{"take all", func(s iter.Seq[int]) iter.Seq[int] { return Take(s, 6) }, []int{0, 1, 2, 3, 4, 5}, 6},
		{"take more than all", func(s iter.Seq[int]) iter.Seq[int] { return Take(s, 9) }, []int{0, 1, 2, 3, 4, 5}, 6},
		{"take while", func(s iter.Seq[int]) iter.Seq[int] { return TakeWhile(s, func(v int) bool { return v < 2 }) }, []int{0, 1}, 3},
		{"filter", func(s iter.Seq[int]) iter.Seq[int] { return Filter(s, odd) }, []int{1, 3, 5}, 6},
		{"filter out", func(s iter.Seq[int]) iter.Seq[int] { return FilterOut(s, odd) }, []int{0, 2, 4}, 6},
		{"map", func(s iter.Seq[int]) iter.Seq[int] { return Map(s, func(v int) int { return v * v }) }, []int{0, 1, 4, 9, 16, 25}, 6},
		{"chain", func(s iter.Seq[int]) iter.Seq[int] { return Chain(Take(s, 2), Take(s, 1), Take(s, 0)) }, []int{0, 1, 0}, 3},
		{"chain of nothing", func(s iter.Seq[int]) iter.Seq[int] { return Chain[int]() }, nil, 0},
		{"cycle", func(s iter.Seq[int]) iter.Seq[int] { return Take(Cycle(Take(s, 2)), 5) }, []int{0, 1, 0, 1, 0}, 2},
		{"cycle of nothing", func(s iter.Seq[int]) iter.Seq[int] { return Cycle(Take(s, 0)) }, nil, 0},
		{"all together", func(s iter.Seq[int]) iter.Seq[int] {
			return Take(Map(Filter(Chain(s, s), odd), func(v int) int { return -v }), 4)
		}, []int{-1, -3, -5, -1}, 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked := 0
			if got := slices.Collect(c.make(counted(6, &asked))); !slices.Equal(got, c.want) {
				t.Errorf("%v, not %v", got, c.want)
			}
			if asked != c.asked {
				t.Errorf("%d items were asked for, not %d", asked, c.asked)
			}
			// A loop that breaks at once gets one item and no more.
			asked = 0
			for range c.make(counted(6, &asked)) {
				break
			}
			if len(c.want) > 0 && asked > c.want[0]*c.want[0]+1 {
				t.Errorf("%d items were asked for by a loop that breaks at the first", asked)
			}
			if got, want := Len(c.make(counted(6, &asked))), len(c.want); got != want {
				t.Errorf("Len is %d, not %d", got, want)
			}
		})
	}
}

func TestCount(t *testing.T) {
	if got, want := slices.Collect(Take(Count(5, -2), 4)), []int{5, 3, 1, -1}; !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	if got, want := slices.Collect(Take(Count(uint8(250), 3), 3)), []uint8{250, 253, 0}; !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
}

func TestZip(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, c := range []struct{ n, m, stop, pairs, askedN, askedM int }{
		{3, 3, 9, 3, 3, 3}, {2, 5, 9, 2, 2, 2}, {5, 2, 9, 2, 3, 2}, {0, 4, 9, 0, 0, 0}, {4, 0, 9, 0, 1, 0}, {9, 9, 2, 2, 2, 2},
	} {
		pairs, askedN, askedM := 0, 0, 0
		for v, w := range Zip(counted(c.n, &askedN), counted(c.m, &askedM)) {
			if v != w || v != pairs {
				t.Errorf("%+v: pair %d is %d, %d", c, pairs, v, w)
			}
			if pairs++; pairs == c.stop {
				break
			}
		}
		if pairs != c.pairs || askedN != c.askedN || askedM != c.askedM {
			t.Errorf("%+v: %d pairs of %d and %d items", c, pairs, askedN, askedM)
		}
	}
	if after := runtime.NumGoroutine(); after != before {
		t.Errorf("%d goroutines, %d before", after, before)
	}
}

func TestGroupBy(t *testing.T) {
	groups := func(text string, stop int) (out []string) {
		for k, g := range GroupBy(slices.Values([]byte(text)), func(b byte) byte { return b }) {
			out = append(out, fmt.Sprintf("%c%d", k, len(g)))
			if len(out) == stop {
				break
			}
		}
		return out
	}
	for text, want := range map[string][]string{"AAAABBAA": {"A4", "B2", "A2"}, "": nil, "A": {"A1"}, "ABC": {"A1", "B1", "C1"}} {
		if got := groups(text, -1); !slices.Equal(got, want) {
			t.Errorf("%q: %v, not %v", text, got, want)
		}
	}
	if got := groups("AAAABBAA", 1); !slices.Equal(got, []string{"A4"}) {
		t.Errorf("broken off: %v", got)
	}
	if some, many := groupAllocs(10), groupAllocs(1000); some != many {
		t.Errorf("10 groups take %g allocations, 1000 take %g", some, many)
	}
	nan := 0
	for range GroupBy(slices.Values([]float64{math.NaN(), math.NaN()}), func(v float64) float64 { return v }) {
		nan++
	}
	if nan != 2 {
		t.Errorf("two NaN make %d groups", nan)
	}
}

// groupAllocs is how many allocations groups of two take.
func groupAllocs(groups int) float64 {
	return testing.AllocsPerRun(10, func() {
		for range GroupBy(Take(Count(0, 1), 2*groups), func(v int) int { return v / 2 }) {
		}
	})
}

// The windows are the same in all ways; kept ones hold where it is said.
func TestWindows(t *testing.T) {
	for _, w := range []struct {
		name  string
		make  func(iter.Seq[int], int) iter.Seq[[]int]
		holds bool
	}{
		{"Windows", Windows[int], true}, {"WindowsShifted", WindowsShifted[int], false},
		{"WindowsAppended", WindowsAppended[int], true}, {"WindowsRing", WindowsRing[int], false},
	} {
		t.Run(w.name, func(t *testing.T) {
			for _, n := range []int{0, 1, 2, 3, 4, 5, 20} {
				for _, size := range []int{1, 2, 3, 5} {
					first, kept, asked := 0, [][]int{}, 0
					for got := range w.make(counted(n, &asked), size) {
						if want := slices.Collect(Take(Count(first, 1), size)); !slices.Equal(got, want) {
							t.Errorf("%d items, size %d: window %d is %v", n, size, first, got)
						}
						if shared := w.name == "WindowsAppended" || w.name == "WindowsRing"; shared && cap(got) != size {
							t.Errorf("an append to window %d of %d items writes into the next", first, size)
						}
						first++
						kept = append(kept, got)
					}
					if want := max(n-size+1, 0); first != want || asked != n {
						t.Errorf("%d items, size %d: %d windows of %d items", n, size, first, asked)
					}
					for i, got := range kept {
						if w.holds && got[0] != i {
							t.Errorf("%d items, size %d: window %d is %v afterwards", n, size, i, got)
						}
					}
				}
			}
			asked := 0
			for range w.make(counted(20, &asked), 3) {
				break
			}
			if asked != 3 {
				t.Errorf("%d items were asked for up to the first window", asked)
			}
			defer func() {
				if recover() == nil {
					t.Error("a window of no items doesn't panic")
				}
			}()
			w.make(counted(3, &asked), 0)
		})
	}
}

// A window that is never filled takes no more memory than there are items.
func TestWindowsLarger(t *testing.T) {
	for _, make := range []func(iter.Seq[int], int) iter.Seq[[]int]{Windows[int], WindowsShifted[int], WindowsAppended[int], WindowsRing[int]} {
		for range make(Take(Count(0, 1), 1000), 1<<50) {
			t.Error("a window of 1<<50 items from 1000")
		}
	}
}

// A sequence that doesn't end when it is told to is named, in place of yielding more or
// running for ever.
func TestGoesOn(t *testing.T) {
	deaf := func(yield func(int) bool) {
		for i := range 5 {
			yield(i)
		}
	}
	for name, run := range map[string]func(){
		"Take":      func() { Len(Take(deaf, 2)) },
		"TakeWhile": func() { Len(TakeWhile(deaf, func(v int) bool { return v < 2 })) },
		"Zip": func() {
			for range Zip(deaf, Count(0, 1)) {
				break
			}
		},
		"Zip, the second ends": func() {
			for range Zip(deaf, Take(Count(0, 1), 2)) {
			}
		},
		"GroupBy": func() {
			for range GroupBy(deaf, func(v int) int { return v / 2 }) {
				break
			}
		},
	} {
		func() {
			defer func() {
				want := "adapter: the sequence given to " + strings.Split(name, ",")[0] + " goes on after yield returned false: it needs `if !yield(v) { return }`"
				if p := recover(); p != want {
					t.Errorf("%s: %v", name, p)
				}
			}()
			run()
		}()
	}
}

// However a loop ends, by break, panic or the end of its goroutine, the sequences' own
// deferred calls run and no coroutine is left.
func TestEnds(t *testing.T) {
	before, ended := runtime.NumGoroutine(), 0
	source := func(yield func(int) bool) {
		defer func() { ended++ }()
		for i := 0; yield(i); i++ {
		}
	}
	body := map[string]func(){"panic": func() { panic("in the loop") }, "Goexit": runtime.Goexit}
	for name, end := range body {
		done := make(chan struct{})
		go func() { // ended by end
			defer close(done)
			defer func() { recover() }()
			for range Zip(Take(source, 9), Filter(source, odd)) {
				end()
			}
		}()
		<-done
		if ended != 2 {
			t.Errorf("%s: %d of 2 sequences have ended", name, ended)
		}
		ended = 0
	}
	next, stop := iter.Pull2(Zip(source, source))
	next()
	stop()
	if _, _, ok := next(); ok || ended != 2 {
		t.Errorf("stopped: %d of 2 sequences have ended, there is a next: %v", ended, ok)
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

func ExampleGroupBy() {
	for key, group := range GroupBy(slices.Values([]rune("AAAABBAA")), func(r rune) rune { return r }) {
		fmt.Printf("%c %d\n", key, len(group))
	}
	// Output:
	// A 4
	// B 2
	// A 2
}

func BenchmarkWindows(b *testing.B) {
	for _, w := range []struct {
		name string
		make func(iter.Seq[int], int) iter.Seq[[]int]
	}{{"new", Windows[int]}, {"shifted", WindowsShifted[int]}, {"appended", WindowsAppended[int]}, {"ring", WindowsRing[int]}} {
		for _, size := range []int{10, 3600, 86_400} {
			b.Run(fmt.Sprint(w.name, "/", size), func(b *testing.B) {
				sum, steps := 0, 0
				for window := range w.make(Take(Count(0, 1), b.N+size-1), size) {
					sum += window[0] + window[size-1]
					steps++
				}
				b.ReportMetric(float64(sum)/float64(steps), "mean")
			})
		}
	}
}
