package magics

import (
	"strings"
	"testing"

	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
)

func TestHistory(t *testing.T) {
	inputs := []magic.PastInput{{Cell: 1, Text: "x := 1"}, {Cell: 2, Text: "for {\n\tx++\n}\n"}, {Cell: 4, Text: "fmt.Println(x)"}, {Cell: 5, Text: "!ls"}}
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
		h := magictest.New(t)
		h.Past = inputs
		_, err := h.Run(t.Context(), Table(), test.line)
		switch {
		case err == nil && test.err != "" || err != nil && (test.err == "" || !strings.Contains(err.Error(), test.err)):
			t.Errorf("%s: error %v, want %q", test.line, err, test.err)
		case h.Out.String() != test.out || strings.Join(h.Calls, "; ") != test.calls:
			t.Errorf("%s: %q, calls %q", test.line, h.Out.String(), h.Calls)
		}
	}
}

func TestHistoryToFile(t *testing.T) {
	h := magictest.New(t)
	h.Past = []magic.PastInput{{Cell: 1, Text: "x := 1"}, {Cell: 2, Text: "y := 2"}}
	if _, err := h.Run(t.Context(), Table(), "%history -f out.txt"); err != nil {
		t.Fatal(err)
	}
	if got := magictest.FileText(t, h.WorkDir+"/out.txt"); got != "x := 1\ny := 2\n" {
		t.Errorf("the file holds %q", got)
	}
	if got := h.Out.String(); got != "[stderr]2 cells written to \"out.txt\".\n" {
		t.Errorf("got %q", got)
	}
}
