package timing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
)

// timing is a program that times loops: what stands in them, and the plan of the
// runs.
type timing struct {
	plan     harness.TimingPlan
	variants []timedLoop
	param    string   // name of the parameter that the points give values; "": none
	float    bool     // it isn't a whole number everywhere
	flags    []string // of the compile tool
	escape   bool     // results are moved to the heap
	fresh    bool
	imports  map[string]string // of the loops, beside the session's: names to paths
}

// timedLoop is what one of a program's loops times.
type timedLoop struct {
	measuring.Subject
	name     string      // of the variant; "" where there is only one
	last     magic.Piece // the expression that ends the body, where that is more; it isn't in body
	lastInfo *cell.Body
	constant bool        // it is a call that the compiler may compute once and for all
	each     magic.Piece // preparation of each operation
	eachInfo *cell.Body
	opening  string // what stands before the preparation, whose end closes it
	hidden   string // declarations of what stands in the place of literals
}

// program is the Go that carries out the plan.
func (t *timing) program(hear func(harness.Record)) (magic.Program, error) {
	plan, err := json.Marshal(t.plan)
	if err != nil {
		return magic.Program{}, fmt.Errorf("plan of the timing: %w", err)
	}
	c := composer{timing: t}
	c.ours("hpgo__m := %s.Timed(%q)", measuring.HarnessName, plan)
	c.ours("if !hpgo__m.Next() {\nreturn\n}")
	if t.param != "" {
		kind := "Int"
		if t.float {
			kind = "Float"
		}
		c.ours("%s := hpgo__m.%s()\n_ = %s", t.param, kind, t.param)
	}
	for i := range t.variants {
		c.variant(i, &t.variants[i])
	}
	// The compiler keeps results of B.Loop alive only where testing is imported.
	imports := map[string]string{measuring.HarnessName: measuring.HarnessPath, "hpgo__testing": "testing"}
	maps.Copy(imports, t.imports)
	return magic.Program{InBLoop: true, Pieces: c.pieces, Imports: imports, Records: hear, GCFlags: t.flags, Fresh: t.fresh}, nil
}

// composer writes a program in pieces.
type composer struct {
	*timing
	pieces []magic.Piece
}

func (c *composer) ours(format string, args ...any) {
	c.pieces = append(c.pieces, magic.Ours(fmt.Sprintf(format, args...)))
}

// variant writes one loop with what stands around it.
func (c *composer) variant(i int, v *timedLoop) {
	c.ours("if hpgo__m.Is(%d) {", i)
	c.ours("var hpgo__b *hpgo__testing.B = hpgo__m.B()")
	if v.opening != "" {
		c.ours("%s", v.opening)
	}
	c.user(v.Setup, v.SetupInfo)
	if v.hidden != "" {
		c.ours("%s", v.hidden)
	}
	switch {
	case !c.plan.Singly:
		c.loop(func() { c.body(v) })
	case !c.plan.Batch:
		c.singly(v)
	default:
		c.ours("if hpgo__m.Singly() {")
		c.singly(v)
		c.ours("} else {")
		c.batch(v)
		c.ours("}")
	}
	c.ours("}")
}

// loop writes the loop, whose head must be written like this.
func (c *composer) loop(body func()) {
	c.ours("hpgo__m.Begin()\nfor hpgo__b.Loop() {")
	body()
	c.ours("}\nreturn") // see harness.Timing
}

// singly writes a loop whose operations are timed one by one.
func (c *composer) singly(v *timedLoop) {
	c.loop(func() {
		c.user(v.each, v.eachInfo)
		c.ours("hpgo__m.Start()\n{")
		c.body(v)
		c.ours("}\nhpgo__m.Stop()")
	})
}

// batch writes a loop whose inputs, all that each declares, are prepared before.
func (c *composer) batch(v *timedLoop) {
	names := v.eachInfo.Declares
	lists := make([]string, len(names))
	for k := range names {
		lists[k] = fmt.Sprintf("hpgo__in%d", k)
	}
	// The inputs' types are known only where they are declared, so the lists are
	// made with the first of them, and the loop stands in the same block.
	c.user(v.each, v.eachInfo)
	for k, name := range names {
		c.ours("%s := %s.Room(hpgo__m, %s)", lists[k], measuring.HarnessName, name)
	}
	c.ours("for hpgo__i := range hpgo__m.N() {\nif hpgo__i > 0 {")
	c.user(v.each, v.eachInfo)
	for k, name := range names {
		c.ours("%s[hpgo__i] = %s", lists[k], name)
	}
	c.ours("} else {")
	for k, name := range names {
		c.ours("%s[0] = %s", lists[k], name)
	}
	c.ours("}\n}\nhpgo__i := 0")
	c.loop(func() {
		for k, name := range names {
			c.ours("%s := %s[hpgo__i]\n_ = %s", name, lists[k], name)
		}
		c.ours("hpgo__i++\n{")
		c.body(v)
		c.ours("}")
	})
}

// user writes Go of the user's, with a use of all that it declares.
func (c *composer) user(p magic.Piece, info *cell.Body) {
	if info == nil || info.Empty {
		return
	}
	c.pieces = append(c.pieces, p)
	if text := measuring.Uses(info); text != "" {
		c.ours("%s", text)
	}
}

