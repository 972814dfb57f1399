package magics

import (
	"context"
	"os/exec"
	"strings"

	"hpgo/kernel/stdin"
	"hpgo/magics/magic"
)

// shellRows are the lines and cells that run programs.
func shellRows() []magic.Magic {
	return []magic.Magic{
		{Name: "!", Kind: magic.Shell, Usage: "!COMMAND", Syntax: magic.Verbatim, Min: 1, Run: runShell,
			Doc: "run a shell command in the cells' directory\nA failing command ends the cell. lines := !COMMAND keeps its output as a []string."},
		{Name: "!*", Kind: magic.Shell, Usage: "!*COMMAND", Syntax: magic.Verbatim, Min: 1, Run: runShell,
			Doc: "run a shell command in the directory of the session's go.mod"},
		{Name: "with_inputs", Kind: magic.Line, Usage: "%with_inputs", Run: runWithInputs,
			Doc: "accepted for gonb's sake\nA command that reads its standard input asks the user in any case."},
		{Name: "with_password", Kind: magic.Line, Usage: "%with_password", Run: runWithPassword,
			Doc: "hide what is typed for the next shell command\nCommands that turn off the echo, as read -s does, hide it by themselves."},
	}
}

// runShell runs one line with the shell; when it is assigned, its standard
// output becomes the value instead of being shown.
func runShell(ctx context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	c := hostCommand(h, in.Args.Rest, shell(), "-c", in.Args.Rest)
	c.ask = askOf(h)
	if ask := c.ask; len(h.Setting(hideInput)) > 0 {
		h.Set(hideInput, nil)
		if ask != nil {
			c.ask = func(ctx context.Context, prompt string, _ bool) (string, error) { return ask(ctx, prompt, true) }
		}
	}
	if in.Magic.Name == "!*" {
		c.dir = h.ModuleDir()
	}
	if in.Line.Assign == "" {
		err := c.run(ctx)
		if err == nil {
			noteLoss(h, in.Args.Rest)
		}
		return magic.Result{}, err
	}
	var text strings.Builder
	c.out = func(stream, s string) {
		if stream == "stdout" {
			text.WriteString(s)
			return
		}
		h.Stream(stream, s)
	}
	if err := c.run(ctx); err != nil {
		h.Stream("stdout", text.String()) // it may say why
		return magic.Result{}, err
	}
	return magic.Result{Value: splitLines(text.String())}, nil
}

// noteLoss tells of a command that changes nothing but its own shell.
func noteLoss(h magic.Host, line string) {
	words := strings.Fields(line)
	if len(words) < 2 || strings.ContainsAny(line, ";&|\n") {
		return
	}
	switch words[0] {
	case "cd":
		h.Stream("stderr", "note: this shell has ended and its directory with it; %cd changes that of the cells and of later commands\n")
	case "export":
		h.Stream("stderr", "note: this shell has ended and its variables with it; %env NAME=VALUE sets one for cells and later commands\n")
	}
}

// splitLines returns the lines of a text without their ends.
func splitLines(text string) []string {
	text = strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if text == "" {
		return []string{}
	}
	return strings.Split(text, "\n")
}

// hideInput is the setting that %with_password leaves for the next command.
const hideInput = "hide-input"

// runWithInputs implements %with_inputs: there is nothing to switch on.
func runWithInputs(context.Context, magic.Host, *magic.Input) (magic.Result, error) {
	return magic.Result{}, nil
}

// runWithPassword implements %with_password.
func runWithPassword(_ context.Context, h magic.Host, _ *magic.Input) (magic.Result, error) {
	h.Set(hideInput, []string{"next"})
	return magic.Result{}, nil
}

// hostCommand is a command in the cells' directory and environment.
func hostCommand(h magic.Host, title string, argv ...string) command {
	return command{title: title, argv: argv, dir: h.Dir(), env: h.Environ(), out: h.Stream, atEnd: h.AtEnd}
}

// askOf is how a command reaches the user; nil when nobody can be asked.
func askOf(h magic.Host) stdin.Ask {
	if !h.CanAsk() {
		return nil
	}
	return h.Ask
}

// shell is the shell for command lines: bash as gonb and IPython have it, where
// there is one.
func shell() string {
	if path, err := exec.LookPath("bash"); err == nil {
		return path
	}
	return "sh"
}

// withNewline ends a text with a newline unless it is empty.
func withNewline(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}
