package session_test

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestCompareKernel: the rows of a kernel that the session itself has are compared,
// the one whose result is wrong and the one that can't be itself without a time.
func TestCompareKernel(t *testing.T) {
	s := startSession(t)
	s.want(t, `import "hpgo/kernels"
type numbers []int
func total(n numbers) int { sum := 0; for _, v := range n { sum += v }; return sum }
never := kernels.Need{Name: "luck", Missing: func() string { return "no luck today" }}
adding := &kernels.Subject[numbers, int]{
	Name: "adding", Doc: "a sum", Unit: "number",
	Make: func(n int) (numbers, error) {
		if n < 0 { return nil, fmt.Errorf("%d numbers", n) }
		return make(numbers, n), nil
	},
	Ops: func(n numbers) float64 { return float64(len(n)) },
	Differs: func(_ numbers, want, got int) string { if want != got { return fmt.Sprint(got, " isn't ", want) }; return "" },
	Sums: func(sum int) []kernels.Sum { return nil },
	Variants: []kernels.Variant[numbers, int]{
		{Name: "plain", Doc: "d", Func: total},
		{Name: "again", Doc: "d", Func: func(n numbers) int { return total(n) }},
		{Name: "bad", Doc: "d", Func: func(numbers) int { return 7 }},
		{Name: "lucky", Doc: "d", Func: total, Needs: []kernels.Need{never}},
	},
}
adding.Name`, "adding")
	told := s.tell(txtar.File{Name: "cell", Data: []byte("%compare -n 10 -r 6 --kernel adding.At(100)")}, "", false)
	var all strings.Builder
	for _, p := range told.parts() {
		all.Write(p.Data)
	}
	for _, part := range []string{"plain", "again", "(base)", "bad: no time: adding, bad: 7 isn't 0", "lucky: no time: no luck today"} {
		if !strings.Contains(all.String(), part) {
			t.Errorf("%%compare --kernel doesn't say %q:\n%s", part, all.String())
		}
	}
	s.want(t, "%compare --kernel adding.At(-3)", "kernel adding at size -3: -3 numbers")
	s.want(t, "%compare --kernel x := 3", "it takes an expression that is a kernels.Problem")
	s.want(t, "%compare --kernel --ir adding.At(3)", "flag --ir of %compare can't stand with --kernel")
	s.want(t, "%compare --kernel adding", "does not implement kernels.Problem")
}
