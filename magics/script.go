package magics

import (
	"context"
	"fmt"
	"strings"

	"hpgo/magics/magic"
)

// scriptRows are the cells that are scripts. Words that aren't flags of ours
// belong to the program.
func scriptRows() []magic.Magic {
	flags := []magic.Flag{
		{Name: "out", Arg: "NAME", Doc: "keep standard output as the string variable NAME instead of showing it"},
		{Name: "err", Arg: "NAME", Doc: "keep standard error as the string variable NAME instead of showing it"},
		{Name: "no-raise-error", Doc: "go on after a failure"},
	}
	shellDoc := "\nARGs are its options, and after -s the script's arguments. What the script reads, the user is asked for. " +
		"With a file as ARG the cell is standard input, as it is in %%script."
	return []magic.Magic{
		{Name: "bash", Kind: magic.Cell, Usage: "%%bash [FLAG...] [ARG...]", Flags: flags, Syntax: magic.RawWords, Max: -1, Holds: magic.AboutShell, Run: runScript,
			Doc: "run the cell with bash" + shellDoc},
		{Name: "sh", Kind: magic.Cell, Usage: "%%sh [FLAG...] [ARG...]", Flags: flags, Syntax: magic.RawWords, Max: -1, Holds: magic.AboutShell, Run: runScript,
			Doc: "run the cell with sh" + shellDoc},
		{Name: "script", Kind: magic.Cell, Usage: "%%script [FLAG...] PROGRAM [ARG...]", Flags: flags, Syntax: magic.RawWords, Takes: magic.AboutShell, Min: 1, Max: -1, Holds: magic.AboutShell, Run: runScript,
			Doc: "run a program with the cell as its standard input"},
	}
}

// scriptFlags are what was said to us rather than to the program.
type scriptFlags struct {
	kept   map[string]string // variable by stream
	goesOn bool
}

// takeScriptFlags cuts our flags off the beginning of the words.
func takeScriptFlags(m *magic.Magic, words []string) (scriptFlags, []string, error) {
	f := scriptFlags{kept: map[string]string{}}
	streams := map[string]string{"out": "stdout", "err": "stderr"}
	for len(words) > 0 {
		name, value, glued := strings.Cut(strings.TrimPrefix(words[0], "--"), "=")
		switch stream := streams[name]; {
		case !strings.HasPrefix(words[0], "--"):
			return f, words, nil
		case words[0] == "--no-raise-error":
			f.goesOn, words = true, words[1:]
		case stream == "" && m.Name == "script":
			return f, nil, m.UnknownFlag(words[0]) // no program begins so
		case stream == "":
			return f, words, nil
		default:
			words = words[1:]
			if !glued && len(words) > 0 {
				value, words = words[0], words[1:]
			}
			if !magic.IsVariable(value) {
				return f, nil, m.Usagef("--%s needs the name of a variable, got %q", name, value)
			}
			f.kept[stream] = value
		}
	}
	return f, words, nil
}

// runScript runs a program over the cell's body.
func runScript(ctx context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	flags, words, err := takeScriptFlags(in.Magic, in.Args.Words)
	if err != nil {
		return magic.Result{}, err
	}
	c, err := scriptCommand(h, in, words)
	if err != nil {
		return magic.Result{}, err
	}
	kept := map[string]*strings.Builder{}
	for stream := range flags.kept {
		kept[stream] = &strings.Builder{}
	}
	c.out = func(stream, text string) {
		if b := kept[stream]; b != nil {
			b.WriteString(text)
			return
		}
		h.Stream(stream, text)
	}
	failed := c.run(ctx)
	if ctx.Err() == nil {
		for _, stream := range []string{"stdout", "stderr"} {
			if name := flags.kept[stream]; name != "" {
				if err := h.Define(ctx, name, fmt.Sprintf("%q", kept[stream]), nil); err != nil {
					return magic.Result{}, err
				}
			}
		}
	}
	if shell, ok := failed.(*ShellError); ok && flags.goesOn && ctx.Err() == nil {
		h.Stream("stderr", shell.Reason+"\n")
		return magic.Result{}, nil
	}
	return magic.Result{}, failed
}

// scriptCommand is the command of a script cell. A shell gets the cell as an
// argument where it can, which leaves its standard input to the user.
func scriptCommand(h magic.Host, in *magic.Input, words []string) (command, error) {
	if in.Magic.Name == "script" {
		if len(words) == 0 {
			return command{}, in.Magic.Usagef("%%%%script needs a program")
		}
		c := hostCommand(h, strings.Join(words, " "), words...)
		c.stdin = withNewline(in.Body)
		return c, nil
	}
	argv := append([]string{in.Magic.Name}, words...)
	title := strings.Join(argv, " ")
	if inline, ok := inlineShell(in.Magic.Name, words, in.Body); ok {
		c := hostCommand(h, title, inline...)
		c.ask = askOf(h)
		return c, nil
	}
	c := hostCommand(h, title, argv...)
	c.stdin = withNewline(in.Body)
	return c, nil
}

// mostInArgument is the longest script that is passed as an argument. Linux
// takes 128 KiB.
const mostInArgument = 100 << 10

// inlineShell returns the call of a shell with the script as an argument, which
// does the same as the script on its standard input: `bash -e -s x` becomes
// `bash -e -c SCRIPT bash x`. False: this can't be done, as the words name a file
// to run, or bring a script themselves.
func inlineShell(name string, words []string, script string) ([]string, bool) {
	if len(script) > mostInArgument || strings.ContainsRune(script, 0) {
		return nil, false
	}
	argv := []string{name}
	fromInput := false // -s was seen: words that are no options are arguments
	for len(words) > 0 && isOption(words[0]) {
		option := words[0]
		words = words[1:]
		long := strings.HasPrefix(option, "--")
		switch {
		case !long && strings.ContainsRune(option, 'c'), option == "--rcfile", option == "--init-file":
			return nil, false
		case !long && option[0] == '-' && strings.ContainsRune(option, 's'):
			fromInput = true
			option = strings.ReplaceAll(option, "s", "")
		}
		if option != "-" {
			argv = append(argv, option)
		}
		if !long && strings.ContainsAny(option[len(option)-1:], "oO") && len(words) > 0 {
			argv, words = append(argv, words[0]), words[1:] // -o pipefail
		}
	}
	if len(words) > 0 && !fromInput {
		return nil, false
	}
	return append(append(argv, "-c", script, name), words...), true
}

// isOption reports whether a shell takes a word for options.
func isOption(word string) bool {
	return len(word) > 1 && (word[0] == '-' || word[0] == '+') && word != "--"
}
