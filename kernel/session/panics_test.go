package session

import (
	"fmt"
	"strings"
	"testing"

	"hpgo/kernel/worker"
)

// TestManyPanics: of each place the first panic of a goroutine is shown, the others
// are counted; between the cells they are told of at 1, 10, 100.
func TestManyPanics(t *testing.T) {
	at := func(line int) *worker.Panic {
		return &worker.Panic{Value: "boom", GoType: "string", Goroutine: true,
			Frames: []worker.Frame{{Func: "sort.Sort", File: "sort.go", Line: 3}, {Func: "session.f", File: "cell 4", Line: line}}}
	}
	for _, c := range []struct {
		name       string
		background bool
		places     int
		times      int
		told       []string
	}{
		{"once", false, 1, 1, nil},
		{"twice", false, 1, 2, []string{"1 more goroutine has panicked at cell 4:1"}},
		{"two places", false, 2, 500, []string{"499 more goroutines have panicked at cell 4:1", "499 more goroutines have panicked at cell 4:2"}},
		{"many places", false, mostPanics + 2, 1, []string{"2 more goroutines have panicked in other places"}},
		{"background", true, 1, 500, []string{"1 more goroutine has panicked at cell 4:1", "10 more goroutines have panicked at cell 4:1", "100 more goroutines have panicked at cell 4:1"}},
	} {
		out := &shown{}
		sink := &callSink{sink: out, session: New(Options{}), background: c.background}
		for range c.times {
			for line := range c.places {
				sink.Panic(at(line + 1))
			}
		}
		if !c.background {
			sink.finish()
			sink.finish()
		}
		if got, want := strings.Count(out.String(), "in a goroutine: boom"), min(c.places, mostPanics); got != want {
			t.Errorf("%s: %d panics shown, want %d", c.name, got, want)
		}
		var told []string
		for line := range strings.Lines(out.String()) {
			if strings.Contains(line, " more ") {
				told = append(told, strings.TrimSpace(line))
			}
		}
		if fmt.Sprint(told) != fmt.Sprint(c.told) {
			t.Errorf("%s: told %q, want %q", c.name, told, c.told)
		}
	}
}
