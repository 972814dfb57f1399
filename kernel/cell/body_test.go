package cell

import (
	"fmt"
	"strings"
	"testing"
)

func TestReadBody(t *testing.T) {
	tests := []struct {
		text     string
		declares string
		assigns  string // whole|parts|receivers of calls
		form     string // expr, empty
		leaves   string // line:col word
	}{
		{"f(x)", "", "", "expr", ""},
		{"f(3, -4.5)", "", "", "expr", ""},
		{"f()", "", "", "expr", ""},
		{"(x + 1)", "", "", "expr", ""},
		{"  // nothing\n", "", "", "empty", ""},
		{"s := 0\nfor i := range xs { s += xs[i] }", "s", "", "", ""},
		{"total += 2; n++", "", "n total", "", ""},
		{"p.x = 1; m[k] = 2; *q = 3", "", "|m p", "", ""},
		{"p.x = 1; p = q; a[0].x++", "", "p|a", "", ""},
		{"var a, b int\na, c = 1, 2", "a b", "c", "", ""},
		{"use(&v)", "", "v", "expr", ""},
		{"s.Push(1)", "", "||s", "expr", ""},
		{"for range 3 { go func() { s.all[i].list.Add(fmt.Sprint(m.Len())) }() }", "", "||fmt m s", "", ""},
		{"s.n++; s.Push(1); t = t.Next(); u := v; u.Push(2); list[0](1); (f)(2); f().Go()", "u", "t|s|list s t", "", ""},
		{"return", "", "", "", "1:1 return"},
		{"if x {\n  return 3\n}", "", "", "", "2:3 return"},
		{"defer f()", "", "", "", "1:1 defer"},
		{"func() { defer f(); return }()", "", "", "expr", ""},
		{"for { break }", "", "", "", ""},
		{"for range 3 { if x { continue } }", "", "", "", ""},
		{"break", "", "", "", "1:1 break"},
		{"switch x { case 1: break }", "", "", "", ""},
		{"switch x { case 1: continue }", "", "", "", "1:20 continue"},
		{"L:\nfor { for { break L } }", "", "", "", ""},
		{"L:\nfor { goto L }", "", "", "", "2:7 goto"},
		{"func g() {}", "", "", "", "1:1 a function"},
	}
	for _, tt := range tests {
		b, errs := ReadBody(tt.text, tt.text, 0)
		if len(errs) > 0 {
			t.Errorf("%q: %v", tt.text, errs)
			continue
		}
		form := ""
		switch {
		case b.Empty:
			form = "empty"
		case b.Expr != nil:
			form = "expr"
		}
		if got := strings.Join(b.Declares, " "); got != tt.declares {
			t.Errorf("%q declares %q, want %q", tt.text, got, tt.declares)
		}
		if got := strings.TrimRight(strings.Join(b.Assigns, " ")+"|"+strings.Join(b.Parts, " ")+"|"+strings.Join(b.Calls, " "), "|"); got != tt.assigns {
			t.Errorf("%q assigns %q, want %q", tt.text, got, tt.assigns)
		}
		if form != tt.form {
			t.Errorf("%q is %q, want %q", tt.text, form, tt.form)
		}
		leaves := ""
		if d := b.Leaves; d != nil {
			leaves = fmt.Sprintf("%d:%d %s", d.Line, d.Col, d.Msg)
		}
		if !strings.HasPrefix(leaves, tt.leaves) || (tt.leaves == "") != (leaves == "") {
			t.Errorf("%q: leaves %q, want %q", tt.text, leaves, tt.leaves)
		}
	}
}

// TestComposeErrors: what is wrong is reported where the user wrote it.
func TestComposeErrors(t *testing.T) {
	original := "%timeit -n 5 f(1 +)\nx := 2"
	_, errs := Compose(NewScope(), original, []Patch{{Text: "for {", At: Generated}, {Text: "f(1 +)", At: 13}, {Text: "}", At: Generated}})
	if len(errs) != 1 || errs[0].Line != 1 || errs[0].Col != 19 {
		t.Errorf("got %+v", errs)
	}
}

// TestStatements: the places of statements are those in the text.
func TestStatements(t *testing.T) {
	for text, want := range map[string]string{
		"x := 1\nf(x)": "x := 1|f(x)", " g( ) ; μ() // end": "g( )|μ()", "": "", "}; func _() {": "error", "for {": "error",
	} {
		list, offset, err := Statements(text)
		var got []string
		for _, s := range list {
			got = append(got, text[offset(s.Pos()):offset(s.End())])
		}
		if err != nil {
			got = []string{"error"}
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
