package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

func TestPosition(t *testing.T) {
	c, _ := Parse("é := 1\n\n\tx\n")
	for _, p := range []struct{ off, line, col int }{
		{-5, 1, 1}, {0, 1, 1}, {2, 1, 3}, {7, 1, 8}, {8, 2, 1}, {9, 3, 1}, {10, 3, 2}, {11, 3, 3}, {12, 4, 1}, {99, 4, 1},
	} {
		if line, col := c.Position(p.off); line != p.line || col != p.col {
			t.Errorf("Position(%d) = %d:%d, want %d:%d", p.off, line, col, p.line, p.col)
		}
	}
	empty, _ := Parse("")
	if line, col := empty.Position(0); line != 1 || col != 1 {
		t.Errorf("empty cell: %d:%d", line, col)
	}
}

// TestPositionsAreUniform holds the promise that all nodes of a cell stand at
// their offset plus one constant.
func TestPositionsAreUniform(t *testing.T) {
	c, errs := Parse("import \"fmt\"\n// doc\nvar é = 1\n\tx := é + 1\nfunc f() { g(x) }\nif x > 0 {\n\tf()\n}\nx, é")
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	shift := token.Pos(0)
	idents := 0
	for _, it := range c.Items {
		var n ast.Node = it.Stmt
		if it.Decl != nil {
			n = it.Decl
		}
		ast.Inspect(n, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			idents++
			off := it.Offset(id.Pos())
			if !strings.HasPrefix(c.Text[off:], id.Name) {
				t.Errorf("%s at %q", id.Name, c.Text[off:])
			}
			if got := id.Pos() - token.Pos(off); shift == 0 {
				shift = got
			} else if got != shift {
				t.Errorf("%s is shifted by %d, others by %d", id.Name, got, shift)
			}
			return true
		})
	}
	if idents < 8 {
		t.Errorf("only %d identifiers", idents)
	}
}

func TestLastExpr(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""}, {"x", "x"}, {"x;", ""}, {"x\n;", ""}, {"x := 1", ""}, {"x := 1\nx", "x"}, {"x\ny := 1", ""},
		{"f()", "f()"}, {"x // c", "x"}, {"x\n// c\n", "x"}, {"x\n%time y", "x"}, {"x; y", "y"}, {"x; y;", ""},
		{"func f() {}", ""}, {"if x {\n}", ""}, {"x++", ""}, {"go f()", ""}, {"<-c", "<-c"}, {"c <- 1", ""},
		{"a, b", "a, b"}, {"L: x", ""}, {"%%bash\nx", ""}, {"%%\nx", "x"}, {"{\n\tx\n}", ""},
	} {
		cell, errs := Parse(c.text)
		if len(errs) > 0 {
			t.Errorf("%q: %v", c.text, errs)
		}
		it, ok := cell.LastExpr()
		if got := cell.Text[it.Code:it.End]; ok != (c.want != "") || ok && got != c.want {
			t.Errorf("LastExpr(%q) = %q %v, want %q", c.text, got, ok, c.want)
		}
	}
}

func TestValues(t *testing.T) {
	for text, want := range map[string]int{"x": 1, "a, b": 2, "f(), 1, T{}": 3, "x := 1": 0, "var x = 1": 0} {
		c, errs := Parse(text)
		if len(errs) > 0 || len(c.Items) != 1 || len(c.Items[0].Values) != want {
			t.Errorf("%q: %v %v", text, c.Items, errs)
			continue
		}
		it := c.Items[0]
		for i, v := range it.Values {
			if got := strings.TrimSpace(strings.Split(text, ", ")[i]); c.Text[it.Offset(v.Pos()):it.Offset(v.End())] != got {
				t.Errorf("%q: value %d stands elsewhere", text, i)
			}
		}
	}
}

func TestParseBody(t *testing.T) {
	c, errs := Parse("// about\n%%time -x\né := 1\ny := )\né")
	if len(errs) > 0 || c.CellMagic == nil || c.CellMagic.Line != 2 || strings.TrimSpace(c.Go) != "// about" {
		t.Fatalf("%+v %v %q", c.CellMagic, errs, c.Go)
	}
	b, errs := c.ParseBody()
	check(t, b)
	if len(b.Items) != 2 || b.Text != c.Text || len(errs) != 1 || errs[0].Line != 4 || errs[0].Col != 6 {
		t.Errorf("%v %v", b.Items, errs)
	}
	// Cell magics nest: the body is a cell again.
	c, _ = Parse("%%capture x\n\n%%time\nf()")
	b, errs = c.ParseBody()
	if len(errs) > 0 || b.CellMagic == nil || b.CellMagic.Name != "time" || b.CellMagic.Line != 3 {
		t.Fatalf("%+v %v", b.CellMagic, errs)
	}
	b, errs = b.ParseBody()
	if line, _ := b.Position(b.Items[0].Code); len(errs) > 0 || line != 4 {
		t.Errorf("line %d, %v", line, errs)
	}
	plain, _ := Parse("x := 1")
	if b, errs := plain.ParseBody(); len(errs) > 0 || len(b.Items) != 1 {
		t.Errorf("body of a plain cell: %v %v", b.Items, errs)
	}
}

func TestArgsAt(t *testing.T) {
	for _, c := range []struct{ text, at string }{
		{"%time f()", "f()"}, {"  %time   f()", "f()"}, {"x := %timeit  -o f()", "-o f()"}, {"!ls -la", "ls -la"}, {"!* ls", "ls"},
		{"//gonb:%time f()", "f()"}, {"%time \\\n f()", "f()"}, {"%time \\\n\\\n\\\n  f()\nx", "f()\nx"}, {"%time a \\\n b", "a \\\n b"},
		{"%%bash -x\nls", "-x\nls"}, {"%time", ""}, {"x = !cat \\\n f", "cat \\\n f"}, {"//gonb:!\\\n//gonb:ls", "ls"},
	} {
		cell, errs := Parse(c.text)
		if len(errs) > 0 {
			t.Errorf("%q: %v", c.text, errs)
			continue
		}
		m := cell.CellMagic
		if m == nil {
			m = &cell.Magics[0]
		}
		if got := cell.Text[m.ArgsAt:]; got != c.at {
			t.Errorf("%q: arguments at %q, want %q", c.text, got, c.at)
		}
	}
}

// BenchmarkHardCells parses cells of many equal lines that make the splitter
// look ahead or guess: its time must not grow faster than they do.
func BenchmarkHardCells(b *testing.B) {
	for _, line := range []string{
		"x := 1\n", "%time x\n", "if x\n", "for i := 0\n", "x := !echo (\n", "f(a\n", "x := \"\n", "{\n", "if []int{}\n", "func(a) b[\n", "func f() {\n", "f(\n\"\n",
	} {
		for _, n := range []int{500, 2000} {
			text := strings.Repeat(line, n)
			b.Run(fmt.Sprintf("%.8q/%d", line, n), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					Parse(text)
				}
			})
		}
	}
}
