package magics

import (
	"strings"
	"testing"
)

func TestHistory(t *testing.T) {
	inputs := []PastInput{{1, "x := 1"}, {2, "for {\n\tx++\n}\n"}, {4, "fmt.Println(x)"}, {5, "!ls"}}
	for _, test := range []struct{ line, out, calls, err string }{
		{"%history", "[stdout]x := 1\nfor {\n\tx++\n}\nfmt.Println(x)\n!ls\n", "", ""},
		{"%hist -n 2-4", "[stdout]   2: for {\n      \tx++\n      }\n   4: fmt.Println(x)\n", "", ""},
		{"%history 4-", "[stdout]fmt.Println(x)\n!ls\n", "", ""},
		{"%history 5 1", "[stdout]x := 1\n!ls\n", "", ""},
		{"%history -l 1", "[stdout]!ls\n", "", ""},
		{"%history -g x*=", "[stdout]x := 1\n", "", ""},
		{"%history -n -g (?)", "[stdout]   4: fmt.Println(x)\n", "", ""},
		{"%history -g nothing", "", "", ""},
		{"old := %history 1 5", "", `define old = hpgo__strings.Split("x := 1\n!ls", "\n") map[hpgo__strings:strings]`, ""},
		{"%history -f $HOME/no/such/file", "", "", "there is no directory"},
		{"%history 5-2", "", "", `"5-2" is no cell and no range`},
		{"%history x", "", "", `"x" is no cell`},
		{"%history -l 0", "", "", `"0" is less than 1`},
	} {
		h := newFake(t)
		h.inputs = inputs
		_, err := h.run(t.Context(), test.line)
		switch {
		case err == nil && test.err != "" || err != nil && (test.err == "" || !strings.Contains(err.Error(), test.err)):
			t.Errorf("%s: error %v, want %q", test.line, err, test.err)
		case h.out.String() != test.out || strings.Join(h.calls, "; ") != test.calls:
			t.Errorf("%s: %q, calls %q", test.line, h.out.String(), h.calls)
		}
	}
}

func TestHistoryToFile(t *testing.T) {
	h := newFake(t)
	h.inputs = []PastInput{{1, "x := 1"}, {2, "y := 2"}}
	if _, err := h.run(t.Context(), "%history -f out.txt"); err != nil {
		t.Fatal(err)
	}
	if got := fileText(t, h.dir+"/out.txt"); got != "x := 1\ny := 2\n" {
		t.Errorf("the file holds %q", got)
	}
	if got := h.out.String(); got != "[stderr]2 cells written to \"out.txt\".\n" {
		t.Errorf("got %q", got)
	}
}
