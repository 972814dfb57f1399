package magic

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// probe is a magic with a flag of every kind.
func probe(s Syntax) *Magic {
	return &Magic{Name: "probe", Kind: Line, Usage: "%probe [-n N] TEXT", Syntax: s, Max: -1, Flags: []Flag{
		{Name: "n", Long: "loops", Arg: "N", Value: Int, Min: 1, Bounded: true},
		{Name: "r", Arg: "R", Value: Float},
		{Name: "f", Arg: "FUNC"},
		{Name: "t", Arg: "TIME", Value: Duration},
		{Name: "q"}, {Name: "v"}, {Name: "fresh"},
	}}
}

func TestParseArgs(t *testing.T) {
	tests := []struct{ in, flags, rest string }{
		{"", "", ""},
		{"f(x)", "", "f(x)"},
		{"-n5 f(x)", "n=5", "f(x)"},
		{"-n 5 f(x)", "n=5", "f(x)"},
		{"-n=5 f(x)", "n=5", "f(x)"},
		{"--n 5 f(x)", "n=5", "f(x)"},
		{"--loops=5 f(x)", "n=5", "f(x)"},
		{"-loops 5 f(x)", "n=5", "f(x)"},
		{"-n 1_000 f(x)", "n=1_000", "f(x)"},
		{"-qv x", "q v", "x"},
		{"-qn5 x", "q n=5", "x"},
		{"-qvn 5 x", "q v n=5", "x"},
		{"-fresh x", "fresh", "x"},
		{"--fresh x", "fresh", "x"},
		{"-f a -f b x", "f=a f=b", "x"},
		{"-f 'a b' x", "f=a b", "x"},
		{`-f "a b" x`, "f=a b", "x"},
		{"-t 200ms -- -x", "t=200ms", "-x"},
		{"-- -n 5", "", "-n 5"},
		{"x -n 5", "", "x -n 5"},
		{"- x", "", "- x"},
		{"-q   x  :=  1  ", "q", "x  :=  1"},
		{"-r -1.5 x", "r=-1.5", "x"},
		{"s := \"it's", "", "s := \"it's"},
	}
	for _, tt := range tests {
		a, err := ParseArgs(probe(Go), tt.in)
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
			continue
		}
		if got := flagText(a); got != tt.flags || a.Rest != tt.rest {
			t.Errorf("%q: flags %q rest %q, want %q and %q", tt.in, got, a.Rest, tt.flags, tt.rest)
		}
		if !strings.HasPrefix(tt.in[a.RestAt:], a.Rest) {
			t.Errorf("%q: the rest %q isn't at %d", tt.in, a.Rest, a.RestAt)
		}
	}
}

// flagText lists flags in the order of the row.
func flagText(a Args) string {
	var parts []string
	for _, f := range probe(Go).Flags {
		for _, v := range a.All(f.Name) {
			if f.Arg == "" {
				parts = append(parts, f.Name)
			} else {
				parts = append(parts, f.Name+"="+v)
			}
		}
	}
	slices.SortStableFunc(parts, func(x, y string) int { return strings.Compare(order(x), order(y)) })
	return strings.Join(parts, " ")
}

// order sorts switches before flags with values, as the table writes them.
func order(s string) string {
	if strings.Contains(s, "=") {
		return "b"
	}
	return "a"
}

// TestParseMixed: a magic can take its flags on both sides of its words.
func TestParseMixed(t *testing.T) {
	m := probe(Words)
	m.Mixed = true
	for in, want := range map[string]string{
		"a -n 5":         "n=5|a",
		"-q a -n5 b":     "q n=5|a b",
		"'a b' -f 'c d'": "f=c d|a b",
		"a -- -n":        "|a -n",
		"":               "|",
	} {
		a, err := ParseArgs(m, in)
		if got := flagText(a) + "|" + strings.Join(a.Words, " "); err != nil || got != want {
			t.Errorf("%q: %q %v, want %q", in, got, err, want)
		}
	}
	if _, err := ParseArgs(m, "a -n x"); err == nil || !strings.Contains(err.Error(), "whole number") {
		t.Error(err)
	}
}

func TestParseArgsErrors(t *testing.T) {
	tests := []struct {
		in   string
		want []string
	}{
		{"-z x", []string{"flag -z of %probe is unknown", "usage: %probe"}},
		{"-qz x", []string{"flag -qz of %probe is unknown"}},
		{"--frsh x", []string{"did you mean --fresh?"}},
		{"-n abc x", []string{`flag -n of %probe: "abc" is not a whole number`, "usage: %probe"}},
		{"-n 0 x", []string{`flag -n of %probe: "0" is less than 1`}},
		{"-n 1e3", []string{`"1e3" is not a whole number`}},
		{"-r x", []string{`"x" is not a number`}},
		{"-t soon", []string{`"soon" is not a time`}},
		{"-n", []string{"flag -n of %probe needs a value"}},
		{"-q=1 x", []string{"flag -q of %probe takes no value"}},
		{"--fresh=yes", []string{"flag --fresh of %probe takes no value"}},
	}
	for _, tt := range tests {
		_, err := ParseArgs(probe(Go), tt.in)
		if err == nil {
			t.Errorf("%q: no error", tt.in)
			continue
		}
		for _, w := range tt.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%q: %q lacks %q", tt.in, err, w)
			}
		}
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: the error has several lines: %q", tt.in, err)
		}
	}
}

func TestArgsValues(t *testing.T) {
	a, err := ParseArgs(probe(Words), "-n 1_000 -r 2.5 -t 1.5 -f g 'a b' c")
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(a.Int("n", 7), a.Float("r", 0), a.Duration("t", 0), a.Text("f", ""), a.Words, a.Int("q", 3), a.Has("v"))
	if want := fmt.Sprint(1000, 2.5, 1500*time.Millisecond, "g", []string{"a b", "c"}, 3, false); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzParseArgs(f *testing.F) {
	for _, s := range []string{"", "-n5 x", "--loops=5 -- -x", "-qvn 5 'a", "-f \"", "\\", "-", "--", "-\xff", "-t 1h x\n-n 3"} {
		f.Add(s, byte(0))
	}
	f.Fuzz(func(t *testing.T, text string, syntax byte) {
		m := probe(Syntax(syntax % 4))
		a, err := ParseArgs(m, text)
		if err != nil {
			if _, ok := err.(*UsageError); !ok {
				t.Fatalf("%q: a %T: %v", text, err, err)
			}
			return
		}
		if a.RestAt < 0 || a.RestAt > len(text) || !strings.HasPrefix(text[a.RestAt:], a.Rest) {
			t.Fatalf("%q: rest %q at %d", text, a.Rest, a.RestAt)
		}
		if n := a.Int("n", 1); n < 1 {
			t.Fatalf("%q: n = %d passed its bound", text, n)
		}
	})
}
