package machine

import (
	"context"
	"slices"
	"strings"

	"hpgo/kernel/display"
	"hpgo/magics/harness/counters"
	"hpgo/magics/magic"
	"hpgo/magics/report"
	"hpgo/magics/simulated"
)

func listRow() magic.Magic {
	return magic.Magic{Name: "perf list", Kind: magic.Line, Usage: "%perf list [WORD]", Max: 1, Transient: true, Run: runList,
		Doc: "list the events that %perf stat -e knows\nWhich of them the machine can count, %perf stat says. rNNNN is an event of the CPU's own by its number; :u behind a name counts the program alone, :k the kernel."}
}

// runList implements %perf list.
func runList(ctx context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	word := ""
	if len(in.Args.Words) > 0 {
		word = in.Args.Words[0]
	}
	_, err := simulated.Find(ctx)
	t := report.Table{Columns: []report.Column{{Name: "event", Align: report.Left}, {Name: "also", Align: report.Left}, {Name: "source", Align: report.Left},
		{Name: "simulated", Align: report.Left, Title: "by valgrind, where the CPU can't count it"}, {Name: "counts", Align: report.Left}}}
	for _, e := range counters.List() {
		if word != "" && !strings.Contains(strings.ToLower(e.Name+" "+strings.Join(e.Aliases, " ")+" "+e.Doc), strings.ToLower(word)) {
			continue
		}
		model := ""
		if _, ok := (simulated.Cost{}).Event(e.Name); ok {
			model = "yes"
			if err != nil {
				model = "no"
			}
		}
		usual := e.Doc
		if slices.ContainsFunc(counters.Default(), func(name string) bool { return canonical(name) == e.Name }) {
			usual += " (counted without -e)"
		}
		t.Rows = append(t.Rows, report.Cells(report.Word(e.Name), report.Word(strings.Join(e.Aliases, ", ")), report.Word(e.Source), report.Word(model), report.Word(usual)))
	}
	if len(t.Rows) == 0 {
		return magic.Result{}, in.Magic.Usagef("%s: no event has %q in its name", in.Magic.Title(), word)
	}
	o := report.Output{Magic: "perf-list", Text: t.Text(), HTML: []report.Block{t}, Untimed: true}
	if err != nil {
		o.Text += "\nnot simulated: " + err.Error()
		o.HTML = append(o.HTML, report.Note("not simulated: "+err.Error()))
	}
	b, err := o.Bundle()
	if err != nil {
		return magic.Result{}, err
	}
	h.Display(display.Event{Op: display.OpDisplay, Bundle: b})
	return magic.Result{}, nil
}
