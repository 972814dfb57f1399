package session_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// run tells one cell and fails the test when it failed.
func (s *teller) run(t *testing.T, code string) *told {
	t.Helper()
	td := s.tell(txtar.File{Name: "cell", Data: []byte(code)}, "", false)
	if td.err != "" {
		t.Fatalf("cell %d: %s\n%s", td.count, td.err, td.back)
	}
	return td
}

func expectOut(t *testing.T, td *told, want string) {
	t.Helper()
	if td.out != want {
		t.Errorf("cell %d gave %q, want %q", td.count, td.out, want)
	}
}

// A cell of 2,000 lines compiles, and an error in its last line is found there.
func TestLongCell(t *testing.T) {
	if testing.Short() {
		t.Skip("not a story of the short run")
	}
	s := startSession(t)
	var b strings.Builder
	for i := range 666 {
		fmt.Fprintf(&b, "func f%d(x int) int { return x + %d }\nv%d := f%d(%d)\nv%d++\n", i, i, i, i, i, i)
	}
	b.WriteString("// the last line shows the last variable\nv665")
	expectOut(t, s.run(t, b.String()), "1331")
	expectOut(t, s.run(t, "v0 + v333 + f665(0)"), "1333")
	td := s.tell(txtar.File{Name: "cell", Data: []byte(b.String() + " + missing")}, "", false)
	if want := "CompileError: cell 3:2000:8: undefined: missing"; td.err != want {
		t.Errorf("got error %q, want %q", td.err, want)
	}
}

// Values pass through sixty cells, each of which sees those of the one before.
func TestSixtyCells(t *testing.T) {
	if testing.Short() {
		t.Skip("not a story of the short run")
	}
	s := startSession(t)
	s.run(t, "total := 0\nlog := []string{}\nfunc step(n int) int { total += n; return total }")
	for i := 1; i <= 58; i++ {
		code := fmt.Sprintf("log = append(log, %q)\nstep(%d)", fmt.Sprint("cell ", i), i)
		if i%10 == 0 {
			code = fmt.Sprintf("func step(n int) int { total += n; return total } // version %d\n%s", i, code)
		}
		expectOut(t, s.run(t, code), fmt.Sprint(i*(i+1)/2))
	}
	expectOut(t, s.run(t, "len(log), log[57], total"), `(58, "cell 58", 1711)`)
}
