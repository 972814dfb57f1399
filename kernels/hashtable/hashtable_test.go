package hashtable

import (
	"fmt"
	"slices"
	"testing"

	"hpgo/kernels"
	"hpgo/kernels/hashes"
	"hpgo/kernels/kerneltest"
)

func TestHashtable(t *testing.T) {
	kerneltest.Run(t, kerneltest.Suite[Words, []int64]{
		Subject: Kernel,
		Sizes:   []int{0, 1, 2, 5, 6, 7, 8, 9, 26, 27, 676, 677},
		Special: []kerneltest.Case[Words]{
			{Name: "the empty word, other letters, other lengths", In: func() Words {
				return Words{Keys: []string{"", "zz", "ZZ", "\xff\x00", "zzz", "a", "Öl"}, Missing: []string{"\x00", "z{", "{z", "aa", "b", "zzzz", "\xff"}}
			}},
			{Name: "words that as numbers are others", In: func() Words { return Words{Keys: []string{"ba", "aa"}, Missing: []string{"a{", "bG"}} }},
			{Name: "keys that as numbers are others", In: func() Words { return Words{Keys: []string{"a{", "bG"}, Missing: []string{"ba", "aa"}} }},
		},
		Bad: []kerneltest.Case[Words]{
			{Name: "fewer missing", In: func() Words { return Words{Keys: []string{"a"}} }},
			{Name: "a key twice", In: func() Words { return Words{Keys: []string{"a", "a"}, Missing: []string{"b", "c"}} }},
			{Name: "a missing key", In: func() Words { return Words{Keys: []string{"a", "b"}, Missing: []string{"b", "c"}} }},
		},
		BadSizes: []int{-1, 1 << 23},
		Known: map[int][]kernels.Sum{
			676:    {{Name: "found", Value: 676}, {Name: "sum of values", Value: 676 * 677 / 2}},
			17_576: {{Name: "found", Value: 17_576}, {Name: "sum of values", Value: 17_576 * 17_577 / 2}},
		},
	})
}

func BenchmarkHashtable(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }

func cities() *Table[string, int] {
	t := New[string, int](Options[string]{Hash: hashes.FirstLetter, Probing: Perturbed, Growth: CPythonDict()})
	for i, city := range []string{"Rome", "San Francisco", "New York", "Barcelona"} {
		t.Set(city, i)
	}
	return t
}

// TestCities: the sources' table of four cities, by first letter in 8 slots.
func TestCities(t *testing.T) {
	table := cities()
	var got []string
	for _, s := range table.Slots() {
		if s.State == Used {
			got = append(got, fmt.Sprintf("%s %d home %d distance %d probe %d", s.Key, s.Index, s.Home, s.Distance, s.Probe))
		}
	}
	want := []string{
		"Rome 2 home 2 distance 0 probe 0", "San Francisco 3 home 3 distance 0 probe 0",
		"Barcelona 5 home 2 distance 3 probe 1", "New York 6 home 6 distance 0 probe 0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	for city, want := range map[string][]int{"Johannesburg": {2, 5, 2, 3, 0}, "Barcelona": {2, 5}, "Rome": {2}, "Xanten": {0}} {
		path, found := table.Path(city)
		if !slices.Equal(path, want) || found != (city == "Barcelona" || city == "Rome") {
			t.Errorf("%s is looked for in %v, found: %v", city, path, found)
		}
	}
	if s := table.Stats(); s.Collisions != 1 || s.Searches != 4 || s.Probes != 5 || s.Most != 2 || s.Resizes != 0 {
		t.Errorf("%+v", s)
	}
	wantText := "4 keys in 8 slots, perturbed, growth: dict\n   0\n   1\n   2  (deleted)\n   3  San Francisco\n   4\n   5  Barcelona, 1 after home 2\n   6  New York\n   7\n"
	table.Delete("Rome")
	if got := table.String(); got != "3"+wantText[1:] {
		t.Errorf("%q", got)
	}
}

// TestAround: a key whose way goes around the end of the table.
func TestAround(t *testing.T) {
	table := New[uint64, int](Options[uint64]{Hash: hashes.Identity})
	table.Set(7, 0)
	table.Set(15, 0)
	if s := table.Slots()[0]; s.Key != 15 || s.Home != 7 || s.Distance != 1 || s.Probe != 1 {
		t.Errorf("%+v", s)
	}
}

