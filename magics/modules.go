package magics

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hpgo/magics/magic"
)

// moduleRows are the magics about modules and builds. What they change outlives
// a worker, so a replay leaves them out.
func moduleRows() []magic.Magic {
	return []magic.Magic{
		{Name: "get", Kind: magic.Line, Usage: "%get PATH[@VERSION]...", Syntax: magic.RawWords, Takes: magic.AboutPackages, Min: 1, Max: -1, Transient: true, Run: runGet,
			Doc: "add modules to the session, as go get does\nWhen a package that is loaded changes its version, the worker is restarted and variables are lost; that is said before."},
		{Name: "use", Kind: magic.Line, Usage: "%use DIR...", Takes: magic.AboutDirs, Min: 1, Max: -1, Transient: true, Run: runUse,
			Doc: "resolve a module from a local directory\nWith a go.work there, all its modules are used. Use it again after editing the module."},
		{Name: "goflags", Kind: magic.Line, Usage: `%goflags [FLAG... | ""]`, Syntax: magic.RawWords, Max: -1, Transient: true, Run: runGoFlags,
			Doc: "show or set flags of go build, such as -race or -cover\n" +
				"While there are any, each cell is a program of its own that is built with them: variables are computed anew by the statements that declared them. " +
				"\"\" clears the flags and goes back to live cells. %test uses them too."},
		{Name: "autoget", Kind: magic.Line, Usage: "%autoget", Run: runAutoget,
			Doc: "accepted for gonb's sake\nAn import is looked for in the module cache; downloads happen only by %get."},
		{Name: "noautoget", Kind: magic.Line, Usage: "%noautoget", Run: runAutoget,
			Doc: "accepted for gonb's sake\nhpgo downloads only by %get."},
		{Name: "track", Kind: magic.Line, Usage: "%track [PATH]", Max: 1, Run: runNothing("%track: nothing to do, completion reads modules where they are"),
			Doc: "accepted for gonb's sake\nNothing has to be tracked."},
		{Name: "untrack", Kind: magic.Line, Usage: "%untrack [PATH]", Max: 1, Run: runNothing("%untrack: nothing to do, no files are tracked"),
			Doc: "accepted for gonb's sake\nNothing is tracked."},
		{Name: "goworkfix", Kind: magic.Line, Usage: "%goworkfix", Transient: true, Run: runGoWorkFix,
			Doc: "use every module of the go.work in the cells' or the session's module directory\nThe same as %use with that directory."},
	}
}

// runGet implements %get.
func runGet(ctx context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	changes, err := h.Get(ctx, in.Args.Words, func(line string) { h.Stream("stderr", line+"\n") })
	if err != nil {
		return magic.Result{}, err
	}
	if len(changes) == 0 {
		h.Stream("stdout", "Nothing to add: the session has it already.\n")
	}
	for _, c := range changes {
		h.Stream("stdout", changeNote(c)+"\n")
	}
	return magic.Result{}, restartFor(ctx, h, changes)
}

// changeNote says what happened to a module.
func changeNote(c magic.ModuleChange) string {
	switch {
	case c.Old == "":
		return fmt.Sprintf("added %s %s", c.Path, c.New)
	case c.New == "":
		return fmt.Sprintf("removed %s %s", c.Path, c.Old)
	}
	return fmt.Sprintf("changed %s %s => %s", c.Path, c.Old, c.New)
}

// restartFor starts a new worker when a module that may be loaded changed:
// two versions of a package can't live in one process.
func restartFor(ctx context.Context, h magic.Host, changes []magic.ModuleChange) error {
	var loaded []string
	for _, c := range changes {
		if c.Loaded {
			loaded = append(loaded, c.Path)
		}
	}
	if len(loaded) == 0 {
		return nil
	}
	lost := "no variables are lost"
	if vars := h.Variables(); len(vars) > 0 {
		lost = "these variables are lost: " + shortList(vars) + " (%replay runs the cells again)"
	}
	h.Stream("stderr", fmt.Sprintf("%s may be loaded in another version: the worker is restarted, %s\n", strings.Join(loaded, ", "), lost))
	return h.Restart(ctx)
}

// shortList joins names, cutting a long list.
func shortList(names []string) string {
	const most = 12
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s, ... (%d in all)", strings.Join(names[:most], ", "), len(names))
}

// runUse implements %use.
func runUse(ctx context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	var dirs []string
	for _, w := range in.Args.Words {
		dir, err := magic.Path(h, w)
		if err != nil {
			return magic.Result{}, err
		}
		more, err := workDirs(ctx, h, dir)
		if err != nil {
			return magic.Result{}, err
		}
		dirs = append(dirs, more...)
	}
	return magic.Result{}, useDirs(ctx, h, dirs, "using %s from %s\n")
}

