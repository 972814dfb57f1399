package magics

import (
	"context"
	"hpgo/magics/report"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Measured is one use of a magic that measures.
type Measured struct {
	*Input
	clock report.Clock // the machine before it ran
}

// commonFlags are those of all measuring magics.
func commonFlags() []Flag {
	return []Flag{
		{Name: "q", Long: "quiet", Doc: "show nothing"},
		{Name: "o", Doc: "make the result the value of the cell; with x := %magic -o it is that of x"},
		{Name: "v", Arg: "NAME", Doc: "declare a Go variable with the result, of a type in hpgo/magics/result"},
		{Name: "T", Arg: "FILE", Takes: AboutFiles, Doc: "write the text to a file as well"},
		{Name: "D", Arg: "FILE", Takes: AboutFiles, Doc: "write the raw data to a file as well"},
		{Name: "json", Doc: "show the data as JSON, and nothing else"},
		{Name: "name", Arg: "LABEL", Doc: "keep the result in the session under a label, for %compare"},
	}
}

// Flags that several measuring magics have, each with one text and one meaning.

// keepFlag leaves the variables alone, which measureKept gives their values back
// without it.
func keepFlag() Flag {
	return Flag{Name: "keep", Doc: "leave the session's variables as the measured code has set them"}
}

// freshFlag asks for Program.Fresh; more is what that means for a family.
func freshFlag(more string) Flag {
	return Flag{Name: "fresh", Doc: "measure in an ordinary program of its own, built by the go command" + more}
}

// budgetFlag bounds the time that all runs take; more is what else a family does for it.
func budgetFlag(more string) Flag {
	return Flag{Name: "budget", Arg: "TIME", Value: Duration, Min: 1e-3, Bounded: true, Doc: "begin no run after this time" + more}
}

// measuring completes the row of a magic that measures: it gets the common flags
// that it hasn't flags of its own for, they are checked before anything runs, and
// the machine is looked at before. What runs it ends with finish.
func measuring(m Magic, run func(ctx context.Context, h Host, in *Measured) (Result, error)) Magic {
	for _, f := range commonFlags() {
		if m.flag(f.Name) == nil {
			m.Flags = append(m.Flags, f)
		}
	}
	m.Run = func(ctx context.Context, h Host, in *Input) (Result, error) {
		use := &Measured{Input: in}
		if err := checkFinish(h, use); err != nil {
			return Result{}, err
		}
		use.clock = report.StartClock("/", os.Getpid(), h.Status(ctx).PID)
		return run(ctx, h, use)
	}
	return m
}

// common reports whether a flag of a magic is the common one: a family may have
// another meaning for its letter.
func (in *Measured) common(name string) bool {
	f := in.Magic.flag(name)
	if f == nil || !in.Args.Has(name) {
		return false
	}
	return slices.ContainsFunc(commonFlags(), func(c Flag) bool { return c.Name == name && c.Doc == f.Doc })
}

// checkFinish checks the values of the common flags.
func checkFinish(h Host, in *Measured) error {
	if in.common("v") && !isVariable(in.Args.Text("v", "")) {
		return in.Magic.usageError("flag -v of %s: %q is no name of a variable", in.Magic.title(), in.Args.Text("v", ""))
	}
	if in.common("name") && strings.TrimSpace(in.Args.Text("name", "")) == "" {
		return in.Magic.usageError("flag --name of %s: the label is empty", in.Magic.title())
	}
	if strings.Contains(in.Line.Assign, ",") {
		return in.Magic.usageError("%s gives one result, for one variable, not %s", in.Magic.title(), in.Line.Assign)
	}
	for _, name := range []string{"T", "D"} {
		if !in.common(name) {
			continue
		}
		path, err := hostPath(h, in.Args.Text(name, ""))
		if err != nil {
			return in.Magic.usageError("flag -%s of %s: %v", name, in.Magic.title(), err)
		}
		if st, err := os.Stat(path); err == nil && st.IsDir() {
			return in.Magic.usageError("flag -%s of %s: %s is a directory", name, in.Magic.title(), path)
		}
		if st, err := os.Stat(filepath.Dir(path)); err != nil || !st.IsDir() {
			return in.Magic.usageError("flag -%s of %s: there is no directory %s", name, in.Magic.title(), filepath.Dir(path))
		}
	}
	return nil
}
