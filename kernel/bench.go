package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"hpgo/kernel/bench"
)

// benchVerb is `hpgo bench`.
func benchVerb() verb {
	return verb{
		name:  "bench",
		usage: "[--json] [SUBJECT] [kernels: --scale S, --size N, --plot FILE, NAME...]",
		doc: `measure hpgo beside what is found on this machine, as ratios of one run

SUBJECT is cells (the default): a trivial cell beside go build and run of the
same program, the start of a session, growth over 100 cells, floods of output;
complete: completion and hover at fixed places, and in packages never used;
magics: %timeit beside go test -bench, and how true and how dear the profilers
are, beside line_profiler and memory_profiler if the python3 on PATH has them;
plots: figures beside matplotlib's, if the python3 on PATH has it; or kernels:
those of the notebooks, all or the NAMEs, each way to compute them beside
Python, Numba, Cython and C as far as they are found.`,
		run:   runBench,
		flags: func() *flag.FlagSet { return benchFlags(new(bool), new(bench.KernelOptions)) },
	}
}

func benchFlags(asJSON *bool, o *bench.KernelOptions) *flag.FlagSet {
	fs := newFlags("bench")
	fs.StringVar(&o.Plot, "plot", "", "draw the kernels' times to this .svg or .png file")
	fs.IntVar(&o.Size, "size", 0, "size of the kernels, in place of the scale's")
	fs.StringVar(&o.Scale, "scale", "small", "sizes of the kernels: smoke, small, or book for the sources' own")
	fs.BoolVar(asJSON, "json", false, "print the figures as JSON")
	return fs
}

func runBench(ctx context.Context, args []string, c console) error {
	var asJSON bool
	var o bench.KernelOptions
	rest, err := parseMixed(benchFlags(&asJSON, &o), args)
	if err != nil {
		return err
	}
	subject := "cells"
	if len(rest) > 0 {
		subject, o.Names = rest[0], rest[1:]
	}
	if len(o.Names) > 0 && subject != "kernels" {
		return badUsage("one subject at a time")
	}
	if o.Plot != "" && !slices.Contains(bench.PlotFormats, filepath.Ext(o.Plot)) {
		return badUsage("--plot %s: the name of the file ends in %s", o.Plot, strings.Join(bench.PlotFormats, " or "))
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	report, err := bench.Run(ctx, subject, o, func(what string) { fmt.Fprintln(c.err, "measuring:", what) })
	if ctx.Err() != nil {
		err = errors.New("interrupted")
	}
	if err != nil && (report == nil || len(report.Kernels) == 0) {
		return err
	}
	return errors.Join(err, showBench(report, o, asJSON, c)) // what had been measured before is told all the same
}

// showBench writes what was measured, and draws it if that was asked for.
func showBench(report *bench.Report, o bench.KernelOptions, asJSON bool, c console) error {
	if o.Plot != "" {
		written, err := report.WritePlots(o.Plot)
		for _, f := range written {
			fmt.Fprintln(c.err, "drawn:", f)
		}
		if err != nil {
			return err
		}
	}
	if asJSON {
		return report.WriteJSON(c.out)
	}
	return report.WriteText(c.out)
}