// TestDelete: a deleted key is a mark that searches pass by and new keys use; where it
// is emptied instead, keys behind it are lost.
func TestDelete(t *testing.T) {
	table := cities()
	if !table.Delete("Rome") || table.Delete("Rome") || table.Len() != 3 {
		t.Error("Rome is not deleted once")
	}
	if _, found := table.Get("Barcelona"); !found {
		t.Error("Barcelona is lost behind a deleted slot")
	}
	if table.Set("Barcelona", 7); table.Len() != 3 {
		t.Error("Barcelona is there twice")
	}
	if table.Set("Zagreb", 8); table.Slots()[2].Key != "Zagreb" || table.deleted != 0 {
		t.Errorf("Zagreb isn't in the deleted slot:\n%v", table)
	}
	forgetful := New[string, int](Options[string]{Hash: hashes.FirstLetter, Probing: Perturbed, Growth: CPythonDict(), Forgetful: true})
	for city := range cities().All() {
		forgetful.Set(city, 0)
	}
	forgetful.Delete("Rome")
	if _, found := forgetful.Get("Barcelona"); found {
		t.Error("Barcelona is found behind an emptied slot")
	}
}

// TestSequences: CPython's sequence as the sources list it, and all slots visited by
// every way of probing, whatever the hash.
func TestSequences(t *testing.T) {
	first := func(p Probing, hash uint64, slots, n int) []int {
		var out []int
		for i := range p.Sequence(hash, slots) {
			if out = append(out, i); len(out) == n {
				break
			}
		}
		return out
	}
	for _, c := range []struct {
		p     Probing
		hash  uint64
		slots int
		want  []int
	}{
		{Linear, 14, 8, []int{6, 7, 0, 1}},
		{Triangular, 14, 8, []int{6, 7, 1, 4, 0, 5, 3, 2}},
		{Perturbed, 28975, 8, []int{7, 5, 6, 7, 4, 5, 2, 3}}, // perturb 905, 28, 0...
		{Grouped, 2, 32, []int{16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 8}},
		{Grouped, 99, 4, []int{0, 1, 2, 3}},
	} {
		if got := first(c.p, c.hash, c.slots, len(c.want)); !slices.Equal(got, c.want) {
			t.Errorf("%v of %d in %d slots: %v, not %v", c.p, c.hash, c.slots, got, c.want)
		}
	}
	for p := Linear; p <= Grouped; p++ {
		for slots := 1; slots <= 4096; slots *= 2 {
			for _, hash := range []uint64{0, 1, 42, 1 << 63, 1<<64 - 1, 0x9e3779b97f4a7c15, 0xaaaaaaaaaaaaaaaa} {
				seen := map[int]bool{}
				for _, i := range first(p, hash, slots, p.longest(slots)) {
					seen[i] = true
				}
				if len(seen) != slots {
					t.Errorf("%v of %#x visits %d of %d slots", p, hash, len(seen), slots)
				}
			}
		}
	}
	if len(first(Linear, 1, 0, 3)) != 0 {
		t.Error("a table without slots has some")
	}
}

// TestGrowth: at which number of keys tables get how many slots: CPython's as
// sys.getsizeof shows in 3.11, Go's as in internal/runtime/maps.
func TestGrowth(t *testing.T) {
	for _, c := range []struct {
		growth Growth
		want   [][2]int // keys, slots
	}{
		{CPythonDict(), [][2]int{{1, 8}, {6, 16}, {11, 32}, {22, 64}, {43, 128}, {86, 256}, {171, 512}, {342, 1024}, {683, 2048}, {1366, 4096}, {2731, 8192}, {5462, 16384}, {10923, 32768}, {21846, 65536}, {43691, 131072}, {87382, 262144}}},
		{CPythonSet(), [][2]int{{1, 8}, {5, 32}, {19, 128}, {77, 512}, {307, 2048}, {1229, 8192}, {4915, 32768}, {19661, 131072}, {78643, 262144}}},
		{GoMap(), [][2]int{{1, 8}, {9, 16}, {15, 32}, {29, 64}, {57, 128}, {113, 256}, {225, 512}, {449, 1024}}},
		{Times(2, 0.5), [][2]int{{1, 8}, {5, 16}, {9, 32}, {17, 64}}},
		{Times(4, 0.75), [][2]int{{1, 8}, {7, 32}, {25, 128}}},
	} {
		at := map[int]int{}
		table := New[uint64, struct{}](Options[uint64]{Hash: hashes.Identity, Growth: c.growth})
		for n := range c.want[len(c.want)-1][0] {
			table.Set(uint64(n), struct{}{})
			at[n+1] = table.slots
		}
		for i, w := range c.want {
			if at[w[0]] != w[1] || i > 0 && at[w[0]-1] != c.want[i-1][1] {
				t.Errorf("%s: with %d keys %d slots, with one less %d; not %d", c.growth.Name, w[0], at[w[0]], at[w[0]-1], w[1])
			}
		}
	}
	for keys, want := range map[int][2]int{0: {8, 8}, 5: {8, 16}, 6: {16, 16}, 1039: {2048, 2048}, 5000: {8192, 16384}} {
		for i, growth := range []Growth{CPythonDict(), CPythonSet()} {
			if got := New[int, int](Options[int]{Growth: growth, Keys: keys}).slots; got != want[i] {
				t.Errorf("a %s for %d keys begins with %d slots, not %d", growth.Name, keys, got, want[i])
			}
		}
	}
}

