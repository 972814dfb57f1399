package session_test

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestCprun: each kind of time stands at the line that it is of, with memory and hits.
func TestCprun(t *testing.T) {
	s := startSession(t)
	s.want(t, `import "syscall"
func spin(n int) (s float64) { for i := range n { s += math.Sqrt(float64(i)) }; return s }
func mixed() float64 {
	x := spin(5_000_000)
	for range 100_000 { syscall.Getuid() }
	keep := make([][]byte, 0)
	for range 300 { keep = append(keep, make([]byte, 65536)) }
	time.Sleep(20 * time.Millisecond)
	return x + float64(len(keep))
}
mixed()`, "e+")
	s.want(t, "%cprun -q -v p -n 6 -f mixed mixed()", "")
	s.want(t, `f := p.Functions[0]
sleeps, makes := f.Line(8), f.Line(7)
f.Name, f.Line(4).Hits, makes.Objects >= 300, makes.Bytes >= 300*65536, sleeps.Time.Wait > 0, f.Line(4).Time.Go > 0, makes.Time.InRuntime() > 0, f.Line(5).Time.Kernel > 0, sleeps.Time.Go == 0, p.Peak > 0, len(p.RSS) > 1`,
		`("mixed", 1, true, true, true, true, true, true, true, true, true)`)
	s.want(t, `// static double inverse(int n) { double s = 0; for (int i = 1; i < n; i++) s += 1.0 / i; return s; }
import "C"
func foreign() float64 {
	return float64(C.inverse(3000000))
}`, "")
	s.want(t, "%cprun -q -v c -nomem -nowait -n 3 -f foreign foreign()", "")
	s.want(t, "at := c.Functions[0].Line(4).Time\nat.Cgo > 0.8*c.Whole.Total(), c.Whole.Cgo > c.Foreign", "(true, true)")
	s.want(t, "%prun -q -v pr foreign()", "")
	s.want(t, `named := func(name string) bool { return pr.Rows[0].Name == name && strings.HasPrefix(pr.Rows[0].File, "cells.") && pr.Rows[0].Share > 0.5 }
named("C.inverse") || named("inverse")`, "true")
	s.want(t, `%cprun -flags GOGC=300 -nomem -nowait -n 1 -f spin spin(100)`, "flags of this measurement: GOGC=300")
	s.want(t, "%cprun 1+1", "no function of the session ran")
	for _, fault := range []string{`%cprun -nomem panic("boom")`, "%cprun -nomem os.Exit(3)"} {
		told := s.tell(txtar.File{Name: "cell", Data: []byte(fault)}, "", false)
		if !strings.Contains(told.err, "boom") && !strings.Contains(told.err, "exit status 3") {
			t.Errorf("%s: %s", fault, told.err)
		}
	}
	s.want(t, "spin(2)", "1")
}
