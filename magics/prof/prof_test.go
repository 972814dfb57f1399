package prof

import (
	"bytes"
	"context"
	"fmt"
	"runtime/pprof"
	"runtime/trace"
	"slices"
	"strings"
	"testing"
)

// watched returns what f does to regions, one word for each event.
func watched(t *testing.T, f func()) []string {
	t.Helper()
	var got []string
	stop := Watch(func(e Event) {
		verb := "begin"
		if e.End {
			verb = "end"
		}
		got = append(got, fmt.Sprintf("%s %s %d", verb, e.Name, e.Depth))
	})
	f()
	stop()
	Region("unheard", func() {})
	return got
}

func TestRegionsNest(t *testing.T) {
	got := watched(t, func() {
		Region("a", func() {
			s := Start("b")
			defer s.End()
			Region("c", func() {})
			s.End()
		})
		Region("d", func() {})
	})
	want := []string{"begin a 0", "begin b 1", "begin c 2", "end c 2", "end b 1", "end a 0", "begin d 0", "end d 0"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if len(running.innermost) != 0 || len(running.watchers) != 0 {
		t.Errorf("left over: %v", running.innermost)
	}
}

func TestRegionsEndInAnyOrder(t *testing.T) {
	got := watched(t, func() {
		a, b := Start("a"), Start("b")
		a.End()
		Start("c").End()
		b.End()
		Start("d").End()
	})
	want := []string{"begin a 0", "begin b 1", "end a 0", "begin c 2", "end c 2", "end b 1", "begin d 0", "end d 0"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	var zero Span
	zero.End()
}

func TestRegionOfAPanicEnds(t *testing.T) {
	got := watched(t, func() {
		defer func() { _ = recover() }()
		Region("a", func() { panic("x") })
	})
	if !slices.Equal(got, []string{"begin a 0", "end a 0"}) {
		t.Errorf("got %q", got)
	}
}

func TestRegionsOfGoroutines(t *testing.T) {
	got := watched(t, func() {
		Region("a", func() {
			s, done := Start("left to another"), make(chan bool)
			go func() {
				Region("own", func() {})
				s.End()
				close(done)
			}()
			<-done
			Region("after", func() {})
		})
	})
	want := []string{"begin a 0", "begin left to another 1", "begin own 0", "end own 0", "end left to another 1", "begin after 1", "end after 1", "end a 0"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestWatchHearsOfThoseThatRun(t *testing.T) {
	var got []string
	Region("a", func() {
		stop := Watch(func(e Event) { got = append(got, fmt.Sprint(e.Name, e.End)) })
		stop()
		stop()
	})
	if !slices.Equal(got, []string{"afalse"}) {
		t.Errorf("got %q", got)
	}
}

// labels returns the label of the running goroutine as the goroutine profile
// has it.
func labels(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&b, 1); err != nil {
		t.Fatal(err)
	}
	for _, block := range strings.Split(b.String(), "\n\n") {
		if strings.Contains(block, "prof.labels") {
			_, rest, _ := strings.Cut(block, "# labels: ")
			line, _, _ := strings.Cut(rest, "\n")
			return line
		}
	}
	return "not found"
}

func TestLabelsAndTrace(t *testing.T) {
	var b bytes.Buffer
	if err := trace.Start(&b); err != nil {
		t.Skip(err) // another test records
	}
	var got []string
	Region("outer", func() {
		Region("inner", func() { got = append(got, labels(t)) })
		got = append(got, labels(t))
	})
	got = append(got, labels(t))
	trace.Stop()
	if want := []string{`{"region":"inner"}`, `{"region":"outer"}`, ""}; !slices.Equal(got, want) {
		t.Errorf("labels %q", got)
	}
	if !bytes.Contains(b.Bytes(), []byte("outer")) || !bytes.Contains(b.Bytes(), []byte("inner")) {
		t.Error("the trace has no regions")
	}
	pprof.SetGoroutineLabels(context.Background())
}

func BenchmarkRegion(b *testing.B) {
	for b.Loop() {
		Region("r", func() {})
	}
}
