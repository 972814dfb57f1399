package magics

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/python"
)

// pythonRows is the magic that runs Python.
func pythonRows() []magic.Magic {
	return []magic.Magic{
		{Name: "python", Aliases: []string{"python3"}, Kind: magic.Both, Syntax: magic.Go, RunsGo: true, Run: runPython,
			Usage: "%python [EXPRESSION], %%python [-i NAMES] [-o NAMES] [-t] [--needs MODULES] [--optional]",
			Flags: []magic.Flag{
				{Name: "i", Long: "in", Takes: magic.AboutVariables, Arg: "NAMES", Doc: "hand Go variables to Python before: NAME or NAME=GO, with commas between"},
				{Name: "o", Long: "out", Takes: magic.AboutVariables, Arg: "NAMES", Doc: "make Go variables of Python's after: NAME, NAME:TYPE, NAME=PYTHON or NAME:TYPE=PYTHON, with commas between"},
				{Name: "t", Long: "time", Doc: "print the wall time of the cell, measured in Python; _wall is that in seconds"},
				{Name: "frames", Doc: "slices of structs come as DataFrames of pandas instead of lists of dicts"},
				{Name: "needs", Arg: "MODULES", Doc: "modules that must be installed, with commas between"},
				{Name: "optional", Doc: "skip the cell, with a note, where Python or one of --needs is missing"},
				{Name: "python", Arg: "EXE", Doc: "the Python to start, instead of HPGO_PYTHON, the active virtual environment's or python3"},
				{Name: "restart", Doc: "start a new Python, without the variables, before"},
			},
			Doc: "run the cell with Python, in a namespace that lasts\n" +
				"The session's Python starts with the first such cell; %reset and new workers leave it alone, %replay starts another. " +
				"The value of a last expression and the figures of matplotlib are shown.\n" +
				"-i and -o hand values over: numbers, text, slices and arrays (numpy arrays in Python), maps (dicts), structs (dicts) and slices of them. " +
				"x := %python EXPRESSION makes one value a Go variable; %python alone says which Python runs."},
	}
}

// PythonError is an exception in a Python cell, with a traceback in cell lines.
type PythonError struct {
	Value     string // the exception's name and text
	Traceback []string
}

// Error returns the name and the text of the exception.
func (e *PythonError) Error() string { return e.Value }

// pythonState is the session's Python.
type pythonState struct {
	process *python.Process // nil: none was started
	asked   string          // --python of that
	forget  func()          // undoes AtEnd
	spare   int             // hand-overs that had to stay
}

// pythonOf returns the session's Python.
func pythonOf(h magic.Host) *pythonState {
	return h.Keep("python", func() any { return &pythonState{} }).(*pythonState)
}

// end ends the process, if there is one.
func (s *pythonState) end() {
	if s.process == nil {
		return
	}
	s.forget()
	s.process.Close()
	s.process = nil
}

// start makes sure that a Python runs, and that it is the one asked for.
func (s *pythonState) start(ctx context.Context, h magic.Host, in *magic.Input) error {
	asked := in.Args.Text("python", "")
	if in.Args.Has("restart") {
		s.end()
	}
	if p := s.process; p != nil {
		switch {
		case !p.Alive():
			h.Stream("stderr", (&python.Died{Reason: p.Reason()}).Error()+"\n")
			s.end()
		case asked != "" && asked != s.asked:
			return in.Magic.Usagef("%s runs already; add --restart to start %s", p.Exe, asked)
		default:
			return nil
		}
	}
	exe, err := python.Find(asked, h.Dir(), h.Environ())
	if err != nil {
		return err
	}
	p, err := python.Start(ctx, exe, h.Dir(), h.Environ())
	if err != nil {
		return err
	}
	s.process, s.asked = p, asked
	s.forget = h.AtEnd(func() { p.Close() })
	return nil
}