// TestBadRules: a rule that leaves no room for keys can't stop a table.
func TestBadRules(t *testing.T) {
	for _, limit := range []int{-1, 0, 3, 1 << 40} {
		for _, next := range []int{-5, 0, 8, 33} {
			table := New[int, int](Options[int]{Keys: 3, Growth: Growth{Limit: func(int) int { return limit }, Next: func(int, int) int { return next }}})
			for i := range 50 {
				table.Set(i, -i)
			}
			for i := range 60 {
				if v, ok := table.Get(i); ok != (i < 50) || ok && v != -i {
					t.Fatalf("limit %d, next %d: key %d is %d, %v", limit, next, i, v, ok)
				}
			}
		}
	}
}

// TestWatch: each step is told, in order, and counted.
func TestWatch(t *testing.T) {
	var steps []string
	var table *Table[string, int]
	table = New[string, int](Options[string]{
		Hash: hashes.FirstLetter, Growth: Times(2, 0.25), // 2 of 8
		Watch: func(s Step[string]) {
			steps = append(steps, fmt.Sprintf("%s %v %d %d %v %d", s.Key, s.What, s.Probe, s.Slot, s.State, s.Slots))
			table.Slots() // may be asked
		},
	})
	table.Set("Rome", 1)      // 82: 2
	table.Set("Barcelona", 2) // 66: 2
	table.Set("Rome", 3)
	table.Delete("Rome")
	table.Get("Kyoto")     // 75: 3
	table.Set("Kyoto", 1)  // grows: 75: 11
	table.Set("Berlin", 1) // 66: 2
	want := []string{
		"Rome looked 0 2 empty 8", "Rome placed 0 2 used 8",
		"Barcelona looked 0 2 used 8", "Barcelona looked 1 3 empty 8", "Barcelona placed 0 3 used 8",
		"Rome looked 0 2 used 8",
		"Rome looked 0 2 used 8", "Rome removed 0 2 deleted 8",
		"Kyoto looked 0 3 used 8", "Kyoto looked 1 4 empty 8",
		"Kyoto looked 0 3 used 8", "Kyoto looked 1 4 empty 8", "Kyoto grew 0 -1 empty 16", "Barcelona moved 0 2 used 16", "Kyoto placed 0 11 used 16",
		"Berlin looked 0 2 used 16", "Berlin looked 1 3 empty 16", "Berlin placed 0 3 used 16",
	}
	if !slices.Equal(steps, want) {
		for i := range max(len(steps), len(want)) {
			if i >= len(want) || i >= len(steps) || steps[i] != want[i] {
				t.Errorf("step %d and on: %q", i, steps[min(i, len(steps)):])
				break
			}
		}
	}
	got := table.Stats()
	if got != (Stats{Searches: 7, Probes: 11, Most: 2, Collisions: 3, Resizes: 1, Moved: 1}) || got.Mean() != 11.0/7 {
		t.Errorf("%+v", got)
	}
	if table.ResetStats(); table.Stats() != (Stats{}) || table.Stats().Mean() != 0 {
		t.Error("the counts aren't reset")
	}
}

// TestStrides: numbers that are their own hash crowd where their low bits are the same.
func TestStrides(t *testing.T) {
	for stride, crowded := range map[uint64]bool{1: false, 1024: true, 1 << 16: true} {
		for name, hash := range map[string]func(uint64) uint64{"identity": hashes.Identity, "multiplied": hashes.Multiplied} {
			table := New[uint64, uint64](Options[uint64]{Hash: hash})
			for i := range uint64(400) {
				table.Set(i*stride, i)
			}
			if mean, bad := table.Stats().Mean(), crowded && name == "identity"; bad != (mean > 20) {
				t.Errorf("stride %d, %s: %g slots a search", stride, name, mean)
			}
		}
	}
}
