package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"
)

func doctorVerb() verb {
	return verb{
		name:  "doctor",
		usage: "[--engine]",
		doc: `check what hpgo needs and say what each missing thing costs
Runs a session of three cells as a test of the live engine. The exit code is 1
when cells can't run; what is optional doesn't change it.`,
		run:   examine,
		flags: func() *flag.FlagSet { return doctorFlags(new(bool)) },
	}
}

func doctorFlags(engine *bool) *flag.FlagSet {
	fs := newFlags("doctor")
	fs.BoolVar(engine, "engine", false, "check the live engine only, which also warms the build cache")
	return fs
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
	var engineOnly bool
	rest, err := parseMixed(doctorFlags(&engineOnly), args)
	switch {
	case err != nil:
		return err
	case len(rest) > 0:
		return badUsage("unexpected argument %q", rest[0])
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	d := &doctor{c: c}
	t, toolsErr := findTools(ctx)
	if engineOnly {
		if toolsErr != nil {
			return toolsErr
		}
		d.engine(ctx)
	} else {
		fmt.Fprintf(c.out, "hpgo %s on %s\n\n", fullVersion(), machine())
		d.all(ctx, t, toolsErr)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case d.failed:
		fmt.Fprintln(c.out, "\ncells can't run before what is MISSING is there")
		return &exitError{exitFailed}
	case !engineOnly:
		fmt.Fprintln(c.out, "\ncells can run")
	}
	return nil
}

// doctor shows findings as they come.
type doctor struct {
	c      console
	failed bool // something required is missing
}

func (d *doctor) all(ctx context.Context, t *tools, toolsErr error) {
	for _, f := range toolFindings(t, toolsErr) {
		d.show(f)
	}
	d.show(cacheFinding())
	d.show(historyFinding())
	if toolsErr == nil {
		d.engine(ctx)
	}
	for _, f := range []finding{countersFinding(), valgrindFinding(ctx), pythonFinding(ctx), jupyterFinding(ctx), kernelspecFinding()} {
		d.show(f)
	}
}

func (d *doctor) engine(ctx context.Context) {
	start := time.Now()
	f := selfCheck(ctx, func(text string) {
		if text != "" {
			fmt.Fprintln(d.c.err, text)
		}
	})
	if f.ok {
		f.detail += " in " + seconds(time.Since(start))
	}
	d.show(f)
}

func (d *doctor) show(f finding) {
	d.failed = d.failed || f.required && !f.ok
	detail := strings.ReplaceAll(strings.TrimSpace(f.detail), "\n", "\n"+strings.Repeat(" ", 20))
	fmt.Fprintf(d.c.out, "%-8s %-10s %s\n", f.mark(), f.what, detail)
}
