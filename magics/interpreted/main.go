// Command interpreted runs a Go program with the interpreter yaegi, for %compare
// --engines. It is a program of its own, built when it is asked for, so that
// neither the kernel nor cells carry an interpreter. The program to interpret is
// the file that the first argument names; it is driven run by run through a
// harness.Engine, which is compiled, so clock and counters are those of the other
// engines.
package main

import (
	"fmt"
	"os"
	"reflect"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
	"github.com/traefik/yaegi/stdlib/unrestricted"

	"hpgo/magics/handover"
	"hpgo/magics/harness"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// symbols are what an interpreted program can import besides the standard library.
var symbols = interp.Exports{
	"hpgo/magics/harness/harness": {
		"NewEngine": reflect.ValueOf(harness.NewEngine),
		"Engine":    reflect.ValueOf((*harness.Engine)(nil)),
	},
	"hpgo/magics/handover/handover": {"Into": reflect.ValueOf(handover.Into)},
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: interpreted FILE.go")
	}
	i := interp.New(interp.Options{})
	for _, s := range []interp.Exports{stdlib.Symbols, unrestricted.Symbols, symbols} {
		if err := i.Use(s); err != nil {
			return fmt.Errorf("interpret: %w", err)
		}
	}
	if _, err := i.EvalPath(args[0]); err != nil {
		return fmt.Errorf("interpret: %w", err)
	}
	return nil
}