// body writes the timed Go.
func (c *composer) body(v *timedLoop) {
	if !c.escape {
		c.user(v.Body, v.BodyInfo)
		if v.last.Text != "" {
			c.pieces = append(c.pieces, v.last)
		}
		return
	}
	if v.BodyInfo.Expr != nil {
		p := v.Body
		p.Expr = false
		c.ours("hpgo__x :=")
		c.pieces = append(c.pieces, p)
		c.ours("%s.Escape(hpgo__x)", measuring.HarnessName)
		return
	}
	c.user(v.Body, v.BodyInfo)
	for _, name := range v.BodyInfo.Declares {
		c.ours("%s.Escape(%s)", measuring.HarnessName, name)
	}
}

// timings are the records of a timing, by points.
type timings struct {
	plan   harness.TimingPlan
	start  harness.TimingStart
	trials [][]harness.TimingRun
	runs   [][]harness.TimingRun
	order  []int              // the points of the runs as they came
	cpu    bool               // %compare takes times of the CPU clock
	end    *harness.TimingEnd // nil: the program didn't come to its end
	each   bool               // operations were prepared
	spoilt error              // a record that couldn't be read
	out    magic.Outcome
}

func newTimings(plan harness.TimingPlan) *timings {
	n := len(plan.Points)
	return &timings{plan: plan, trials: make([][]harness.TimingRun, n), runs: make([][]harness.TimingRun, n)}
}

// hear takes in a record.
func (t *timings) hear(r harness.Record) {
	var err error
	switch r.Kind {
	case harness.RecordTimingStart:
		err = json.Unmarshal(r.Data, &t.start)
	case harness.RecordTimingRun:
		var run harness.TimingRun
		if err = json.Unmarshal(r.Data, &run); err != nil || run.Point < 0 || run.Point >= len(t.runs) {
			break
		}
		list := &t.runs[run.Point]
		if run.Trial {
			list = &t.trials[run.Point]
		} else {
			t.order = append(t.order, run.Point)
		}
		*list = append(*list, run)
	case harness.RecordTimingEnd:
		t.end = &harness.TimingEnd{}
		err = json.Unmarshal(r.Data, t.end)
	}
	if err != nil && t.spoilt == nil {
		t.spoilt = fmt.Errorf("read a record of the timing: %w", err)
	}
}

// made counts runs.
func (t *timings) made() int {
	n := 0
	for _, runs := range t.runs {
		n += len(runs)
	}
	return n
}

// partial says how much of the plan there is; "" for all of it, or all that the
// budget allowed.
func (t *timings) partial() string {
	want := len(t.plan.Points) * t.plan.Runs
	if t.end != nil && (t.end.Stopped == "" || t.end.Stopped == harness.StoppedBudget) || t.made() >= want {
		return ""
	}
	return fmt.Sprintf("%d of %s", t.made(), countedRuns(want))
}

func countedRuns(n int) string {
	if n == 1 {
		return "1 run"
	}
	return fmt.Sprintf("%d runs", n)
}

// carryOut runs a timing and returns what it told, also with an error. The
// session's variables that the Go assigns get their values back; the names of
// those come along.
func carryOut(ctx context.Context, h magic.Host, t *timing, keep bool) (*timings, []string, error) {
	got := newTimings(t.plan)
	got.each = len(t.variants) > 0 && t.variants[0].each.Text != ""
	said := 0
	wait := measuring.NewProgress(h)
	defer wait.End()
	p, err := t.program(func(r harness.Record) {
		got.hear(r)
		switch n := got.made(); {
		case n > said:
			said = n
			wait.Say("%d of %s timed", n, countedRuns(len(t.plan.Points)*t.plan.Runs))
		case n == 0:
			wait.Say("calibrating")
		}
	})
	if err != nil {
		return got, nil, err
	}
	out, names, err := measuring.Measure(ctx, h, t.everything(), p, keep)
	got.out = out
	if err == nil {
		err = got.spoilt
	}
	if err == nil && got.partial() != "" && got.end == nil {
		err = errors.New("the measured code ended the goroutine that times it, or the program: runtime.Goexit and os.Exit can't stand in it")
	}
	return got, names, err
}

// everything is all Go of the user's in the program, for what it assigns: names
// that it declares itself, or that the parameter has, are not the session's.
func (t *timing) everything() *measuring.Subject {
	all := &measuring.Subject{SetupInfo: &cell.Body{}, BodyInfo: &cell.Body{}}
	for i := range t.variants {
		v := &t.variants[i]
		declared := []string{t.param}
		for _, info := range []*cell.Body{v.SetupInfo, v.eachInfo, v.BodyInfo, v.lastInfo} {
			if info == nil {
				continue
			}
			ours := func(name string) bool { return slices.Contains(declared, name) }
			all.BodyInfo.Assigns = append(all.BodyInfo.Assigns, slices.DeleteFunc(slices.Clone(info.Assigns), ours)...)
			all.BodyInfo.Parts = append(all.BodyInfo.Parts, slices.DeleteFunc(slices.Clone(info.Parts), ours)...)
			all.BodyInfo.Calls = append(all.BodyInfo.Calls, slices.DeleteFunc(slices.Clone(info.Calls), ours)...)
			declared = append(declared, info.Declares...)
		}
	}
	return all
}
