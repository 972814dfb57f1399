package worker

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"hpgo/internal/skip"
)

func TestDisplaysInOrder(t *testing.T) {
	w := start(t, Options{})
	const n = 10_000
	r, _ := must(t, w, "displays", fmt.Sprint(n))
	var want strings.Builder
	for i := range n {
		fmt.Fprintf(&want, "<%d>[%d]", i, i)
	}
	want.WriteString("end")
	if r.String() != want.String() {
		t.Errorf("text and displays out of order: %.300s", r)
	}
}

// TestOrderAmidNoise has other goroutines write to both streams meanwhile: the
// order of what one goroutine made must hold all the same.
func TestOrderAmidNoise(t *testing.T) {
	w := start(t, Options{OutputLimit: -1})
	const n = 2000
	r, _ := must(t, w, "noisy", fmt.Sprint(n))
	at := 0
	got := r.String()
	for i := range n {
		for _, part := range []string{fmt.Sprintf("<%d>", i), fmt.Sprintf("[%d]", i), fmt.Sprintf("log %d\n", i)} {
			next := strings.Index(got[at:], part)
			if next < 0 {
				t.Fatalf("%s is missing or out of order", part)
			}
			at += next + len(part)
		}
	}
}

func TestLogInOrder(t *testing.T) {
	w := start(t, Options{})
	r, _ := must(t, w, "log", "100")
	got := r.String()
	for i := range 100 {
		at := strings.Index(got, fmt.Sprintf("out %d\n{", i))
		end := strings.Index(got, fmt.Sprintf("log %d\n}", i))
		if at < 0 || end < at || end-at > 60 {
			t.Fatalf("line %d is out of order in %.500q", i, got)
		}
	}
	// Beyond the allowance of exact lines nothing is lost.
	r, _ = must(t, w, "log", "3000")
	if n := strings.Count(r.String(), "log "); n != 3000 {
		t.Errorf("%d log lines of 3000", n)
	}
}

func TestRunes(t *testing.T) {
	w := start(t, Options{})
	const text = "h\u00e9llo, \u4e16\u754c \U0001F600!"
	if r, _ := must(t, w, "bytes", text); r.String() != text {
		t.Errorf("got %q, want %q", r, text)
	}
	if r, _ := must(t, w, "invalid"); r.String() != "a\uFFFDb\uFFFD\uFFFD" {
		t.Errorf("invalid bytes: %q", r)
	}
}

func TestFlood(t *testing.T) {
	const limit = 1 << 20
	w := start(t, Options{OutputLimit: limit})
	const blocks, blockBytes = 1600, 64 << 10 // 100 MiB
	r, reply := must(t, w, "flood", fmt.Sprint(blocks))
	if !reply.Truncated || reply.Dropped != blocks*blockBytes-limit {
		t.Errorf("truncated %v, dropped %d", reply.Truncated, reply.Dropped)
	}
	if r.out.Len() != limit {
		t.Errorf("%d bytes came, limit %d", r.out.Len(), limit)
	}
	if !strings.HasSuffix(r.String(), "{\n[hpgo: the output limit of 1.0 MiB was reached; 99.0 MiB more were dropped]\n}") {
		t.Errorf("message: %q", r.String()[r.log.Len()-100:])
	}
	if r, reply := must(t, w, "lines", "2"); reply.Truncated || r.String() != "line 0\nline 1\n" {
		t.Errorf("the next cell: %q, truncated %v", r, reply.Truncated)
	}
}

func TestNoLimit(t *testing.T) {
	w := start(t, Options{OutputLimit: -1})
	r, reply := must(t, w, "flood", "400")
	if want := 400 * 64 << 10; r.out.Len() != want || reply.Truncated {
		t.Errorf("%d bytes of %d came", r.out.Len(), want)
	}
}

