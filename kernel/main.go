package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// The exit codes of every verb.
const (
	exitOK     = 0
	exitFailed = 1   // the work was begun and failed: a cell, a check, a missing compiler
	exitUsage  = 2   // nothing was begun: a bad flag, a missing or broken file
	exitSignal = 130 // ended by Ctrl-C, as shells count it
	exitPipe   = 141 // ended because nobody read the output, as shells count it
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program without the process: it looks the verb up and runs it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c := console{in: stdin, out: stdout, err: stderr}
	if len(args) == 0 {
		fmt.Fprint(stderr, overview())
		return exitUsage
	}
	name, rest := args[0], args[1:]
	switch name {
	case "-h", "-help", "--help":
		name = "help"
	case "-V", "-version", "--version":
		name = "version"
	}
	v, ok := findVerb(name)
	if !ok {
		fmt.Fprintf(stderr, "hpgo: unknown command %q%s; `hpgo help` lists them\n", name, suggestVerb(name))
		return exitUsage
	}
	return c.report(v, v.run(ctx, rest, c))
}

// console is where a verb reads and writes.
type console struct {
	in       io.Reader
	out, err io.Writer
}

// report shows a verb's error as one message and turns it into an exit code.
func (c console) report(v verb, err error) int {
	var use *usageError
	var done *exitError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errHelp):
		fmt.Fprint(c.out, v.help())
		return exitOK
	case errors.As(err, &done):
		return done.code
	case errors.As(err, &use):
		fmt.Fprintf(c.err, "hpgo %s: %v\n", v.name, err)
		if use.showUsage {
			fmt.Fprintf(c.err, "usage: hpgo %s %s\n", v.name, v.usage)
		}
		return exitUsage
	case errors.Is(err, context.Canceled):
		fmt.Fprintf(c.err, "hpgo %s: interrupted\n", v.name)
		return exitSignal
	}
	fmt.Fprintf(c.err, "hpgo %s: %v\n", v.name, err)
	return exitFailed
}

// errHelp is what -h leads to.
var errHelp = errors.New("help requested")

// usageError is a mistake in what the user wrote or named; nothing was done.
type usageError struct {
	err       error
	showUsage bool // the command line itself was wrong, not what it names
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// badUsage is a mistake on the command line.
func badUsage(format string, args ...any) error {
	return &usageError{err: fmt.Errorf(format, args...), showUsage: true}
}

// badInput is a mistake in a file that the command line names.
func badInput(err error) error { return &usageError{err: err} }

// exitError ends the program with a code; everything has been said.
type exitError struct{ code int }

func (e *exitError) Error() string { return fmt.Sprintf("exit code %d", e.code) }
