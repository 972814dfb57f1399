package measuring

import (
	"context"
	"strings"
	"testing"

	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
	"hpgo/magics/report"
	"hpgo/magics/result"
)

// lending is a magic that measures, with or without a program.
func lending(runsGo, measures bool, end error) magic.Table {
	row := magic.Magic{Name: "lend", Kind: magic.Line, Syntax: magic.Go, RunsGo: runsGo, Usage: "%lend"}
	return magic.NewTable([]magic.Magic{Row(row, func(ctx context.Context, h magic.Host, in *Input) (magic.Result, error) {
		if measures {
			if _, err := h.Measure(ctx, magic.Program{}); err != nil {
				return magic.Result{}, err
			}
		}
		if end != nil {
			return magic.Result{}, end
		}
		return Finish(ctx, h, in, report.Output{Result: &result.Timeit{}, Text: "measured", Untimed: true})
	})})
}

// TestLend: the settings are the session's while the magic runs, are told with the
// result, and are given back however it ends.
func TestLend(t *testing.T) {
	for _, c := range []struct {
		line           string
		runsGo, idle   bool
		end            error
		lent, out, err string
	}{
		{line: "%lend -flags 'gcflags=\"-N -l\" GOGC=off' f()", runsGo: true, lent: `gcflags="-N -l" GOGC=off`, out: "flags of this measurement: gcflags=\"-N -l\" GOGC=off"},
		{line: "%lend -flags GOAMD64=v3 f()", runsGo: true, lent: "GOAMD64=v3", out: "GOAMD64=v3, in a program of its own"},
		{line: "%lend -flags GOGC=5 -flags GOMAXPROCS=1 f()", runsGo: true, lent: "GOGC=5 GOMAXPROCS=1", out: "GOGC=5 GOMAXPROCS=1"},
		{line: "%lend -flags GOGC=5 f()", runsGo: true, end: magictest.ErrGo, lent: "GOGC=5", err: "boom"},
		{line: "%lend -flags GOGC=5 f()", runsGo: true, idle: true, lent: "GOGC=5", out: "--flags changed nothing"},
		{line: "%lend -flags GOGC=5 f()", err: "runs no Go of the session"},
		{line: "%lend -flags '' f()", runsGo: true, err: "is empty"},
		{line: "%lend -flags GOGC=x f()", runsGo: true, err: `"x" is no percentage`},
		{line: "%lend -flags f() f()", runsGo: true, err: "setting f() is unknown"},
	} {
		h := magictest.New(t)
		_, err := h.Run(context.Background(), lending(c.runsGo, !c.idle, c.end), c.line)
		if c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) || c.err == "" && err != nil {
			t.Errorf("%s: %v, want %q", c.line, err, c.err)
		}
		if got := h.Lent.String(); got != c.lent {
			t.Errorf("%s: lent %s", c.line, got)
		}
		if calls := strings.Join(h.Calls, "\n"); c.lent != "" && !strings.Contains(calls, "gave back "+c.lent) {
			t.Errorf("%s: nothing is given back: %s", c.line, calls)
		}
		text := h.Out.String()
		for _, e := range h.Shown {
			text += e.Bundle.Data["text/plain"].(string)
		}
		if !strings.Contains(text, c.out) {
			t.Errorf("%s: no %q in %s", c.line, c.out, text)
		}
	}
}
