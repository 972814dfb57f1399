package cell

import (
	"slices"
	"strings"
	"testing"
)

// TestReach: a cell's package has what the cell can come to, and what may be called
// behind the text's back.
func TestReach(t *testing.T) {
	scope := NewScope()
	rewrite := func(n int, text string, reach bool) string {
		t.Helper()
		c, errs := ParseIn(scope, text)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		u, errs := Rewrite(Env{Importer: testImporter(), Reach: reach}, scope, n, c)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		scope = u.Next
		var b strings.Builder
		for _, f := range u.Files {
			b.WriteString(f.Text)
		}
		return b.String()
	}
	rewrite(1, `func called() int { return deeper() }
func deeper() int { return limit }
func other() int { return 1 }
func generic[T any](x T) T { return passed(x) }
func passed[T any](x T) T { return x }
func stored() int { return 3 }
func ofMethod() int { return 4 }
func initial() int { return 5 }
//go:linkname linked
func linked() int { return 6 }
const limit = 3
type thing struct{}
func (thing) Do() int { return ofMethod() + seen }
var seen, unseen, called2 int
func counting() int { return called2 }`, false)
	all := []string{"called", "deeper", "other", "generic", "passed", "stored", "ofMethod", "initial", "linked"}
	always := []string{"ofMethod", "linked"}
	for i, tt := range []struct {
		text  string
		reach bool
		want  []string
	}{
		{"1 + 1", false, all},
		{"1 + 2", true, nil},
		{"called()", true, []string{"called", "deeper"}},
		{"generic[int](1)", true, []string{"generic", "passed"}},
		{"f := stored", true, []string{"stored"}},
		{"f()", true, nil}, // the code of the version that made the value
		{"var x = initial()", true, []string{"initial"}},
		{"for range 3 { go other() }", true, []string{"other"}},
		{"counting()", true, nil},                     // and its variable
		{"func deeper() int { return 8 }", true, nil}, // is the cell's own
		{"called()", true, []string{"called"}},
	} {
		n := i + 2
		got := rewrite(n, tt.text, tt.reach)
		for name, want := range map[string]bool{"seen": true, "unseen": !tt.reach, "called2": !tt.reach || tt.text == "counting()"} {
			if has := strings.Contains(got, "var "+name+" "); has != want {
				t.Errorf("cell %d, %q: has the variable %s: %v", n, tt.text, name, has)
			}
		}
		for _, name := range all {
			want := slices.Contains(tt.want, name) || slices.Contains(always, name)
			if name == "deeper" && n >= 11 {
				want = true
			}
			if has := strings.Contains(got, "func "+name+"(") || strings.Contains(got, "func "+name+"["); has != want {
				t.Errorf("cell %d, %q: has %s: %v", n, tt.text, name, has)
			}
		}
	}
}
