package magics

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/settings"
)

// placeRows are the magics about directories, environment and arguments.
func placeRows() []magic.Magic {
	return []magic.Magic{
		{Name: "env", Kind: magic.Line, Usage: "%env [NAME | NAME=VALUE | NAME VALUE]", Takes: magic.AboutEnv, Max: -1, Run: runEnv,
			Doc: "show or set environment variables of the cells\nThey hold for cells, shell lines and new workers. $NAME in a value is expanded. In the list values of names like API_KEY, TOKEN or PASSWORD are hidden. v := %env NAME keeps one as a string."},
		{Name: "cd", Kind: magic.Line, Usage: "%cd [DIR | -]", Takes: magic.AboutDirs, Max: 1, Run: runCd,
			Doc: "show or change the cells' directory\n~ and $NAME are expanded; - goes back to the last one."},
		{Name: "pwd", Kind: magic.Line, Usage: "%pwd", Transient: true, Run: runPwd,
			Doc: "show the cells' directory\ndir := %pwd keeps it as a string."},
		{Name: "args", Kind: magic.Line, Usage: "%args [ARG...]", Syntax: magic.RawWords, Max: -1, Run: runArgs,
			Doc: "set os.Args[1:] for this cell's Go"},
		{Name: "exec", Kind: magic.Line, Usage: "%exec FUNCTION [ARG...]", Syntax: magic.Verbatim, Takes: magic.AboutFunctions, Min: 1, Run: runExec,
			Doc: "call a function of the session after this cell's Go\nIt is called as from func main: os.Args[1:] are the ARGs and flag.Parse has run."},
		{Name: "main", Kind: magic.Both, Usage: "%main [ARG...], %% [ARG...]", Syntax: magic.RawWords, Max: -1,
			Doc: "run the cell as func main\nIn hpgo statements need no main; the line sets os.Args[1:] and calls flag.Parse, as gonb's notebooks expect."},
	}
}

// secret matches names of variables whose values %env doesn't list: a notebook
// is saved with its outputs, and sent around.
var secret = regexp.MustCompile(`(?i)key|token|secret|passw|credential`)

// runEnv implements %env.
func runEnv(_ context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	env := magic.Environ(h)
	words := in.Args.Words
	if len(words) == 0 {
		for _, k := range slices.Sorted(maps.Keys(env)) {
			value := env[k]
			if secret.MatchString(k) {
				value = "<hidden>"
			}
			h.Stream("stdout", k+"="+value+"\n")
		}
		return magic.Result{}, nil
	}
	name, value, set := cutSetting(words)
	if name == "" || strings.ContainsAny(name, " \t\x00$") {
		return magic.Result{}, in.Magic.Usagef("%q is no name of an environment variable", name)
	}
	if set {
		value = os.Expand(value, func(n string) string {
			if v, ok := env[n]; ok {
				return v
			}
			return "$" + n
		})
		if strings.ContainsRune(value, 0) {
			return magic.Result{}, in.Magic.Usagef("the value of %s contains a zero byte", name)
		}
		if err := checkTuning(h, in, name, value); err != nil {
			return magic.Result{}, err
		}
		h.Setenv(name, value)
		h.Stream("stdout", fmt.Sprintf("Set: %s=%q\n", name, value))
		return magic.Result{}, nil
	}
	v, ok := env[name]
	if !ok {
		return magic.Result{}, in.Magic.Usagef("environment variable %s is not set", name)
	}
	if in.Line.Assign == "" {
		h.Stream("stdout", v+"\n")
	}
	return magic.Result{Value: v}, nil
}

// checkTuning refuses values with which no worker would start, and says of variables
// that decide how cells are built that they don't for these.
func checkTuning(h magic.Host, in *magic.Input, name, value string) error {
	s, ok := settings.Find(name)
	if !ok {
		return nil
	}
	switch {
	case s.Reach == settings.Process:
		if err := s.Check(value); err != nil {
			return in.Magic.Usagef("%%env: %v", err)
		}
	case s.Reach == settings.Everything:
		h.Stream("stderr", fmt.Sprintf("note: that is for commands; cells are built so by %%flags %s=%s\n", name, value))
	}
	return nil
}

// cutSetting splits NAME, NAME=VALUE, NAME VALUE or NAME = VALUE.
func cutSetting(words []string) (name, value string, set bool) {
	name, value, set = strings.Cut(words[0], "=")
	rest := slices.Clone(words[1:])
	if !set && len(rest) > 0 {
		rest[0] = strings.TrimPrefix(rest[0], "=")
	}
	rest = slices.DeleteFunc(append([]string{value}, rest...), func(w string) bool { return w == "" })
	return name, strings.Join(rest, " "), set || len(words) > 1
}

// runPwd implements %pwd.
func runPwd(_ context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	if in.Line.Assign == "" {
		h.Stream("stdout", h.Dir()+"\n")
	}
	return magic.Result{Value: h.Dir()}, nil
}

// runCd implements %cd.
func runCd(_ context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	if len(in.Args.Words) == 0 {
		if in.Line.Assign == "" {
			h.Stream("stdout", fmt.Sprintf("Current directory: %q\n", h.Dir()))
		}
		return magic.Result{Value: h.Dir()}, nil
	}
	word := in.Args.Words[0]
	if word == "-" {
		word = magic.Environ(h)["OLDPWD"]
		if word == "" {
			return magic.Result{}, fmt.Errorf("%%cd -: there is no earlier directory")
		}
	}
	dir, err := magic.Path(h, word)
	if err != nil {
		return magic.Result{}, err
	}
	dir = filepath.Clean(dir)
	st, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return magic.Result{}, fmt.Errorf("%%cd: there is no directory %s", dir)
	}
	if err != nil {
		return magic.Result{}, fmt.Errorf("%%cd: %w", err)
	}
	if !st.IsDir() {
		return magic.Result{}, fmt.Errorf("%%cd: %s is not a directory", dir)
	}
	old := h.Dir()
	if err := h.Chdir(dir); err != nil {
		return magic.Result{}, fmt.Errorf("%%cd: %w", err)
	}
	h.Setenv("OLDPWD", old)
	h.Stream("stdout", fmt.Sprintf("Changed directory to %q\n", dir))
	return magic.Result{Value: dir}, nil
}

// runArgs implements %args.
func runArgs(_ context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	h.SetArgs(in.Args.Words)
	return magic.Result{}, nil
}

// runExec implements %exec.
func runExec(_ context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	fn, end, err := magic.NextWord(in.Args.Rest, 0)
	if err != nil {
		return magic.Result{}, in.Magic.Usagef("%%exec: %v", err)
	}
	fn = strings.TrimSuffix(fn, "()")
	if !isIdentifier(fn) {
		return magic.Result{}, in.Magic.Usagef("%q is no name of a function", fn)
	}
	h.CallLater(fn, strings.TrimSpace(in.Args.Rest[end:]))
	return magic.Result{}, nil
}
