package magics

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"hpgo/kernel/display"
	"hpgo/magics/report"
	"hpgo/magics/result"
)

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

// measuring completes the row of a magic that measures: it gets the common flags
// that it hasn't flags of its own for, they are checked before anything runs, and
// the machine is looked at before. Its Run ends with finish.
func measuring(m Magic) Magic {
	for _, f := range commonFlags() {
		if m.flag(f.Name) == nil {
			m.Flags = append(m.Flags, f)
		}
	}
	run := m.Run
	m.Run = func(ctx context.Context, h Host, in *Input) (Result, error) {
		if err := checkFinish(h, in); err != nil {
			return Result{}, err
		}
		in.clock = report.StartClock("/", os.Getpid(), h.Status(ctx).PID)
		return run(ctx, h, in)
	}
	return m
}

// common reports whether a flag of a magic is the common one: a family may have
// another meaning for its letter.
func (in *Input) common(name string) bool {
	f := in.Magic.flag(name)
	if f == nil || !in.Args.Has(name) {
		return false
	}
	return slices.ContainsFunc(commonFlags(), func(c Flag) bool { return c.Name == name && c.Doc == f.Doc })
}

// checkFinish checks the values of the common flags.
func checkFinish(h Host, in *Input) error {
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

// finish shows, writes, keeps and returns a result as the common flags say. What
// the family left out of o, it fills in. A partial result is shown and written, but
// no variable is declared: the family then returns the error that cut it short. One
// whose file can't be written is shown, too, before the error.
func finish(ctx context.Context, h Host, in *Input, o report.Output) (Result, error) {
	completeOutput(ctx, h, in, &o)
	if in.common("name") {
		namedResults(h)[in.Args.Text("name", "")] = o
	}
	written := writeResult(h, in, o)
	res, err := showResult(h, in, o, written == nil && o.Partial == "")
	if err = errors.Join(written, err); err != nil || o.Partial != "" {
		return res, err
	}
	if in.common("v") {
		if err := defineResult(ctx, h, in.Args.Text("v", ""), o.Result); err != nil {
			return res, err
		}
	}
	if in.Line.Assign != "" {
		res.Assigned = true
		return res, defineResult(ctx, h, in.Line.Assign, o.Result)
	}
	return res, nil
}

// completeOutput fills in what is the same for all families.
func completeOutput(ctx context.Context, h Host, in *Input, o *report.Output) {
	if o.Magic == "" {
		o.Magic = in.Magic.Name
	}
	if o.Cell == 0 {
		o.Cell, _ = h.At()
	}
	if o.Statement == "" {
		o.Statement = strings.TrimSpace(in.Args.Rest)
		if in.Form == Cell {
			o.Statement = strings.TrimSpace(in.Body)
		}
	}
	if o.Env.Go == "" {
		s := h.Status(ctx)
		o.Env = in.clock.Env("/", report.Settings{Go: s.Go, Experiment: s.Experiment, Flags: s.Flags, Environ: h.Environ(), PIDs: []int{os.Getpid(), s.PID}})
	}
	if !o.Untimed {
		o.Warnings = append(slices.Clone(o.Warnings), report.Noise(o.Env)...)
	}
}

// showResult shows the output, or makes it the value of the cell where there is one:
// an error that follows takes a value's place.
func showResult(h Host, in *Input, o report.Output, valued bool) (Result, error) {
	asValue := valued && in.common("o") && in.Line.Assign == ""
	if in.common("q") {
		if asValue {
			return Result{Show: &display.Bundle{Data: map[string]any{"text/plain": fmt.Sprint(o.Result)}}}, nil
		}
		return Result{}, nil
	}
	make := o.Bundle
	if in.common("json") {
		make = o.JSON
	}
	b, err := make()
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", in.Magic.title(), err)
	}
	if asValue {
		return Result{Show: &b}, nil
	}
	h.Display(display.Event{Op: display.OpDisplay, Bundle: b})
	return Result{}, nil
}

// writeResult writes the files of -T and -D.
func writeResult(h Host, in *Input, o report.Output) error {
	write := func(flag, what string, data []byte) error {
		if !in.common(flag) {
			return nil
		}
		path, err := hostPath(h, in.Args.Text(flag, ""))
		if err == nil {
			err = os.WriteFile(path, data, 0o666)
		}
		if err != nil {
			return fmt.Errorf("%s: write the %s: %w", in.Magic.title(), what, err)
		}
		if !in.common("q") {
			h.Stream("stdout", fmt.Sprintf("Wrote the %s to %s\n", what, path))
		}
		return nil
	}
	if err := write("T", "text", []byte(o.Plain()+"\n")); err != nil {
		return err
	}
	raw := o.Raw
	if raw == nil {
		data, err := json.MarshalIndent(o.Envelope(), "", " ")
		if err != nil {
			return fmt.Errorf("%s: encode the data: %w", in.Magic.title(), err)
		}
		raw = append(data, '\n')
	}
	return write("D", "data", raw)
}

// defineResult declares a Go variable with a value of package result.
func defineResult(ctx context.Context, h Host, name string, v any) error {
	t := reflect.TypeOf(v)
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.PkgPath() != reflect.TypeFor[result.Env]().PkgPath() {
		return fmt.Errorf("declare %s: a %T is no result", name, v)
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("declare %s: %w", name, err)
	}
	text := strconv.Quote(string(data))
	if strconv.CanBackquote(string(data)) {
		text = "`" + string(data) + "`" // half as long: JSON is full of quotes
	}
	expr := fmt.Sprintf("hpgo__result.Read[hpgo__result.%s](%s)", t.Name(), text)
	return h.Define(ctx, name, expr, map[string]string{"hpgo__result": t.PkgPath()})
}

// namedResults are the outputs that -name has kept in the session, by label.
func namedResults(h Host) map[string]report.Output {
	return h.Keep("named results", func() any { return map[string]report.Output{} }).(map[string]report.Output)
}
