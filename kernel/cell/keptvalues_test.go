package cell

import (
	"strings"
	"testing"
)

// TestKept: what nobody uses is kept alive in pieces that say so, and nowhere else.
func TestKept(t *testing.T) {
	w := rewriteCells("func one() int { return 1 }\nfunc two() (int, error) { return 1, nil }\nfunc none() {}\nc := make(chan int, 1)")
	w.last(t)
	for _, tt := range []struct{ text, kept string }{
		{"one()", "KeepAlive( one())"},
		{"two()", "{ hpgo__kept0, hpgo__kept1 := two(); KeepAlive(hpgo__kept0); KeepAlive(hpgo__kept1) }"},
		{"none()", "none()\n"},
		{"_ =\none() + 1", "KeepAlive(\none() + 1)"},
		{"_ =\n1 + 1", "_ =\n1 + 1\n"},
		{"<-c", "KeepAlive(<-c)"},
		{"for range 3 { one() }", "for range 3 { KeepAlive( one()) }"},
		{"func() { one() }()", "func() { one() }()\n"},
		{"x := one()\n_ = x", "x := one()\nKeepAlive( x)"},
		{"println(1)", "println(1)\n"},
		{"one(); two()", "KeepAlive( one()); { hpgo__kept0"},
	} {
		for _, kept := range []bool{true, false} {
			c, errs := Compose(w.scope, tt.text, []Patch{{Text: "{", At: Generated}, {Text: tt.text, At: 0, Kept: kept}, {Text: "}", At: Generated}})
			if len(errs) > 0 {
				t.Fatalf("%q: %v", tt.text, errs)
			}
			u, errs := Rewrite(testEnv(), w.scope, 2, c)
			if len(errs) > 0 {
				t.Fatalf("%q: %v", tt.text, errs)
			}
			got := withoutPlaces(u)
			switch has := strings.Contains(got, strings.ReplaceAll(tt.kept, " ", "")); {
			case kept && !has:
				t.Errorf("%q: no %q in\n%s", tt.text, tt.kept, got)
			case !kept && strings.Contains(got, "KeepAlive"):
				t.Errorf("%q is kept, unasked:\n%s", tt.text, got)
			}
		}
	}
}

// withoutPlaces is a unit's entry without line directives, blanks and the alias of
// package runtime.
func withoutPlaces(u *Unit) string {
	var lines []string
	for _, f := range u.Files {
		if f.Name != "entry.go" {
			continue
		}
		for line := range strings.Lines(f.Text) {
			if !strings.HasPrefix(line, "//line") {
				lines = append(lines, line)
			}
		}
	}
	text := strings.Join(lines, "")
	for {
		before, rest, found := strings.Cut(text, "/*line")
		if !found {
			break
		}
		_, rest, _ = strings.Cut(rest, "*/")
		text = before + rest
	}
	return strings.NewReplacer(" ", "", runtimeAlias+".", "").Replace(text)
}
