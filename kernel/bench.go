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
	fs := benchFlags(&asJSON, &o)
	rest, err := parseMixed(fs, args)
	if err != nil {
		return err
	}
	subject := "cells"
	if len(rest) > 0 {
		subject, o.Names = rest[0], rest[1:]
	}
	if err := checkBench(fs, subject, o); err != nil {
		return err
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

// checkBench refuses what can't be carried out, before anything is built or measured.
func checkBench(fs *flag.FlagSet, subject string, o bench.KernelOptions) error {
	given := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if !slices.Contains(bench.Subjects, subject) {
		return badUsage("nothing to measure under the name %q (known: %s)", subject, strings.Join(bench.Subjects, ", "))
	}
	if subject != "kernels" {
		for _, f := range []string{"scale", "size", "plot"} {
			if given[f] {
				return badUsage("--%s is of hpgo bench kernels: %s has nothing for it", f, subject)
			}
		}
		if len(o.Names) > 0 {
			return badUsage("one subject at a time")
		}
	}
	if given["size"] && o.Size < 1 {
		return badUsage("--size %d: there is nothing to measure below 1", o.Size)
	}
	if !slices.Contains(bench.Scales, o.Scale) {
		return badUsage("--scale %s: it is %s", o.Scale, strings.Join(bench.Scales, ", "))
	}
	if !given["plot"] {
		return nil
	}
	if !slices.Contains(bench.PlotFormats, filepath.Ext(o.Plot)) {
		return badUsage("--plot %s: the name of the file ends in %s", o.Plot, strings.Join(bench.PlotFormats, " or "))
	}
	dir := filepath.Dir(o.Plot)
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		return badUsage("--plot %s: the directory %s doesn't exist", o.Plot, dir)
	}
	if err := probe(dir); err != nil {
		return badInput(fmt.Errorf("--plot %s can't be written: %w", o.Plot, err))
	}
	return nil
}

// showBench writes what was measured, and draws it if that was asked for.
func showBench(report *bench.Report, o bench.KernelOptions, asJSON bool, c console) error {
	write := report.WriteText
	if asJSON {
		write = report.WriteJSON
	}
	err := write(c.out)
	if o.Plot == "" {
		return err
	}
	written, undrawn := report.WritePlots(o.Plot)
	for _, f := range written {
		fmt.Fprintln(c.err, "drawn:", f)
	}
	return errors.Join(err, undrawn) // without the plot there is the table
}
