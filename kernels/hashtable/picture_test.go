package hashtable

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"hpgo/kernels/hashes"
)

// TestPicture: the search for a city that isn't there, in text and as arrows.
func TestPicture(t *testing.T) {
	p := cities().Picture("Johannesburg", "Rome")
	if want := "\nJohannesburg: 2 → 5 → 2 → 3 → 0, not found\nRome: 2, found\n"; !strings.HasSuffix(p.String(), want) {
		t.Errorf("%q", p)
	}
	for what, want := range map[string]int{"<title>": 2, ">4</text>": 2, "not found</text>": 1, "<path d=": 4, "<rect x=": 8, "San Francisco": 1} {
		if got := strings.Count(p.SVG(), what); got != want {
			t.Errorf("%d times %s, not %d:\n%s", got, what, want, p.SVG())
		}
	}
	if got := strings.Count(cities().SVG(), "<path d="); got != 1 { // Barcelona's
		t.Errorf("%d arrows in the table's own picture", got)
	}
}

// TestPicturesAreSound: pictures of all kinds of tables are XML, whatever the keys.
func TestPicturesAreSound(t *testing.T) {
	for _, compact := range []bool{false, true} {
		for _, n := range []int{0, 1, 5, 31, 33, 400, 3000} {
			table := New[string, int](Options[string]{Hash: hashes.Sum, Compact: compact, Growth: Growth{Limit: func(s int) int { return s }, Next: func(s, _ int) int { return 2 * s }}})
			for i := range n {
				table.Set("<&\"' \x00\xff Öl "+strings.Repeat("ab", i%40)+string(rune('a'+i)), i)
			}
			table.Delete("<&\"' \x00\xff Öl a")
			for _, p := range []Picture{table.Picture(), table.Picture("<nobody>", "")} {
				for d := xml.NewDecoder(strings.NewReader(p.SVG())); ; {
					if _, err := d.Token(); err == io.EOF {
						break
					} else if err != nil {
						t.Fatalf("%d keys, compact %v: %v", n, compact, err)
					}
				}
			}
		}
	}
}

// TestMap: more than 64 slots are letters; more than 4,096 aren't all shown.
func TestMap(t *testing.T) {
	table := New[uint64, int](Options[uint64]{Hash: hashes.Identity, Keys: 64})
	for i := range uint64(14) {
		table.Set(128*i, 0)
	}
	table.Set(70, 0)
	table.Delete(70)
	want := "14 keys in 128 slots, linear, growth: ×2, 0.5 full\n" +
		"each slot: . empty, x deleted, else how many slots were tried before its key's; + more than 9\n" +
		"     0  0123456789++++" + strings.Repeat(".", 50) + "\n" +
		"    64  ......x" + strings.Repeat(".", 57) + "\n"
	if got := table.String(); got != want {
		t.Errorf("%s, not\n%s", got, want)
	}
	large := New[uint64, int](Options[uint64]{Keys: 10_000})
	for _, text := range []string{large.String(), large.SVG()} {
		if !strings.Contains(text, "and 28672 more slots") || len(text) > 1<<20 {
			t.Errorf("%d bytes without how many slots are left", len(text))
		}
	}
}

// TestRoute: a way of hundreds of slots is a line all the same.
func TestRoute(t *testing.T) {
	var r route
	for i := range 500 {
		r.slots = append(r.slots, i)
	}
	if got, want := r.String(), ": 0 → 1 → 2 → 3 → 4 → 5 → 6 → 7 → 8 → 9 → (480 more) → 490 → 491 → 492 → 493 → 494 → 495 → 496 → 497 → 498 → 499, not found"; got != want {
		t.Error(got)
	}
}

// TestSteps: the log that one reads.
func TestSteps(t *testing.T) {
	var log []string
	table := compactCities(nil)
	table.options.Watch = func(s Step[string]) { log = append(log, s.String()) }
	table.Get("Johannesburg")
	table.Delete("Rome")
	table.Set("Kyoto", 1)
	want := `Johannesburg, hash 74: probe 0 is slot 2 of 8, used
Johannesburg, hash 74: probe 1 is slot 5 of 8, used
Johannesburg, hash 74: probe 2 is slot 2 of 8, used
Johannesburg, hash 74: probe 3 is slot 3 of 8, used
Johannesburg, hash 74: probe 4 is slot 0 of 8, empty
Rome, hash 82: probe 0 is slot 2 of 8, used
Rome, hash 82: removed from slot 2 of 8, which is deleted now
Kyoto, hash 75: probe 0 is slot 3 of 8, used
Kyoto, hash 75: probe 1 is slot 2 of 8, deleted
Kyoto, hash 75: probe 2 is slot 3 of 8, used
Kyoto, hash 75: probe 3 is slot 0 of 8, empty
Kyoto, hash 75: placed in slot 2 of 8`
	if got := strings.Join(log, "\n"); got != want {
		t.Errorf("%s", got)
	}
}

// TestUnknownProbing: it is refused by name.
func TestUnknownProbing(t *testing.T) {
	defer func() {
		if p := recover(); p != "hashtable: Probing is 4: use Linear, Triangular, Perturbed or Grouped" {
			t.Errorf("%v", p)
		}
	}()
	New[int, int](Options[int]{Probing: Grouped + 1})
}
