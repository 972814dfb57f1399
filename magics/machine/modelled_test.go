package machine

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/harness/valgrind"
	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
	"hpgo/magics/measuring"
	"hpgo/magics/result"
	"hpgo/magics/simulated"
)

// sample is a profile of a cell's function, partly inlined into the entry function, one
// of the runtime's, and the harness.
func sample(factor uint64) simulated.Profile {
	cost := func(ir, misses uint64) simulated.Cost { return simulated.Cost{ir * factor, 2, 1, 0, misses} }
	entry := "main." + cell.EntryName
	return simulated.Profile{Costs: map[simulated.Place]simulated.Cost{
		{Func: entry, File: "cell 1", Line: 3}:                                 cost(700, 5),
		{Func: "main.f", File: "cell 1", Line: 3, Addr: 4}:                     cost(100, 0),
		{Func: "main.f", File: "/go/src/math/sqrt.go", Line: 9}:                cost(50, 0),
		{Func: entry, File: "cell 2", Line: 1}:                                 cost(20, 0),
		{Func: entry, File: "/go/src/math/sqrt.go", Line: 9}:                   cost(10, 0),
		{Func: "runtime.memmove", File: "/go/src/runtime/memmove_amd64.s"}:     cost(120, 1),
		{Func: "hpgo/magics/harness/valgrind.request.abi0", File: "request.s"}: cost(4, 0),
		{Func: "main.(*T).m", File: "cell 1", Line: 9}:                         cost(1, 0),
		{Func: "hpgo/magics/harness/valgrind.(*Loop).endRun", File: "loop.go"}: cost(2, 0),
		{Func: "sum", File: "cell 1", Line: 30}:                                cost(2, 0),
		{Func: "main.other", File: "/tmp/other.go", Line: 12}:                  cost(3, 0),
	}}
}

func TestCosts(t *testing.T) {
	o := ownersOf([]magic.Function{{Name: "f", File: "cell 1", First: 2, Lines: make([]string, 4)}, {Name: "(*T).m", File: "cell 1", First: 8, Lines: make([]string, 3)}})
	functions, lines := costs(sample(1), o)
	want := []struct {
		fn, file string
		ir       int64
	}{{"f", "cell 1", 850}, {"runtime.memmove", "", 120}, {theCell, "", 30}, {"main.other", "", 3}, {"sum", "cell 1", 2}, {"(*T).m", "cell 1", 1}}
	for i, w := range want {
		if i >= len(functions) || functions[i].Func != w.fn || functions[i].File != w.file || functions[i].Instructions != w.ir {
			t.Errorf("%d: %+v, want %+v", i, functions[min(i, len(functions)-1)], w)
		}
	}
	if len(functions) != len(want) {
		t.Errorf("%d functions: %+v", len(functions), functions)
	}
	if len(lines) != 4 || lines[0].Line != 3 || lines[0].Instructions != 800 || lines[0].D1Misses != 5 || lines[3].File != "cell 2" {
		t.Errorf("lines: %+v", lines)
	}
}

// The source of functions is shown with its counts, that of the cell where it counted.
func TestListed(t *testing.T) {
	o := ownersOf([]magic.Function{{Name: "f", File: "cell 1", First: 2, Lines: []string{"func f() {", "\twork()", "}"}}})
	s := &result.PerfSimulated{}
	s.Functions, s.Lines = costs(sample(1), o)
	all := listedOf(s, o, map[string]string{"cell 2": "%perf stat f()\n// more"})
	if len(all) != 2 || all[0].name != "f" || all[0].first != 2 || len(all[0].source) != 3 || all[0].costs[3].Instructions != 800 {
		t.Fatalf("%+v", all)
	}
	if c := all[1]; c.name != theCell || c.file != "cell 2" || c.first != 1 || len(c.source) != 1 {
		t.Errorf("%+v", c)
	}
	if _, err := all[0].figure().Encode(); err != nil {
		t.Error(err)
	}
}

