package timing

import (
	"context"
	"strings"
	"testing"

	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
	"hpgo/magics/measuring"
)

// TestSmoke: plans are short at the scale smoke; flags win.
func TestSmoke(t *testing.T) {
	for line, want := range map[string][]string{
		"%timeit f(x)":                 {`"target":0.01`, `"budget":0.5`, `"runs":7`},
		"%timeit -r 3 f(x)":            {`"target":0.01`, `"runs":3`, `!"budget":0.5`},
		"%timeit -n 5 f(x)":            {`"target":0.2`, `"loops":5`, `!"budget":0.5`},
		"%timeit --budget 4 f(x)":      {`"target":0.01`, `"budget":4`},
		"%compare f(x) ; g(x)":         {`"target":0.005`, `"budget":0.5`, `"runs":10`},
		"%sweep n=1,2,3 f(n)":          {`"target":0.001`, `"budget":0.5`},
		"%sweep --budget 3 n=1,2 f(n)": {`"budget":3`},
	} {
		h := magictest.New(t)
		h.Setenv("HPGO_SCALE", "smoke")
		h.Text, h.GoErr = line, magictest.ErrGo
		if _, err := h.Run(context.Background(), magic.NewTable(Rows()), line); err != magictest.ErrGo {
			t.Fatalf("%s: %v", line, err)
		}
		text := strings.ReplaceAll(programText(h.Programs[0]), `\"`, `"`)
		for _, part := range want {
			part, not := strings.CutPrefix(part, "!")
			if strings.Contains(text, part) == not {
				t.Errorf("%s: the plan has %s %v:\n%s", line, part, !not, text)
			}
		}
	}
}

// TestContestBudget: programs that take turns have one round at least, and stop.
func TestContestBudget(t *testing.T) {
	h := magictest.New(t)
	k := &contest{plan: harness.TimingPlan{Runs: 1_000_000, Loops: 50, Order: harness.OrderABBA, Budget: 0.01}, wait: measuring.NewProgress(h), list: []*contender{engineOf("base"), engineOf("equal")}}
	defer k.close()
	if err := k.start(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	got, err := k.run(t.Context())
	if err != nil || got.made() < 3 || got.partial() != "" || !strings.HasPrefix(overBudget(got), "stopped by the budget of 10 ms after ") {
		t.Errorf("%v, %d runs, %q, %s", err, got.made(), got.partial(), overBudget(got))
	}
}