func TestLinesAreCoalesced(t *testing.T) {
	w := start(t, Options{})
	r, _ := must(t, w, "lines", "20000")
	if n := strings.Count(r.String(), "\n"); n != 20000 {
		t.Errorf("%d lines of 20000", n)
	}
	if r.calls > 2000 {
		t.Errorf("%d deliveries for 20000 lines", r.calls)
	}
}

func TestHugeDisplay(t *testing.T) {
	w := start(t, Options{})
	const size = 50 << 20
	r, _ := must(t, w, "huge", fmt.Sprint(size))
	if r.String() != fmt.Sprintf("[%d]", size) {
		t.Errorf("got %.100q", r)
	}
}

func TestBackground(t *testing.T) {
	t.Run("kept for the next cell", func(t *testing.T) {
		w := start(t, Options{})
		if r, _ := must(t, w, "later", "1"); strings.Contains(r.String(), "late") {
			t.Skip("the goroutine was quicker than the end of the cell")
		}
		waitUntil(t, func() bool { return usageGoroutines(t, w) <= 1 })
		if r, _ := must(t, w, "count"); r.String() != "late text[late display]1" {
			t.Errorf("got %q", r)
		}
	})
	t.Run("to a sink of its own", func(t *testing.T) {
		back := &record{}
		w := start(t, Options{})
		w.SetBackground(back)
		r, _ := must(t, w, "later", "50")
		waitUntil(t, func() bool { return strings.HasSuffix(r.String()+back.String(), "late text[late display]") })
		if r, _ := must(t, w, "count"); r.String() != "1" {
			t.Errorf("got %q", r)
		}
	})
	t.Run("endless noise", func(t *testing.T) {
		w := start(t, Options{})
		must(t, w, "forever")
		for range 3 {
			if r, _ := must(t, w, "count"); r.out.Len() == 0 {
				t.Error("no output")
			}
		}
	})
}

// waitUntil waits for something that a goroutine of the worker will do.
func waitUntil(t testing.TB, what func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !what(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain")
		}
	}
}

func usageGoroutines(t testing.TB, w *Worker) int {
	t.Helper()
	u, err := w.Usage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return u.Goroutines
}

func TestOutputText(t *testing.T) {
	type step struct {
		stream int
		data   string
	}
	tests := []struct {
		name  string
		limit int64
		steps []step
		want  string
		drops int64
	}{
		{"joined", -1, []step{{0, "a"}, {0, "b"}}, "ab", 0},
		{"switch", -1, []step{{0, "a"}, {1, "b"}, {0, "c"}}, "a{b}c", 0},
		{"cut rune", -1, []step{{0, "\xe4\xb8"}, {0, "\x96"}}, "\u4e16", 0},
		{"cut rune, other stream between", -1, []step{{0, "\xe4\xb8"}, {1, "x"}, {0, "\x96"}}, "{x}\u4e16", 0},
		{"broken rune", -1, []step{{0, "\xe4\xb8"}, {0, "x"}}, "\uFFFD\uFFFDx", 0},
		{"broken at the end", -1, []step{{0, "x\xf0\x9f\x98"}}, "x\uFFFD\uFFFD\uFFFD", 0},
		{"lone continuation", -1, []step{{0, "\x80\x80\x80\x80"}}, "\uFFFD\uFFFD\uFFFD\uFFFD", 0},
		{"limit", 3, []step{{0, "abcdef"}, {1, "gh"}}, "abc{\n[hpgo: the output limit of 3 bytes was reached; 5 bytes more were dropped]\n}", 5},
		{"limit inside a rune", 3, []step{{0, "ab\u4e16"}, {0, "c"}}, "ab{\n[hpgo: the output limit of 3 bytes was reached; 4 bytes more were dropped]\n}", 4},
		{"exactly the limit", 3, []step{{0, "abc"}}, "abc", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &record{}
			o := output{limit: tt.limit, emit: r.Stream}
			for _, s := range tt.steps {
				o.write(s.stream, []byte(s.data))
			}
			drops := o.end()
			if r.String() != tt.want || drops != tt.drops {
				t.Errorf("got %q, dropped %d; want %q, %d", r, drops, tt.want, tt.drops)
			}
		})
	}
}

