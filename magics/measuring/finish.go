package measuring

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"hpgo/kernel/display"
	"hpgo/magics/magic"
	"hpgo/magics/report"
	"hpgo/magics/result"
)

// Finish shows, writes, keeps and returns a result as the common flags say. What
// the family left out of o, it fills in. A partial result is shown and written, but
// no variable is declared: the family then returns the error that cut it short. One
// whose file can't be written is shown and declared all the same, before the error.
func Finish(ctx context.Context, h magic.Host, in *Input, o report.Output) (magic.Result, error) {
	CompleteOutput(ctx, h, in, &o)
	if in.Common("name") {
		NamedResults(h)[in.Args.Text("name", "")] = o
	}
	written := writeResult(h, in, o)
	res, err := showResult(h, in, o, written == nil && o.Partial == "")
	if err != nil || o.Partial != "" {
		return res, errors.Join(written, err)
	}
	if in.Common("v") {
		err = defineResult(ctx, h, in.Args.Text("v", ""), o.Result)
	}
	if err == nil && in.Line.Assign != "" {
		res.Assigned = true
		err = defineResult(ctx, h, in.Line.Assign, o.Result)
	}
	return res, errors.Join(written, err)
}

// CompleteOutput fills in what is the same for all families: for outputs that are shown
// while a magic still measures. Finish does it for others.
func CompleteOutput(ctx context.Context, h magic.Host, in *Input, o *report.Output) {
	if o.Magic == "" {
		o.Magic = in.Magic.Name
	}
	if o.Cell == 0 {
		o.Cell, _ = h.At()
	}
	if o.Statement == "" {
		o.Statement = strings.TrimSpace(in.Args.Rest)
		if in.Form == magic.Cell {
			o.Statement = strings.TrimSpace(in.Body)
		}
	}
	if o.Env.Go == "" {
		o.Env = in.Env(ctx, h)
	}
	in.noteScale(o)
	in.noteLent(o)
	if !o.Untimed {
		o.Warnings = append(slices.Clone(o.Warnings), report.Noise(o.Env)...)
	}
}

// showResult shows the output, or makes it the value of the cell where there is one:
// an error that follows takes a value's place.
func showResult(h magic.Host, in *Input, o report.Output, valued bool) (magic.Result, error) {
	asValue := valued && in.Common("o") && in.Line.Assign == ""
	if in.Common("q") {
		if asValue {
			return magic.Result{Show: &display.Bundle{Data: map[string]any{"text/plain": fmt.Sprint(o.Result)}}}, nil
		}
		return magic.Result{}, nil
	}
	make := o.Bundle
	if in.Common("json") {
		make = o.JSON
	}
	b, err := make()
	if err != nil {
		return magic.Result{}, fmt.Errorf("%s: %w", in.Magic.Title(), err)
	}
	if asValue {
		return magic.Result{Show: &b}, nil
	}
	h.Display(display.Event{Op: display.OpDisplay, Bundle: b})
	return magic.Result{}, nil
}

// writeResult writes the files of -T and -D.
func writeResult(h magic.Host, in *Input, o report.Output) error {
	write := func(flag, what string, data []byte) error {
		if !in.Common(flag) {
			return nil
		}
		path, err := magic.Path(h, in.Args.Text(flag, ""))
		if err == nil {
			err = os.WriteFile(path, data, 0o666)
		}
		if err != nil {
			return fmt.Errorf("%s: write the %s: %w", in.Magic.Title(), what, err)
		}
		if !in.Common("q") {
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
			return fmt.Errorf("%s: encode the data: %w", in.Magic.Title(), err)
		}
		raw = append(data, '\n')
	}
	return write("D", "data", raw)
}

// defineResult declares a Go variable with a value of package result.
func defineResult(ctx context.Context, h magic.Host, name string, v any) error {
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

// NamedResults are the outputs that -name has kept in the session, by label.
func NamedResults(h magic.Host) map[string]report.Output {
	return h.Keep("named results", func() any { return map[string]report.Output{} }).(map[string]report.Output)
}

// Env is the environment of a measurement that ends now.
func (in *Input) Env(ctx context.Context, h magic.Host) result.Env {
	s := h.Status(ctx)
	flags := s.Flags
	if len(s.GCFlags) > 0 {
		flags = append([]string{"-gcflags=" + strings.Join(s.GCFlags, " ")}, flags...)
	}
	return in.clock.Env("/", report.Settings{Go: s.Go, Experiment: s.Experiment, Level: s.Level, Flags: flags, Environ: h.Environ(), PIDs: []int{os.Getpid(), s.PID}})
}