// useDirs uses each directory's module and says so: say has places for its path
// and its directory.
func useDirs(ctx context.Context, h magic.Host, dirs []string, say string) error {
	var changes []magic.ModuleChange
	for _, dir := range dirs {
		c, err := h.Use(ctx, dir)
		if err != nil {
			return err
		}
		h.Stream("stdout", fmt.Sprintf(say, c.Path, c.New))
		changes = append(changes, c)
	}
	return restartFor(ctx, h, changes)
}

// workDirs returns the directories that a directory stands for: those of its
// go.work, else itself.
func workDirs(ctx context.Context, h magic.Host, dir string) ([]string, error) {
	if _, err := os.Stat(filepath.Join(dir, "go.work")); err != nil {
		return []string{dir}, nil
	}
	var out, errs strings.Builder
	c := hostCommand(h, "go work edit -json", "go", "work", "edit", "-json", "go.work")
	c.dir = dir
	c.out = func(stream, text string) {
		if stream == "stdout" {
			out.WriteString(text)
			return
		}
		errs.WriteString(text)
	}
	if err := c.run(ctx); err != nil {
		return nil, fmt.Errorf("read %s: %w\n%s", filepath.Join(dir, "go.work"), err, strings.TrimSpace(errs.String()))
	}
	var work struct{ Use []struct{ DiskPath string } }
	if err := json.Unmarshal([]byte(out.String()), &work); err != nil {
		return nil, fmt.Errorf("read %s: %w", filepath.Join(dir, "go.work"), err)
	}
	var dirs []string
	for _, u := range work.Use {
		d := filepath.FromSlash(u.DiskPath)
		if !filepath.IsAbs(d) {
			d = filepath.Join(dir, d)
		}
		if d != h.ModuleDir() { // gonb's notebooks list the session's own module
			dirs = append(dirs, d)
		}
	}
	if len(dirs) == 0 {
		return nil, fmt.Errorf("%s uses no module", filepath.Join(dir, "go.work"))
	}
	return dirs, nil
}

// runGoWorkFix implements %goworkfix.
func runGoWorkFix(ctx context.Context, h magic.Host, _ *magic.Input) (magic.Result, error) {
	for _, dir := range []string{h.ModuleDir(), h.Dir()} {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err != nil {
			continue
		}
		dirs, err := workDirs(ctx, h, dir)
		if err != nil {
			return magic.Result{}, err
		}
		return magic.Result{}, useDirs(ctx, h, dirs, "\t- Added replace rule for module %q to local directory %q.\n")
	}
	return magic.Result{}, fmt.Errorf("%%goworkfix: there is no go.work in %s or %s", h.ModuleDir(), h.Dir())
}

// runGoFlags implements %goflags.
func runGoFlags(ctx context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	if len(in.Args.Words) > 0 {
		flags := []string{}
		for _, w := range in.Args.Words {
			if w != "" {
				flags = append(flags, w)
			}
		}
		if err := checkGoFlags(ctx, h, in, flags); err != nil {
			return magic.Result{}, err
		}
		if told := h.Setting("goflags said"); len(flags) > 0 && len(told) == 0 {
			h.Set("goflags said", []string{"yes"})
			defer h.Stream("stderr", "note: with build flags each cell is a program of its own, and variables are computed anew; %goflags \"\" goes back to live cells\n")
		}
		h.Set("goflags", flags)
	}
	flags := h.Setting("goflags")
	if flags == nil {
		flags = []string{}
	}
	h.Stream("stdout", fmt.Sprintf("%%goflags=%q\n", flags))
	return magic.Result{Value: flags}, nil
}

// checkGoFlags refuses flags that go build doesn't take: each later cell would fail.
func checkGoFlags(ctx context.Context, h magic.Host, in *magic.Input, flags []string) error {
	if len(flags) == 0 {
		return nil
	}
	refused, err := h.RefusedFlags(ctx, flags)
	if err != nil || refused == "" {
		return err
	}
	kept := "there are no flags, as before"
	if old := h.Setting("goflags"); len(old) > 0 {
		kept = fmt.Sprintf("the flags stay %s; %%goflags \"\" clears them", strings.Join(old, " "))
	}
	return in.Magic.Usagef("%%goflags: %s; %s", refused, kept)
}

// runAutoget implements %autoget and %noautoget.
func runAutoget(_ context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	h.Set("autoget", []string{fmt.Sprint(in.Magic.Name == "autoget")})
	h.Stream("stderr", "note: imports are looked for in the module cache in either case; hpgo downloads only by %get\n")
	return magic.Result{}, nil
}

// runNothing makes the Run of a magic that has nothing to do here.
func runNothing(note string) func(context.Context, magic.Host, *magic.Input) (magic.Result, error) {
	return func(_ context.Context, h magic.Host, _ *magic.Input) (magic.Result, error) {
		h.Stream("stderr", "note: "+note+"\n")
		return magic.Result{}, nil
	}
}
