package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"hpgo/kernel/notebook"
	"hpgo/kernel/repl"
	"hpgo/kernel/session"
)

// replOptions are the flags of `hpgo repl`.
type replOptions struct {
	code      []string
	first     string
	dir       string
	timeout   time.Duration
	keepGoing bool
	cells     runOptions // of which only the compiler's flags are used
}

func replVerb() verb {
	return verb{
		name:  "repl",
		usage: "[-e CODE] [-i FILE] [flags]",
		doc: `type cells in a terminal, or run those that come in a pipe
In a terminal Enter runs a cell that is whole, and else begins a line; Alt-Enter
always begins one. A cell magic (%%bash) ends with an empty line. Several lines
pasted at once are one cell. The keys are those of bash and Emacs:

  Tab, Shift-Tab   complete; say what the name at the cursor is
  name?  name??    documentation; the source, too
  up, down         lines of the cell, then earlier cells that begin as this one
  ^R               search earlier cells, those of notebooks included
  ^C               clear what is typed; interrupt the cell that runs, which keeps
                   the variables; a second one within five seconds ends the worker
  ^D, exit, quit   leave
  ^Z, ^L           stop until fg; clear the screen
  ^_ ^K ^U ^W ^Y   undo; cut to the line's end, its begin, the word; put back

What a cell shows is written as its text form, figures and tables too; progress
bars move in place, and what goroutines write later stands above the input.
NO_COLOR turns colours off; with TERM=dumb lines are read without an editor.
HPGO_HISTORY names the file of earlier cells, or is off.

Without a terminal the standard input is run and nothing but the output is
written: echo '1+1' | hpgo repl. A cell ends with the line that makes it whole;
declarations wait for what follows them, a cell magic goes on to an empty line.
The first cell that fails ends the run with exit code 1.`,
		run:   converse,
		flags: func() *flag.FlagSet { return replFlags(&replOptions{}) },
	}
}

func replFlags(o *replOptions) *flag.FlagSet {
	fs := newFlags("repl")
	fs.Func("e", "run `code` as one cell, then leave; its input is the standard input; may be repeated", func(s string) error {
		o.code = append(o.code, s)
		return nil
	})
	fs.StringVar(&o.first, "i", "", "run the cells of a notebook `file` (.ipynb, .go, .md) first")
	fs.StringVar(&o.dir, "dir", "", "the `directory` that cells run in; without it, the current one")
	fs.Func("flags", "flags of the Go compiler for the cells, such as '-N -l'", o.cells.setFlags)
	fs.DurationVar(&o.timeout, "timeout", 0, "limit for each cell, such as 30s; 0 is none")
	fs.BoolVar(&o.keepGoing, "keep-going", false, "without a terminal, go on after a failed cell")
	return fs
}

// converse is the verb repl.
func converse(ctx context.Context, args []string, c console) error {
	var o replOptions
	rest, err := parseMixed(replFlags(&o), args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return badUsage("unexpected argument %q; -i runs a file, -e a text", rest[0])
	}
	first, err := o.check()
	if err != nil {
		return err
	}
	in, ok := c.in.(*os.File)
	if !ok {
		return errors.New("the standard input is no file")
	}
	talk := len(o.code) == 0 && repl.IsTerminal(in) && repl.IsTerminal(c.out)
	// An output that nobody reads any more is an error of writing, not the end
	// of the process: worker and temporary directories have to go.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, stop := untilTold(ctx, talk)
	defer stop()
	tools, err := findTools(ctx)
	if err != nil {
		return err
	}
	cfg := repl.Config{In: in, Out: c.out, Err: c.err, Timeout: o.timeout, KeepGoing: o.keepGoing, Busy: &repl.Busy{}}
	opt := session.Options{Dir: o.dir, Progress: cfg.Busy.Say, GCFlags: o.cells.gcflags}
	if talk {
		cfg.Aside = &repl.Aside{}
		opt.Background = cfg.Aside
	}
	s := session.New(opt)
	defer s.Close()
	if err := s.Start(ctx); err != nil {
		return err
	}
	cfg.Session = s
	if talk {
		err = o.talk(ctx, cfg, tools, first)
	} else {
		err = o.pipe(ctx, cfg, first)
	}
	switch {
	case errors.Is(err, repl.ErrFailed):
		return &exitError{exitFailed}
	case errors.Is(err, repl.ErrClosed):
		return &exitError{exitPipe}
	}
	return err
}

// check reads the file that is to be run first.
func (o *replOptions) check() (first []string, err error) {
	if o.timeout < 0 {
		return nil, badUsage("the timeout is negative")
	}
	if o.dir != "" {
		if o.dir, err = filepath.Abs(o.dir); err != nil {
			return nil, fmt.Errorf("find the directory: %w", err)
		}
		if info, err := os.Stat(o.dir); err != nil || !info.IsDir() {
			return nil, badUsage("%s is no directory", o.dir)
		}
	}
	if o.first == "" {
		return nil, nil
	}
	j, err := readJob(o.first)
	if err != nil {
		return nil, err
	}
	for _, cell := range j.nb.Cells {
		if cell.Type == notebook.Code {
			first = append(first, cell.Source)
		}
	}
	return first, nil
}

// untilTold returns a context that ends when the process is to. In a
// conversation Ctrl-C is for the cells.
func untilTold(ctx context.Context, talk bool) (context.Context, context.CancelFunc) {
	if talk {
		return signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGHUP)
	}
	return interruptible(ctx)
}

// talk is the conversation. A file's cell that fails doesn't keep the user from it.
func (o *replOptions) talk(ctx context.Context, cfg repl.Config, tools *tools, first []string) error {
	past, err := openHistory()
	if err != nil {
		fmt.Fprintf(cfg.Err, "hpgo repl: %v\n", err)
	}
	cfg.History = past
	cfg.Banner = fmt.Sprintf("hpgo %s, Go %s: compiled cells whose variables last\n"+
		"%%help lists the magics, `hpgo help repl` the keys; ^D leaves\n", fullVersion(), tools.version())
	return repl.Interactive(ctx, cfg, first)
}

// pipe runs cells without a conversation.
func (o *replOptions) pipe(ctx context.Context, cfg repl.Config, first []string) error {
	if len(o.code) > 0 {
		return repl.Run(ctx, cfg, append(first, o.code...))
	}
	var failed error
	if len(first) > 0 {
		failed = repl.Run(ctx, cfg, first)
		if failed != nil && !(cfg.KeepGoing && errors.Is(failed, repl.ErrFailed)) {
			return failed
		}
	}
	if repl.IsTerminal(cfg.In) && repl.IsTerminal(cfg.Err) {
		fmt.Fprintln(cfg.Err, "hpgo repl: the output is no terminal, so cells run as they are typed; ^D ends them")
	}
	return errors.Join(failed, repl.Script(ctx, cfg))
}
