package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"

	"hpgo/kernel/jupyter"
)

func kernelVerb() verb {
	return verb{
		name:  "kernel",
		usage: "--connection-file FILE",
		doc: `serve one Jupyter front end; Jupyter starts this
The connection file says where. The kernel ends with a shutdown request, or
when the process that started it is gone. To use it: go run ./install`,
		run:   serveJupyter,
		flags: func() *flag.FlagSet { return kernelFlags(new(string)) },
	}
}

func kernelFlags(file *string) *flag.FlagSet {
	fs := newFlags("kernel")
	fs.StringVar(file, "connection-file", "", "the `file` that Jupyter wrote")
	return fs
}

// serveJupyter is the verb kernel.
func serveJupyter(ctx context.Context, args []string, c console) error {
	var file string
	// Other arguments than the flag are ignored: `jupyter run FILE` hands its
	// own on to the kernel.
	_, err := parseMixed(kernelFlags(&file), args)
	switch {
	case err != nil:
		return err
	case file == "":
		return badUsage("no --connection-file given: Jupyter starts this command itself, see `go run ./install`")
	}
	conn, err := jupyter.ReadConnectionFile(file)
	if err != nil {
		return badInput(err)
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	b := newBackend(ctx, c.err, kernelID(file))
	defer interruptOnSignal(b)()
	exit, err := jupyter.Serve(ctx, jupyter.Config{Connection: conn, Backend: b, Log: c.err, ParentPID: jupyterPID()})
	if err != nil {
		b.Shutdown(ctx, false)
		return fmt.Errorf("serve %s: %w", file, err)
	}
	if exit.Reason == "parent" {
		fmt.Fprintln(c.err, "hpgo kernel: ended with the process that started it")
	}
	return nil
}

// connectionName is how Jupyter servers name connection files.
var connectionName = regexp.MustCompile(`^kernel-(.+)\.json$`)

// kernelID reads what the server calls the kernel in the name of the connection
// file; "" when it doesn't say.
func kernelID(file string) string {
	if m := connectionName.FindStringSubmatch(filepath.Base(file)); m != nil {
		return m[1]
	}
	return ""
}

// jupyterPID is the process that the kernel must not outlive: the one that
// Jupyter names, else its parent.
func jupyterPID() int {
	if pid, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID")); err == nil && pid > 1 {
		return pid
	}
	return os.Getppid()
}

// interruptOnSignal makes SIGINT interrupt the running cell, for front ends
// that know no interrupt_request and for Ctrl-C in the terminal that Jupyter
// runs in. The signal is caught, not ignored: what the kernel starts would
// inherit the latter. The goroutine ends when the returned function is called.
func interruptOnSignal(b *backend) (end func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	go func() {
		for range signals {
			b.Interrupt(context.Background())
		}
	}()
	return func() {
		signal.Stop(signals)
		close(signals)
	}
}
