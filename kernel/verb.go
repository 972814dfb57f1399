package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// verb is one command of hpgo. The table of verbs feeds dispatch, usage
// messages and help alike.
type verb struct {
	name  string
	usage string // what follows the name
	doc   string // the first line stands in the overview
	run   func(ctx context.Context, args []string, c console) error
	flags func() *flag.FlagSet // for the help; nil when it has none
}

// verbs is a function, not a variable, because help shows the table that it is in.
func verbs() []verb {
	return []verb{
		runVerb(),
		htmlVerb(),
		replVerb(),
		kernelVerb(),
		doctorVerb(),
		benchVerb(),
		{name: "version", doc: "print the version of hpgo and of the Go it was built with", run: printVersion},
		{name: "help", usage: "[COMMAND]", doc: "explain a command", run: printHelp},
	}
}

func findVerb(name string) (verb, bool) {
	for _, v := range verbs() {
		if v.name == name {
			return v, true
		}
	}
	return verb{}, false
}

// suggestVerb names the verb that was probably meant.
func suggestVerb(name string) string {
	for _, v := range verbs() {
		if len(name) > 1 && (strings.HasPrefix(v.name, name) || strings.HasPrefix(name, v.name)) {
			return fmt.Sprintf(" (did you mean %q?)", v.name)
		}
	}
	return ""
}

// overview is `hpgo help`.
func overview() string {
	var b strings.Builder
	b.WriteString("hpgo runs Go notebooks: compiled cells whose variables last.\n\nusage: hpgo COMMAND [ARGUMENTS]\n\n")
	for _, v := range verbs() {
		first, _, _ := strings.Cut(v.doc, "\n")
		fmt.Fprintf(&b, "  %-9s %s\n", v.name, first)
	}
	b.WriteString("\n`hpgo help COMMAND` tells more.\n")
	return b.String()
}

// help is `hpgo help VERB`.
func (v verb) help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "usage: %s\n\n%s\n", strings.TrimSpace("hpgo "+v.name+" "+v.usage), v.doc)
	if v.flags != nil {
		fs := v.flags()
		fs.SetOutput(&b)
		b.WriteString("\nflags (with one dash or two, before or after the files):\n")
		fs.PrintDefaults()
	}
	return b.String()
}

func printHelp(_ context.Context, args []string, c console) error {
	switch len(args) {
	case 0:
		fmt.Fprint(c.out, overview())
		return nil
	case 1:
		v, ok := findVerb(args[0])
		if !ok {
			return badUsage("no command %q%s", args[0], suggestVerb(args[0]))
		}
		fmt.Fprint(c.out, v.help())
		return nil
	}
	return badUsage("one command at a time")
}

// newFlags returns a flag set that reports its errors to the caller.
func newFlags(name string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	return fs
}

// parseMixed parses flags that may stand before, between and after the other
// arguments, which it returns. "--" ends the flags.
func parseMixed(fs *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for {
		before := args
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, errHelp
			}
			return nil, badUsage("%w", err)
		}
		args = fs.Args()
		if len(args) == 0 {
			return rest, nil
		}
		if n := len(before) - len(args); n > 0 && before[n-1] == "--" {
			return append(rest, args...), nil
		}
		rest = append(rest, args[0])
		args = args[1:]
	}
}
