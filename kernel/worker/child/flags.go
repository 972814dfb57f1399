package child

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
)

// flagHistory remembers the flags that earlier cells defined.
type flagHistory struct {
	known map[string]*flag.Flag
}

// reset gives the cell a flag.CommandLine of its own, as a fresh program has
// it, so that a cell that defines flags can run again. Flags of earlier cells
// that args mention are carried over, so that "%% -n=3" reaches a flag defined
// three cells before; own names those that the cell defines itself. Flags that
// the last cell's arguments set get their defaults back.
//
// A wrong argument panics instead of ending the process: what a plain program
// loses by exiting is nothing, here it would be all variables.
func (h *flagHistory) reset(args, own []string) {
	if h.known == nil {
		h.known = make(map[string]*flag.Flag)
	}
	flag.CommandLine.VisitAll(func(f *flag.Flag) { h.known[f.Name] = f })
	flag.CommandLine.Visit(restore)
	name := ""
	if len(args) > 0 {
		name = args[0]
	}
	flag.CommandLine = flag.NewFlagSet(name, flag.PanicOnError)
	flag.CommandLine.Usage = func() { flag.Usage() }
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "Usage of %s:\n", os.Args[0])
		flag.PrintDefaults()
	}
	for _, n := range mentioned(args) {
		f := h.known[n]
		if f == nil || slices.Contains(own, n) || flag.Lookup(n) != nil {
			continue
		}
		flag.Var(f.Value, f.Name, f.Usage)
		flag.Lookup(n).DefValue = f.DefValue
	}
}

// restore gives a flag that was set by arguments its default value again. Values
// of types that package flag doesn't know may not take it: a list would grow.
func restore(f *flag.Flag) {
	t := reflect.TypeOf(f.Value)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if _, ok := f.Value.(flag.Getter); ok && t.PkgPath() == "flag" {
		// A default that came from the same type is always accepted.
		_ = f.Value.Set(f.DefValue)
	}
}

// mentioned returns the names in args that look like flags.
func mentioned(args []string) []string {
	var names []string
	for _, a := range args[min(1, len(args)):] {
		if a == "--" {
			break
		}
		name, ok := strings.CutPrefix(a, "-")
		if !ok {
			continue
		}
		name = strings.TrimPrefix(name, "-")
		name, _, _ = strings.Cut(name, "=")
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}
