package repl

import (
	"strings"
	"testing"

	"hpgo/kernel/display"
	"hpgo/kernel/repl/repltest"
)

// TestSheet looks at the screen after cells of fakeSession.
func TestSheet(t *testing.T) {
	long := strings.Repeat(`x\n`, 8)
	for _, test := range []struct{ name, cell, want string }{
		{"value", "value=1", "Out[1]: 1"},
		{"value of several lines", `value=a\nb`, "Out[1]:\na\nb"},
		{"behind a begun line", "out=a value=1", "a\nOut[1]: 1"},
		{"update in place", `show=i:1 update=i:2\n3 update=i:4`, "4"},
		{"update in place under text", `out=a\n show=i:1 update=i:2`, "a\n2"},
		{"update in place behind a begun line", `out=a show=i:1 update=i:2`, "a\n2"},
		{"update of what is further up", `show=i:1 out=a\n update=i:2 update=i:3`, "1\na\n3"},
		{"wrapped rows count", "show=i:" + strings.Repeat("x", 45) + " update=i:y", "y"},
		{"wide characters count", "show=i:" + strings.Repeat("漢", 21) + " update=i:y", "y"},
		{"colours don't", "show=i:\x1b[31m" + strings.Repeat("x", 20) + "\x1b[0m update=i:y", "y"},
		{"a bar that is over", "show=i:1 update=i:2 update=i: value=x", "Out[1]: x"},
		{"two displays", "show=i:1 show=j:2 update=j:3 update=i:4", "1\n3\n4"},
		{"too tall to be replaced", "show=i:" + long + " update=i:y", strings.Repeat("x\n", 8) + "y"},
		{"clear", `out=a\nb clear out=c`, "c"},
		{"clear when something comes", `out=a clearwait`, "a"},
		{"clear and show", `show=:a clearwait show=:b clearwait show=:c`, "c"},
		{"failure", "out=a fail=x", "a\nPanic: x"},
		{"carriage returns", `out=abc\rd show=i:1 update=i:2`, "dbc\n2"},
	} {
		s := repltest.NewScreen(20, 6)
		terminal := &onlcr{s}
		sheet := newSheet(paper{out: terminal, err: terminal, together: true, size: func() (int, int) { return 20, 6 }})
		r := (&fakeSession{}).Execute(t.Context(), test.cell, sheet)
		if err := report(sheet, r, numbered); err != nil {
			t.Fatal(err)
		}
		if got := s.Text(); got != test.want || s.Col != 0 {
			t.Errorf("%s:\n%s\nwant\n%s\ncolumn %d", test.name, got, test.want, s.Col)
		}
	}
}

// TestLongSource: a terminal isn't flooded by pages that it can't show.
func TestLongSource(t *testing.T) {
	page := strings.Repeat("<p>", 1000)
	b := display.Bundle{Data: map[string]any{"text/plain": page, "text/html": page}}
	terminal := newSheet(paper{size: func() (int, int) { return 80, 24 }})
	if got := terminal.text(b); got != "(HTML of 3000 bytes, which a terminal can't show)" {
		t.Errorf("a terminal gets %.60q", got)
	}
	if got := newSheet(paper{}).text(b); got != page {
		t.Errorf("a pipe gets %.60q", got)
	}
}

// onlcr begins lines at their begin, as terminals that aren't raw do.
type onlcr struct{ s *repltest.Screen }

// Write implements io.Writer.
func (o *onlcr) Write(b []byte) (int, error) {
	_, _ = o.s.Write([]byte(strings.ReplaceAll(string(b), "\n", "\r\n")))
	return len(b), nil
}

func TestFit(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"漢字", 3, "漢…"}, {"漢字", 4, "漢字"}} {
		if got := fit(test.text, test.width); got != test.want {
			t.Errorf("%s in %d: %s, want %s", test.text, test.width, got, test.want)
		}
	}
}

func TestHighlight(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"for x", "35[for] x"},
		{"x := \"a\" + 'b' // c", "x := 32[\"a\"] + 32['b'] 90[// c]"},
		{"f(1, 2.5i)", "f(36[1], 36[2.5i])"},
		{"%time f(1)\nreturn", "33[%time f(1)]\n35[return]"},
		{"x := %ls\ny := 1", "33[x := %ls]\ny := 36[1]"},
		{"%%bash\nfor", "33[%%bash]\nfor"},
		{"\"begun", "32[\"begun]"},
		{"größe := `漢", "größe := 32[`漢]"},
	} {
		var b strings.Builder
		at := 0
		for _, s := range highlight(test.text) {
			b.WriteString(test.text[at:s.from] + string(s.style) + "[" + test.text[s.from:s.to] + "]")
			at = s.to
		}
		if got := b.String() + test.text[at:]; got != test.want {
			t.Errorf("%s, want %s", got, test.want)
		}
	}
}
