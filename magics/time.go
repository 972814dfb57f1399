package magics

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"
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
		FormatDuration(o.User, 3), FormatDuration(o.Sys, 3), FormatDuration(o.User+o.Sys, 3), FormatDuration(o.Wall, 3))
	if cpu := o.User + o.Sys; o.Load > cpu/20 && cpu > 0 {
		text += "(CPU times include loading the code, which took " + FormatDuration(o.Load, 3) + ")\n"
	}
	if o.Build > 100*time.Millisecond {
		text += "Compiler : " + FormatDuration(o.Build, 3) + "\n"
	}
	return text
}

// FormatDuration writes a duration as IPython does, to a number of significant
// digits. The unit is chosen after rounding: 999.96 ns is 1 μs, not 1e+03 ns.
func FormatDuration(d time.Duration, digits int) string { return FormatSeconds(d.Seconds(), digits) }

// FormatSeconds is FormatDuration for seconds as a number, which may be less
// than a nanosecond.
func FormatSeconds(s float64, digits int) string {
	if s < 0 {
		return "-" + FormatSeconds(-s, digits)
	}
	if s >= 60 {
		return longDuration(s)
	}
	units := []struct {
		name  string
		scale float64
	}{{"s", 1}, {"ms", 1e3}, {"μs", 1e6}, {"ns", 1e9}}
	if s == 0 {
		return "0 ns"
	}
	for i, u := range units {
		x := round(s*u.scale, digits)
		if x >= 1 || i == len(units)-1 {
			return strconv.FormatFloat(x, 'g', digits, 64) + " " + u.name
		}
	}
	return ""
}

// round rounds to a number of significant digits.
func round(x float64, digits int) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
	if err != nil {
		return x
	}
	return r
}

// longDuration writes minutes and more: 1h 2min 5s. Fractions are cut off.
func longDuration(s float64) string {
	rest := int64(math.Floor(s))
	text := ""
	for _, u := range []struct {
		name string
		size int64
	}{{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}} {
		n := rest / u.size
		rest %= u.size
		if n > 0 {
			if text != "" {
				text += " "
			}
			text += fmt.Sprintf("%d%s", n, u.name)
		}
	}
	return text
}