// A simulated program that panics where the code itself didn't has executed something
// else: its run isn't shown. That it had other values is said.
func TestSimulationFails(t *testing.T) {
	h := magictest.New(t)
	h.Outcome.Left = map[string]string{"fn": "it holds functions", "a": "it holds pointers"}
	h.DuringGo = func(h *magictest.Host) {
		p := h.Programs[0]
		for _, option := range p.Under {
			if out, ok := strings.CutPrefix(option, "--callgrind-out-file="); ok {
				for run, ir := range []string{"7", "9000"} {
					text := "desc: Trigger: Client Request: " + valgrind.DumpName(run+1) + "\nevents: Ir\nfn=main.f\n3 " + ir + "\n"
					if err := os.WriteFile(fmt.Sprintf("%s.%d", out, run+1), []byte(text), 0o666); err != nil {
						t.Error(err)
					}
				}
			}
		}
		for _, data := range []string{`{"number":1}`, `{"number":2,"broken":true}`} {
			p.Records(harness.Record{Kind: valgrind.RecordRun, Data: []byte(data)})
		}
	}
	v := variant{"f()", measuring.NoSubject()}
	for fail, want := range map[error]int{nil: 2, magictest.ErrGo: 1} {
		h.Programs, h.GoErr = nil, fail
		sim, err := newModel(simulated.Tool{}, measuring.NewProgress(h), valgrind.Options{Runs: 2}, 1).run(t.Context(), h, v)
		if err != fail || len(sim.profiles) != want || sim.profiles[0].Total().Instructions() != 7 {
			t.Errorf("%v: %d runs, %v", fail, len(sim.profiles), err)
		}
		if got, want := sim.leftOut(), "simulated with values as declarations make them, not as they are in the session: a (it holds pointers), fn (it holds functions)"; got != want {
			t.Error(got)
		}
	}
}

// A program is built for what valgrind knows, whoever asked for more.
func TestSimulatedEnv(t *testing.T) {
	for _, tt := range []struct {
		environ []string
		level   string
		env     []string
		noted   bool
	}{
		{nil, "v1", []string{"GODEBUG=asyncpreemptoff=1"}, false},
		{[]string{"GODEBUG=madvdontneed=1", "GOAMD64=v1"}, "v4", []string{"GODEBUG=madvdontneed=1,asyncpreemptoff=1", "GOAMD64=v3"}, true},
		{[]string{"GOAMD64=v4"}, "", []string{"GODEBUG=asyncpreemptoff=1", "GOAMD64=v3"}, true},
		{nil, "v3", []string{"GODEBUG=asyncpreemptoff=1"}, false},
	} {
		env, note := simulatedEnv(tt.environ, tt.level)
		if !slices.Equal(env, tt.env) || (note != "") != tt.noted {
			t.Errorf("%q, %s: %q, %q", tt.environ, tt.level, env, note)
		}
	}
}

func TestSimulation(t *testing.T) {
	s := &simulation{tool: simulated.Tool{Version: "3.19.0"}, runs: []valgrind.Run{{Number: 1, Elapsed: 1}, {Number: 2, Elapsed: 3}, {Number: 3, Broken: true}},
		profiles: []simulated.Profile{sample(1), sample(1), sample(7)}}
	r := s.result([]string{"cycles", "instructions", "cs"}, operations{loops: 10, ops: 20}, owners{})
	if r.Runs != 2 || r.Elapsed != 4.0/3 || len(r.Events) != 1 || *r.Events[0].Value != 1006 || *r.Events[0].Err != 0 || *r.Events[0].PerOp != 50.3 || r.Events[0].Source != result.PerfModel {
		t.Errorf("%+v", r)
	}
	if r := s.result([]string{"cs"}, operations{}, owners{}); len(r.Events) != 6 {
		t.Errorf("without a known event: %+v", r.Events)
	}
	s.runs, s.profiles = s.runs[2:], s.profiles[2:]
	if r := s.result(nil, operations{}, owners{}); r.Runs != 0 || *r.Events[0].Value != 7*1006 {
		t.Errorf("only a broken run: %+v", r)
	}
}
