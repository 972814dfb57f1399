package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"hpgo/kernel/cell"
	"hpgo/kernel/notebook"
	"hpgo/kernel/session"
)

// scaleVariable is the environment variable in which cells find the scale.
const scaleVariable = "HPGO_SCALE"

// runOptions are the flags of `hpgo run`.
type runOptions struct {
	out, html string
	noHTML    bool
	scale     string
	gcflags   []string
	timeout   time.Duration
	keepGoing bool
	params    parameters
}

func runVerb() verb {
	return verb{
		name:  "run",
		usage: "NOTEBOOK... [-o OUT.ipynb] [--html OUT.html] [flags]",
		doc: `run notebooks and write reports
Runs the cells of each notebook (.ipynb, or .go and .md in Jupytext form) from
top to bottom in a fresh worker, in the notebook's directory. The report is
written beside the notebook, or as --html says. The notebook itself is left
alone; -o names a file for the executed one, and may name the input.
The exit code is 1 when a cell failed; notebook and report are written even so.`,
		run:   runNotebooks,
		flags: func() *flag.FlagSet { return runFlags(&runOptions{}) },
	}
}

func runFlags(o *runOptions) *flag.FlagSet {
	fs := newFlags("run")
	fs.StringVar(&o.out, "o", "", "write the executed notebook to this `file` (a directory, for several notebooks)")
	fs.StringVar(&o.html, "html", "", "write the report to this `file` (a directory, for several notebooks)")
	fs.BoolVar(&o.noHTML, "no-html", false, "write no report")
	fs.Func("flags", "flags of the Go compiler for the cells, such as '-N -l'", o.setFlags)
	fs.StringVar(&o.scale, "scale", "", "problem sizes: smoke, small or book; cells find it in "+scaleVariable)
	fs.DurationVar(&o.timeout, "timeout", 0, "limit for each cell, such as 30s; 0 is none")
	fs.BoolVar(&o.keepGoing, "keep-going", false, "go on after a failed cell")
	fs.Var(&o.params, "p", "set `name=value` in the cell tagged parameters; may be repeated")
	return fs
}

// parameters is the repeatable flag -p.
type parameters []notebook.Parameter

// String implements flag.Value.
func (p *parameters) String() string { return "" }

// Set implements flag.Value.
func (p *parameters) Set(s string) error {
	param, err := notebook.ParseParameter(s)
	if err != nil {
		return err
	}
	*p = append(*p, param)
	return nil
}

// check completes what the flags alone decide.
func (o *runOptions) check() error {
	switch o.scale {
	case "":
		if o.scale = os.Getenv(scaleVariable); o.scale == "" {
			o.scale = "small"
		}
	case "smoke", "small", "book":
	default:
		return badUsage("unknown scale %q: smoke, small or book", o.scale)
	}
	if o.timeout < 0 {
		return badUsage("the timeout is negative")
	}
	if o.noHTML && o.html != "" {
		return badUsage("--html and --no-html exclude each other")
	}
	return nil
}

// runNotebooks is the verb run. It goes on to the next notebook after one that
// failed: each has a worker of its own.
func runNotebooks(ctx context.Context, args []string, c console) error {
	var o runOptions
	files, err := parseMixed(runFlags(&o), args)
	if err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	jobs, err := planJobs(files, o)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if l := j.language(); l != "" && !strings.EqualFold(l, "go") {
			return badInput(fmt.Errorf("%s is a notebook for %s, not for Go", j.path, l))
		}
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	tools, err := findTools(ctx)
	if err != nil {
		return err
	}
	// Worker and shell commands inherit the process's environment.
	if err := os.Setenv(scaleVariable, o.scale); err != nil {
		return fmt.Errorf("export the scale: %w", err)
	}
	failed := 0
	for _, j := range jobs {
		err := j.run(ctx, o, tools, c)
		switch {
		case ctx.Err() != nil:
			return errors.Join(context.Canceled, err)
		case err != nil:
			fmt.Fprintf(c.err, "hpgo run: %s: %v\n", j.path, err)
			failed++
		}
	}
	if failed > 0 {
		return &exitError{exitFailed}
	}
	return nil
}

// interruptible returns a context that the first Ctrl-C or request to end
// cancels; a second one ends the process at once.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// run executes one notebook and writes what was asked for, also after a
// failure or an interrupt: what has been computed is worth keeping.
func (j *job) run(ctx context.Context, o runOptions, tools *tools, c console) error {
	p := newProgress(c.err, j.name())
	defer p.close()
	s := session.New(session.Options{Dir: j.dir, Progress: p.note, GCFlags: o.gcflags})
	defer s.Close()
	if err := s.Start(ctx); err != nil {
		return err
	}
	sum, runErr := notebook.RunAll(ctx, j.nb, s, notebook.Options{
		Timeout: o.timeout, KeepGoing: o.keepGoing, Progress: p.cell, LanguageInfo: languageInfo(tools.version()),
	})
	p.close()
	for _, f := range sum.Failed {
		showFailure(c, j, f)
	}
	written, err := j.write(sum, reportFacts(tools, o.scale))
	if err != nil {
		return errors.Join(runErr, err)
	}
	how := "ran"
	if runErr != nil {
		how = "stopped after"
		if o.keepGoing && ctx.Err() == nil {
			how = fmt.Sprintf("%d failed of", len(sum.Failed))
		}
	}
	cells := "cells"
	if sum.Ran == 1 {
		cells = "cell"
	}
	fmt.Fprintf(c.out, "%s: %s %d %s in %s%s\n", j.name(), how, sum.Ran, cells, seconds(sum.Elapsed), listed(", wrote ", written))
	var cell *notebook.CellError
	if errors.As(runErr, &cell) && ctx.Err() == nil {
		return fmt.Errorf("cell %d failed: %s: %s", cell.Position, cell.Err.Name, firstLine(cell.Err.Value))
	}
	return runErr
}

// showFailure prints a failed cell's traceback.
func showFailure(c console, j *job, f *notebook.CellError) {
	fmt.Fprintf(c.err, "\n%s, cell %d%s:\n", j.path, f.Position, j.prompt(f.Position))
	text := strings.Join(f.Err.Traceback, "\n")
	if !isTerminal(c.err) || os.Getenv("NO_COLOR") != "" {
		text = plainText(text)
	}
	fmt.Fprintf(c.err, "%s\n\n", strings.TrimRight(text, "\n"))
}

// languageInfo is what a notebook says about its language, as the kernel_info
// reply has it, so that a run here and one in Jupyter give the same file.
func languageInfo(goVersion string) notebook.Object {
	return notebook.Object{
		"name": "go", "version": goVersion, "mimetype": "text/x-go", "file_extension": ".go",
		"pygments_lexer": "go", "codemirror_mode": "text/x-go", "nbconvert_exporter": "script",
	}
}

func listed(before string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	return before + strings.Join(names, " and ")
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// setFlags takes the compiler flags of --flags, also with -gcflags= before them.
func (o *runOptions) setFlags(text string) error {
	flags, err := cell.SplitArgs(strings.TrimPrefix(text, "-gcflags="))
	if err != nil {
		return err
	}
	for _, f := range flags {
		if !strings.HasPrefix(f, "-") {
			return fmt.Errorf("%q is no compiler flag", f)
		}
	}
	o.gcflags = append(o.gcflags, flags...)
	return nil
}
