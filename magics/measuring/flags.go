package measuring

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/report"
	"hpgo/magics/settings"
)

// Input is one use of a magic that measures.
type Input struct {
	*magic.Input
	clock     report.Clock    // the machine before it ran
	smoke     bool            // the session's scale
	shortened bool            // a usual length was shortened for that
	lent      settings.Values // of -flags
}

// commonFlags are those of all measuring magics.
func commonFlags() []magic.Flag {
	return []magic.Flag{
		{Name: "q", Long: "quiet", Doc: "show nothing"},
		{Name: "o", Doc: "make the result the value of the cell; with x := %magic -o it is that of x"},
		{Name: "v", Arg: "NAME", Doc: "declare a Go variable with the result, of a type in hpgo/magics/result"},
		{Name: "T", Arg: "FILE", Takes: magic.AboutFiles, Doc: "write the text to a file as well"},
		{Name: "D", Arg: "FILE", Takes: magic.AboutFiles, Doc: "write the raw data to a file as well"},
		{Name: "json", Doc: "show the data as JSON, and nothing else"},
		{Name: "name", Arg: "LABEL", Doc: "keep the result in the session under a label, for %compare"},
		flagsFlag(),
	}
}

// Flags that several measuring magics have, each with one text and one meaning.

// KeepFlag leaves the variables alone, which Measure gives their values back
// without it.
func KeepFlag() magic.Flag {
	return magic.Flag{Name: "keep", Doc: "leave the session's variables as the measured code has set them"}
}

// FreshFlag asks for Program.Fresh; more is what that means for a family.
func FreshFlag(more string) magic.Flag {
	return magic.Flag{Name: "fresh", Doc: "measure in an ordinary program of its own, built by the go command" + more}
}

// BudgetFlag bounds the time that all runs take; more is what else a family does for it.
func BudgetFlag(more string) magic.Flag {
	return magic.Flag{Name: "budget", Arg: "TIME", Value: magic.Duration, Min: 1e-3, Bounded: true, Doc: "begin no run after this time" + more}
}

// Row completes the row of a magic that measures: it gets the common flags
// that it hasn't flags of its own for, they are checked before anything runs, and
// the machine is looked at before. run ends with Finish.
func Row(m magic.Magic, run func(ctx context.Context, h magic.Host, in *Input) (magic.Result, error)) magic.Magic {
	for _, f := range commonFlags() {
		if m.Flag(f.Name) == nil {
			m.Flags = append(m.Flags, f)
		}
	}
	m.Run = func(ctx context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
		use := &Input{Input: in, smoke: smokes(h)}
		if err := checkFinish(h, use); err != nil {
			return magic.Result{}, err
		}
		use.clock = report.StartClock("/", os.Getpid(), h.Status(ctx).PID)
		if use.Common("flags") {
			return runLent(ctx, h, use, run)
		}
		return run(ctx, h, use)
	}
	return m
}

// Common reports whether a flag of a magic is the common one: a family may have
// another meaning for its letter.
func (in *Input) Common(name string) bool {
	f := in.Magic.Flag(name)
	if f == nil || !in.Args.Has(name) {
		return false
	}
	return slices.ContainsFunc(commonFlags(), func(c magic.Flag) bool { return c.Name == name && c.Doc == f.Doc })
}

// checkFinish checks the values of the common flags.
func checkFinish(h magic.Host, in *Input) error {
	if in.Common("v") && !magic.IsVariable(in.Args.Text("v", "")) {
		return in.Magic.Usagef("flag -v of %s: %q is no name of a variable%s", in.Magic.Title(), in.Args.Text("v", ""), flagsBeside(in.Magic, "v"))
	}
	if in.Common("name") && strings.TrimSpace(in.Args.Text("name", "")) == "" {
		return in.Magic.Usagef("flag --name of %s: the label is empty", in.Magic.Title())
	}
	if strings.Contains(in.Line.Assign, ",") {
		return in.Magic.Usagef("%s gives one result, for one variable, not %s", in.Magic.Title(), in.Line.Assign)
	}
	for _, name := range []string{"T", "D"} {
		if !in.Common(name) {
			continue
		}
		path, err := magic.Path(h, in.Args.Text(name, ""))
		if err != nil {
			return in.Magic.Usagef("flag -%s of %s: %v", name, in.Magic.Title(), err)
		}
		if st, err := os.Stat(path); err == nil && st.IsDir() {
			return in.Magic.Usagef("flag -%s of %s: %s is a directory", name, in.Magic.Title(), path)
		}
		if st, err := os.Stat(filepath.Dir(path)); err != nil || !st.IsDir() {
			return in.Magic.Usagef("flag -%s of %s: there is no directory %s", name, in.Magic.Title(), filepath.Dir(path))
		}
	}
	return nil
}

// flagsBeside tells of a magic's other flags that begin with a letter, one of which
// may have been meant: -v9 is read as -v 9.
func flagsBeside(m *magic.Magic, letter string) string {
	var others []string
	for _, f := range m.Flags {
		if len(f.Name) > 1 && strings.HasPrefix(f.Name, letter) {
			others = append(others, "-"+f.Name)
		}
	}
	if len(others) == 0 {
		return ""
	}
	return "; other flags are " + strings.Join(others, ", ")
}
