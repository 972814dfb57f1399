package notebook

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

func TestParseParameter(t *testing.T) {
	p, err := ParseParameter("n=a=b ")
	if err != nil || p != (Parameter{"n", "a=b "}) {
		t.Errorf("%v, %v", p, err)
	}
	for _, bad := range []string{"n", "=1", "a b=1", "func=1", "1x=2"} {
		if _, err := ParseParameter(bad); err == nil {
			t.Errorf("%q accepted", bad)
		}
	}
}

const parametersCell = `%time
import "time"
n := 1000
size, deep := 1 << 20, true
rate := float32(0.5)
negative := -2.5
name := "julia"
wait := 2 * time.Second
var limit time.Duration
var (
	count, width int
	label string
)
const scale = 3
other := compute()
at := time.UTC
eq := 1 == 2
func f() {}
`

func TestParameterize(t *testing.T) {
	tests := []struct{ param, want string }{
		{"n=5", "n = 5"}, {"n=-5", "n = -5"}, {"n=1e3", "n = 1e3"}, {"n=0x10", "n = 0x10"},
		{"n=1.5", `parameter n: want a whole number, have "1.5"`}, {"n=abc", `parameter n: want a whole number, have "abc"`},
		{"size=1_000", "size = 1_000"}, {"deep=false", "deep = false"}, {"deep=1", `parameter deep: want true or false, have "1"`},
		{"rate=2", "rate = 2"}, {"rate=x", `parameter rate: want a number, have "x"`}, {"negative=1e-3", "negative = 1e-3"},
		{"name=5", `name = "5"`}, {"name=true", `name = "true"`}, {`name=a "b"`, `name = "a \"b\""`}, {`name="q"`, `name = "q"`}, {"name=", `name = ""`},
		{"wait=1.5s", "wait = time.Duration(1500000000) // 1.5s"}, {"limit=1m", "limit = time.Duration(60000000000) // 1m0s"}, {"wait=3", `parameter wait: want a duration such as 1.5s, have "3"`},
		{"count=7", "count = 7"}, {"width=8", "width = 8"}, {"label=9", `label = "9"`},
		{"scale=4", "const scale = 4"},
		{"other=1.5", "other = 1.5"}, {"other=true", "other = true"}, {"other=NaN", `other = "NaN"`}, {"other=text", `other = "text"`},
		{"at=7", "at = 7"}, {"eq=true", "eq = true"},
		{"missing=1", "parameter missing: not declared in the cell tagged parameters, which has at, count, deep, eq, label, limit, n, name, negative, other, rate, scale, size, wait, width"},
	}
	for _, tt := range tests {
		nb := cells("a", parametersCell, "b")
		tag(nb.Cells[1], "parameters")
		p, err := ParseParameter(tt.param)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := Parameterize(nb, []Parameter{p}); err != nil {
			got = err.Error()
		} else if len(nb.Cells) != 4 || !nb.Cells[2].HasTag("injected-parameters") || !validID(nb.Cells[2].ID) {
			t.Errorf("%s: cells\n%s", tt.param, outline(nb))
		} else {
			got = strings.TrimPrefix(nb.Cells[2].Source, "// Parameters\n")
		}
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.param, got, tt.want)
		}
	}
}

func TestParameterPlaces(t *testing.T) {
	nb := cells("a")
	if err := Parameterize(nb, []Parameter{{"n", "1"}, {"s", "x"}, {"n", "2"}}); err != nil {
		t.Fatal(err)
	}
	want := "[code [injected-parameters]]\n// Parameters\nn := 2\ns := \"x\"\n[code]\na\n"
	if got := outline(nb); got != want {
		t.Errorf("untagged: got\n%s", got)
	}
	id := nb.Cells[0].ID
	if err := Parameterize(nb, []Parameter{{"n", "3"}}); err != nil {
		t.Fatal(err)
	}
	if got := outline(nb); got != "[code [injected-parameters]]\n// Parameters\nn := 3\n[code]\na\n" || nb.Cells[0].ID != id {
		t.Errorf("replaced: got\n%s", got)
	}
	empty := cells("f()")
	tag(empty.Cells[0], "parameters")
	if err := Parameterize(empty, []Parameter{{"n", "3"}}); err == nil || !strings.Contains(err.Error(), "declares no variable") {
		t.Errorf("no variables: %v", err)
	}
	if err := Parameterize(nb, nil); err != nil || len(nb.Cells) != 2 {
		t.Error("no parameters should change nothing")
	}
}

// FuzzParameter wants that whatever is injected parses as Go.
func FuzzParameter(f *testing.F) {
	f.Add("n=5", "n := 1")
	f.Add("s=\"a\\", "var s string")
	f.Add("x=0b12", "x := y{")
	f.Fuzz(func(t *testing.T, arg, source string) {
		p, err := ParseParameter(arg)
		if err != nil {
			return
		}
		nb := cells(source)
		tag(nb.Cells[0], "parameters")
		if Parameterize(nb, []Parameter{p}) == nil && p.Name != "_" {
			body := "package p; func _() {\n" + nb.Cells[1].Source + "\n}"
			if _, err := parser.ParseFile(token.NewFileSet(), "", body, 0); err != nil {
				t.Errorf("%q gives no Go:\n%s", arg, nb.Cells[1].Source)
			}
		}
	})
}
