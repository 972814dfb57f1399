package cell

import (
	"flag"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// summary writes a cell and its errors in one line per part, for tables and
// goldens.
func summary(c *Cell, errs Errors) string {
	var b strings.Builder
	if c.Main {
		fmt.Fprintf(&b, "main %d %q\n", c.MainLine, c.MainArgs)
	}
	if m := c.CellMagic; m != nil {
		fmt.Fprintf(&b, "cellmagic %d %q %q body %q\n", m.Line, m.Name, m.Args, m.Body)
	}
	for _, m := range c.Magics {
		fmt.Fprintf(&b, "%s %d %q %q", [...]string{"magic", "cellmagic", "shell", "shelltmp"}[m.Kind], m.Line, m.Name, m.Args)
		if m.Assign != "" {
			fmt.Fprintf(&b, " assign %q define %v", m.Assign, m.Define)
		}
		b.WriteByte('\n')
	}
	for _, it := range c.Items {
		fmt.Fprintf(&b, "%s %q", it.Kind, c.Text[it.Start:it.End])
		if len(it.Values) > 1 {
			fmt.Fprintf(&b, " values %d", len(it.Values))
		}
		b.WriteByte('\n')
	}
	if c.Hidden {
		b.WriteString("hidden\n")
	}
	for _, d := range errs {
		fmt.Fprintf(&b, "error %s [%s %d]\n", d.Error(), d.Code, d.EndCol)
	}
	return b.String()
}

var updateParse = flag.Bool("update-parse", false, "rewrite testdata/parse/*.txt")

// TestParseGolden runs the cells of testdata/parse: each is the text up to a
// line of dashes, and what Parse makes of it up to a line of equals signs.
func TestParseGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/parse/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		for i, part := range strings.SplitAfter(string(data), "\n=====\n") {
			text, want, _ := strings.Cut(strings.TrimSuffix(part, "=====\n"), "\n-----\n")
			if text == "" && want == "" {
				continue
			}
			c, errs := Parse(text)
			check(t, c)
			got := summary(c, errs)
			if got != want && !*updateParse {
				t.Errorf("%s, case %d:\n%s\ngot\n%swant\n%s", file, i+1, text, got, want)
			}
			fmt.Fprintf(&out, "%s\n-----\n%s=====\n", text, got)
		}
		if *updateParse {
			if err := os.WriteFile(file, []byte(out.String()), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// check holds what must be true of every parse.
func check(t *testing.T, c *Cell) {
	t.Helper()
	if len(c.Go) != len(c.Text) {
		t.Errorf("%q: Go has %d bytes, Text %d", c.Text, len(c.Go), len(c.Text))
	}
	end := 0
	for _, it := range c.Items {
		if it.Start < end || it.Code < it.Start || it.End <= it.Code || it.End > len(c.Text) {
			t.Errorf("%q: item [%d %d %d) after %d", c.Text, it.Start, it.Code, it.End, end)
		}
		end = it.End
		var n ast.Node = it.Stmt
		if it.Kind != ItemStmt {
			n = it.Decl
		}
		ast.Inspect(n, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if ok && id.Name != "_" && id.Pos().IsValid() {
				if got := c.Text[it.Offset(id.Pos()):it.Offset(id.End())]; got != id.Name {
					t.Errorf("%q: identifier %s stands at %q", c.Text, id.Name, got)
				}
			}
			return true
		})
		if it.Offset(token.NoPos) != -1 {
			t.Error("NoPos has an offset")
		}
	}
}
