package cell

import (
	"fmt"
	"strings"
	"testing"
)

// TestOutline looks that pieces need nothing of their cells.
func TestOutline(t *testing.T) {
	scope := NewScope()
	for i, text := range []string{
		"import str \"strings\"\nimport . \"math/bits\"\n\n// A is first.\ntype (\n\t// B counts.\n\tB int\n\tC struct{ b str.Builder }\n)\n\nfunc Width(n uint) int { return Len(n) + str.Count(\"a\", \"a\") }",
		"const (\n\tOne = iota + 1\n\tTwo\n)\n\n// n is a number.\nn, when := 3, time.Now()",
		"const Two = \"two\"\nfunc (c C) M() {}\nfunc init() {}\nvar list []B",
	} {
		c, errs := ParseIn(scope, text)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		u, errs := Rewrite(testEnv(), scope, i+1, c)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		scope = u.Next
	}
	var b strings.Builder
	for _, p := range scope.Outline() {
		fmt.Fprintf(&b, "%s %v, cell %d", p.Kind, p.Names, p.Cell)
		for _, im := range p.Imports {
			fmt.Fprintf(&b, ", %s %s", im.Name, im.Path)
		}
		fmt.Fprintf(&b, "\n%s\n", p.Text)
	}
	want := `type [B], cell 1
// B counts.
type B int
type [C], cell 1, str strings
type C struct{ b str.Builder }
func [Width], cell 1, . math/bits, str strings
func Width(n uint) int { return Len(n) + str.Count("a", "a") }
const [One], cell 2
const (
	One = iota + 1
	_
)
var [n], cell 2
// n is a number.
var n int
var [when], cell 2, hpgo__time time
// n is a number.
var when hpgo__time.Time
const [Two], cell 3
const Two = "two"
method [C.M], cell 3
func (c C) M() {}
var [list], cell 3
var list []B
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
