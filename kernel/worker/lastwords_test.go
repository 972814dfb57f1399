package worker

import (
	"strings"
	"testing"
	"time"
)

func TestWithheld(t *testing.T) {
	tests := []struct {
		name     string
		parts    []string
		deliver  string // at once
		withheld string
	}{
		{"nothing special", []string{"a\n", "b: panic: x\n"}, "a\nb: panic: x\n", ""},
		{"a crash", []string{"a\nfatal error: x\n", "goroutine 1"}, "a\n", "fatal error: x\ngoroutine 1"},
		{"not at the start of a line", []string{"the ", "panic: x\n"}, "the panic: x\n", ""},
		{"on the next line", []string{"the ", "end\npanic: x\n"}, "the end\n", "panic: x\n"},
		{"too much to be one", []string{"panic: x\n", strings.Repeat("y", withholdBytes)}, "panic: x\n" + strings.Repeat("y", withholdBytes), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var l lastWords
			var got strings.Builder
			for _, p := range tt.parts {
				got.Write(l.write([]byte(p)))
			}
			if got.String() != tt.deliver {
				t.Errorf("delivered %.100q", got.String())
			}
			if due := l.due(time.Now()); (due >= 0) != (tt.withheld != "") {
				t.Errorf("due in %v", due)
			}
			if rest := string(l.release()); rest != tt.withheld {
				t.Errorf("withheld %.100q", rest)
			}
		})
	}
}

// TestNoCrash has a cell print what looks like a crash, and live on.
func TestNoCrash(t *testing.T) {
	w := start(t, Options{})
	r, _ := must(t, w, "looks")
	if !strings.Contains(r.String(), "{panic: not really\n}") {
		t.Errorf("got %q", r)
	}
	r, _ = must(t, w, "looks", "400")
	if got := r.String(); strings.Index(got, "not really") > strings.Index(got, "later") {
		t.Errorf("the text was withheld for too long: %q", got)
	}
}