// runPython implements %%python and %python.
func runPython(ctx context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	ins, outs, err := transfers(in)
	if err != nil {
		return magic.Result{}, err
	}
	code := in.Body
	if in.Form == magic.Line {
		code = in.Args.Rest
	} else if in.Args.Rest != "" {
		return magic.Result{}, in.Magic.Usagef("%%%%python takes no argument, got %q (an expression with spaces needs quotes: -o 'n=a + b')", in.Args.Rest)
	}
	s := pythonOf(h)
	if strings.TrimSpace(code) == "" && in.Form == magic.Line && !in.Args.Has("restart") && in.Line.Assign == "" && len(ins)+len(outs) == 0 {
		h.Stream("stdout", s.describe())
		return magic.Result{}, nil
	}
	if why, err := s.prepare(ctx, h, in); err != nil || why != "" {
		if err == nil {
			h.Stream("stderr", "the Python cell was skipped: "+why+"\n")
		}
		return magic.Result{}, err
	}
	cell := python.Cell{Code: code, Dir: h.Dir(), Env: h.Environ(), Frames: in.Args.Has("frames"), Time: in.Args.Has("t"),
		Out: pythonSide(outs), Insist: magic.Insisted(ctx)}
	cell.Number, cell.Line = h.At()
	if in.Form == magic.Line {
		cell.Line = in.Line.Line
	}
	if in.Line.Assign != "" {
		if len(outs) > 0 {
			return magic.Result{}, in.Magic.Usagef("%s: an assignment and -o don't go together", in.Magic.Spell(in.Form))
		}
		cell.Value, outs = assigned(in.Line.Assign)
	}
	if len(ins) > 0 {
		if cell.Load, err = s.handIn(ctx, h, ins); err != nil {
			return magic.Result{}, err
		}
		defer os.Remove(cell.Load) // Python has done so, unless the cell didn't compile
	}
	done, err := s.process.Run(ctx, cell, h)
	if err != nil {
		return magic.Result{}, s.failure(err)
	}
	if len(outs) > 0 {
		return magic.Result{Show: done.Value, Assigned: true}, s.handOut(ctx, h, outs, done)
	}
	return magic.Result{Show: done.Value}, nil
}

// assigned are the variables of `a, b := %python EXPRESSION`.
func assigned(list string) (names []string, outs []transfer) {
	for _, name := range strings.Split(list, ",") {
		name = strings.TrimSpace(name)
		names, outs = append(names, name), append(outs, transfer{name: name})
	}
	return names, outs
}

// describe says which Python runs.
func (s *pythonState) describe() string {
	if s.process == nil || !s.process.Alive() {
		return "no Python runs yet; the first %%python cell starts one\n"
	}
	return fmt.Sprintf("Python %s, %s, process %d\n", s.process.Version, s.process.Exe, s.process.PID())
}

// prepare starts Python and checks that what the cell needs is there. With
// --optional, what is missing is told in skip instead of an error.
func (s *pythonState) prepare(ctx context.Context, h magic.Host, in *magic.Input) (skip string, err error) {
	err = s.start(ctx, h, in)
	if errors.Is(err, python.ErrNotFound) && in.Args.Has("optional") {
		return err.Error(), nil
	}
	if err != nil {
		return "", err
	}
	var modules []string
	for _, list := range in.Args.All("needs") {
		modules = append(modules, strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })...)
	}
	if len(modules) == 0 {
		return "", nil
	}
	missing, err := s.process.Missing(ctx, modules)
	if err != nil || len(missing) == 0 {
		return "", err
	}
	names := strings.Join(missing, ", ")
	why := fmt.Sprintf("%s has no %s: !%[1]s -m pip install %[3]s", s.process.Exe, names, strings.Join(missing, " "))
	if in.Args.Has("optional") {
		return why, nil
	}
	return "", errors.New(why)
}

// failure makes an exception an error of the cell.
func (s *pythonState) failure(err error) error {
	var e *python.Exception
	var died *python.Died
	switch {
	case errors.As(err, &e):
		return &PythonError{Value: e.Value, Traceback: e.Traceback}
	case errors.As(err, &died):
		s.end()
		return &PythonError{Value: died.Error(), Traceback: []string{died.Error()}}
	}
	return err
}
