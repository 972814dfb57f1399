package main

import (
	"context"
	"flag"
	"fmt"

	"hpgo/kernel/bench"
)

// benchVerb is `hpgo bench`.
func benchVerb() verb {
	return verb{
		name:  "bench",
		usage: "[--json] [SUBJECT]",
		doc: `measure hpgo beside what is found on this machine, as ratios of one run

SUBJECT is cells (the default): a trivial cell beside go build and run of the
same program, the start of a session, growth over 100 cells, floods of output;
complete: completion and hover at fixed places, and in packages never used;
magics: %timeit beside go test -bench, and how true and how dear the profilers
are, beside line_profiler and memory_profiler if the python3 on PATH has them;
or plots: figures beside matplotlib's, if the python3 on PATH has it.`,
		run:   runBench,
		flags: func() *flag.FlagSet { return benchFlags(new(bool)) },
	}
}

func benchFlags(asJSON *bool) *flag.FlagSet {
	fs := newFlags("bench")
	fs.BoolVar(asJSON, "json", false, "print the figures as JSON")
	return fs
}

func runBench(ctx context.Context, args []string, c console) error {
	var asJSON bool
	rest, err := parseMixed(benchFlags(&asJSON), args)
	if err != nil {
		return err
	}
	subject := "cells"
	switch len(rest) {
	case 0:
	case 1:
		subject = rest[0]
	default:
		return badUsage("one subject at a time")
	}
	report, err := bench.Run(ctx, subject, func(what string) { fmt.Fprintln(c.err, "measuring:", what) })
	if err != nil {
		return err
	}
	if asJSON {
		return report.WriteJSON(c.out)
	}
	return report.WriteText(c.out)
}
