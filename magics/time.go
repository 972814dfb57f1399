package magics

import (
	"context"
	"fmt"
	"time"

	"hpgo/magics/quantity"
)

// timeRows are the magics that time once.
func timeRows() []Magic {
	return []Magic{
		{Name: "time", Kind: Both, Usage: "%time [-q] STATEMENT, %%time [-q] and a cell", Syntax: Go, RunsGo: true, Takes: AboutGo, Holds: AboutGo, Run: runTime,
			Flags: []Flag{{Name: "q", Long: "quiet", Doc: "show nothing"}},
			Doc: "run Go once and show CPU and wall time\nVariables last and the value of the last expression is shown, as without %time. " +
				"The CPU times are those of the worker process: goroutines, garbage collector and the loading of the code included. " +
				"Wall time is measured in the worker, without build and load."},
	}
}

// runTime implements %time and %%time. As in IPython the times are shown also
// when the Go fails.
func runTime(ctx context.Context, h Host, in *Input) (Result, error) {
	var out Outcome
	var err error
	switch {
	case in.Form == Cell && in.Args.Rest != "":
		return Result{}, in.Magic.usageError("%%%%time takes a cell, not the statement %q on its line", in.Args.Rest)
	case in.Form == Cell:
		out, err = h.RunBody(ctx)
	case in.Args.Rest == "":
		return Result{}, in.Magic.usageError("%%time needs a statement")
	default:
		out, err = h.RunArgs(ctx, in.Args.RestAt)
	}
	if out.Wall > 0 && !in.Args.Has("q") {
		h.Stream("stdout", timeText(out))
	}
	return Result{Show: out.Value}, err
}

// timeText is IPython's text.
func timeText(o Outcome) string {
	text := fmt.Sprintf("CPU times: user %s, sys: %s, total: %s\nWall time: %s\n",
		quantity.Duration(o.User, 3), quantity.Duration(o.Sys, 3), quantity.Duration(o.User+o.Sys, 3), quantity.Duration(o.Wall, 3))
	if cpu := o.User + o.Sys; o.Load > cpu/20 && cpu > 0 {
		text += "(CPU times include loading the code, which took " + quantity.Duration(o.Load, 3) + ")\n"
	}
	if o.Build > 100*time.Millisecond {
		text += "Compiler : " + quantity.Duration(o.Build, 3) + "\n"
	}
	return text
}
