package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

func doctorVerb() verb {
	return verb{
		name: "doctor",
		doc: `check what hpgo needs and say what each missing thing costs
Runs a session of three cells as a test of the live engine. The exit code is 1
when cells can't run; what is optional doesn't change it.`,
		run: examine,
	}
}

// finding is the outcome of one check.
type finding struct {
	ok       bool
	required bool
	what     string // what was looked for
	detail   string // what was found, or what its absence costs and how to mend it
}

// mark is the first column of a finding.
func (f finding) mark() string {
	switch {
	case f.ok:
		return "ok"
	case f.required:
		return "MISSING"
	}
	return "absent"
}

// examine is the verb doctor.
func examine(ctx context.Context, args []string, c console) error {
	if len(args) > 0 {
		if args[0] == "-h" || args[0] == "--help" || args[0] == "-help" {
			return errHelp
		}
		return badUsage("doctor takes no arguments")
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	failed := false
	show := func(f finding) {
		failed = failed || f.required && !f.ok
		fmt.Fprintf(c.out, "%-8s %-10s %s\n", f.mark(), f.what, strings.ReplaceAll(f.detail, "\n", "\n"+strings.Repeat(" ", 20)))
	}
	fmt.Fprintf(c.out, "hpgo %s on %s\n\n", fullVersion(), machine())
	t, toolsErr := findTools(ctx)
	for _, f := range toolFindings(t, toolsErr) {
		show(f)
	}
	show(cacheFinding())
	if toolsErr == nil {
		start := time.Now()
		f := selfCheck(ctx, func(text string) {
			if text != "" {
				fmt.Fprintln(c.err, text)
			}
		})
		if f.ok {
			f.detail += " in " + seconds(time.Since(start))
		}
		show(f)
	}
	for _, f := range []finding{countersFinding(), valgrindFinding(ctx), pythonFinding(ctx), jupyterFinding(ctx), kernelspecFinding()} {
		show(f)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case failed:
		fmt.Fprintln(c.out, "\ncells can't run before what is MISSING is there")
		return &exitError{exitFailed}
	}
	fmt.Fprintln(c.out, "\ncells can run")
	return nil
}
