// Command fakekernel is a kernel whose cells are the commands of
// jupytertest.Backend. It lets other clients be tried against the wire alone:
//
//	fakekernel --connection-file FILE
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"

	"hpgo/kernel/jupyter"
	"hpgo/kernel/jupyter/jupytertest"
)

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stderr)) }

func run(ctx context.Context, args []string, stderr io.Writer) int {
	flags := flag.NewFlagSet("fakekernel", flag.ContinueOnError)
	flags.SetOutput(stderr)
	file := flags.String("connection-file", "", "the connection `file`")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	conn, err := jupyter.ReadConnectionFile(*file)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	parent, _ := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	_, err = jupyter.Serve(ctx, jupyter.Config{Connection: conn, Backend: &jupytertest.Backend{}, Log: stderr, ParentPID: parent})
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}
