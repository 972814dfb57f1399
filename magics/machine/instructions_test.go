package machine

import (
	"math"
	"strings"
	"testing"

	"hpgo/magics/harness/valgrind"
	"hpgo/magics/result"
	"hpgo/magics/simulated"
)

// executed is a simulation of runs with so many instructions in the code, and others in
// the harness.
func executed(counts ...uint64) *simulation {
	s := &simulation{}
	for i, n := range counts {
		s.runs = append(s.runs, valgrind.Run{Number: i + 1})
		s.profiles = append(s.profiles, simulated.Profile{Costs: map[simulated.Place]simulated.Cost{
			{Func: "main.f", File: "cell 1", Line: 3}:           {n, 1, 1, 0, 2},
			{Func: "hpgo/magics/harness/valgrind.(*Loop).Next"}: {50 + uint64(i)},
		}})
	}
	return s
}

func TestInstructions(t *testing.T) {
	names := []variant{{name: "base"}, {name: "same"}, {name: "fewer"}, {name: "varies"}, {name: "overlaps"}, {name: "ended"}}
	c := Instructions{Loops: 10, Runs: 2, Limit: math.Inf(1)}
	sims := []*simulation{executed(1000, 1000), executed(1000, 1000), executed(900, 900), executed(1001, 1100), executed(990, 1010)}
	sims[4].left = map[string]string{"fn": "it holds functions"}
	res := c.judged(names, sims, &model{tool: simulated.Tool{Version: "3"}})
	for i, want := range []result.Instructed{
		{Verdict: "base", Runs: 2, Instructions: 100, Least: 100, Most: 100},
		{Verdict: "equal", Runs: 2, Instructions: 100, Least: 100, Most: 100, Ratio: 1},
		{Verdict: "fewer", Runs: 2, Instructions: 90, Least: 90, Most: 90, Ratio: 0.9},
		{Verdict: "more", Runs: 2, Instructions: 105.05, Least: 100.1, Most: 110, Ratio: 1.0505},
		{Verdict: "not told apart", Runs: 2, Instructions: 100, Least: 99, Most: 101, Ratio: 1},
		{Verdict: "missing"},
	} {
		got := res.Variants[i]
		if want.Name, want.D1Misses = names[i].name, 0.2; want.Runs == 0 {
			want.D1Misses = 0
		}
		if got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	if err := c.exceeded(res); err != nil {
		t.Error(err)
	}
	c.Limit = 0.04
	if err := c.exceeded(res); err == nil || err.Error() != "varies executes 5 % more instructions than base, allowed is 4 %" {
		t.Error(err)
	}
	out := c.output(res, nil, sims)
	for _, want := range []string{"simulated by valgrind 3 (2 runs): a model, not this CPU", "100 to 110", "the same", "not simulated"} {
		if !strings.Contains(out.Text, want) {
			t.Errorf("no %q in\n%s", want, out.Text)
		}
	}
	if len(out.Warnings) != 3 || !strings.Contains(out.Warnings[0], "varies doesn't execute the same in each run") || !strings.Contains(out.Warnings[2], "overlaps: simulated with values as declarations make them") {
		t.Errorf("%q", out.Warnings)
	}
}