// FuzzOutput cuts text anywhere and checks that valid text comes out whole.
func FuzzOutput(f *testing.F) {
	f.Add("h\u00e9llo \u4e16\u754c \U0001F600", 3, 7)
	f.Add("\xff\xe2\x82", 1, 1)
	f.Add("", 0, 0)
	f.Fuzz(func(t *testing.T, s string, a, b int) {
		var got strings.Builder
		o := output{limit: -1, emit: func(_, text string) {
			if !utf8.ValidString(text) {
				t.Errorf("delivered %q", text)
			}
			got.WriteString(text)
		}}
		cut := func(n int) int { return int(uint(n) % uint(len(s)+1)) }
		i, j := min(cut(a), cut(b)), max(cut(a), cut(b))
		for _, part := range []string{s[:i], s[i:j], s[j:]} {
			o.write(stdout, []byte(part))
		}
		o.end()
		if want := string(valid([]byte(s))); got.String() != want {
			t.Errorf("cut at %d and %d: got %q, want %q", i, j, got.String(), want)
		}
	})
}

// BenchmarkDisplay is the cost of one display event: two frames and two
// process switches.
func BenchmarkDisplay(b *testing.B) {
	w := start(b, Options{})
	must(b, w, "count")
	b.ResetTimer()
	must(b, w, "onlydisplays", fmt.Sprint(b.N))
}

// BenchmarkTextAndDisplay has text before each display.
func BenchmarkTextAndDisplay(b *testing.B) {
	w := start(b, Options{})
	must(b, w, "count")
	b.ResetTimer()
	must(b, w, "displays", fmt.Sprint(b.N))
}

// BenchmarkFlood reads text in blocks of 64 KiB, most of it beyond the limit.
func BenchmarkFlood(b *testing.B) {
	w := start(b, Options{})
	must(b, w, "count")
	b.SetBytes(64 << 10)
	b.ResetTimer()
	must(b, w, "flood", fmt.Sprint(b.N))
}

// BenchmarkLines prints short lines.
func BenchmarkLines(b *testing.B) {
	w := start(b, Options{OutputLimit: -1})
	must(b, w, "count")
	b.ResetTimer()
	must(b, w, "lines", fmt.Sprint(b.N))
}

// BenchmarkCall is an empty cell that is loaded already.
func BenchmarkCall(b *testing.B) {
	w := start(b, Options{})
	must(b, w, "count")
	for b.Loop() {
		must(b, w, "count")
	}
}

// BenchmarkStart starts a worker and ends it.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		w, err := Start(b.Context(), Options{Exe: built.worker})
		if err != nil {
			b.Fatal(err)
		}
		w.Close()
	}
}

// TestC prints from C, which has a buffer of its own, and reads there.
func TestC(t *testing.T) {
	if testing.Short() {
		skip.Because(t, "compiles a cgo package")
	}
	object := filepath.Join(t.TempDir(), "cgocell.so")
	if out, err := exec.Command("go", "build", "-buildmode=plugin", "-o", object, "./testdata/cgocell").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	w, r := start(t, Options{}), &record{}
	if _, err := w.Call(t.Context(), Call{Object: object, Symbol: "Cell"}, r); err != nil {
		t.Fatal(err)
	}
	if r.String() != "one\ntwo\nthree" {
		t.Errorf("got %q", r)
	}
	u := &asked{answers: []string{"21"}}
	if _, err := w.Call(t.Context(), Call{Object: object, Symbol: "Read"}, u); err != nil {
		t.Fatal(err)
	}
	if u.String() != "<:21>42" {
		t.Errorf("got %q", u)
	}
}
