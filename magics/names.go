package magics

import (
	"context"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"

	"hpgo/kernel/display"
	"hpgo/magics/magic"
	"hpgo/magics/quantity"
)

// nameRows are the magics about what the session knows.
func nameRows() []magic.Magic {
	return []magic.Magic{
		{Name: "who", Kind: magic.Line, Usage: "%who", Transient: true, Run: runWho,
			Doc: "list the names of the variables\nnames := %who keeps them as a []string."},
		{Name: "whos", Kind: magic.Line, Usage: "%whos [NAME...]", Takes: magic.AboutNames, Max: -1, Transient: true, Run: runWhos,
			Doc: "table of all names: kind, type, size, cell and value\nSizes count what a value holds by slices, strings and pointers; a ≥ marks those that were not followed to the end, such as maps."},
		{Name: "ls", Aliases: []string{"list"}, Kind: magic.Line, Usage: "%ls", Transient: true, Run: runLs,
			Doc: "list all declarations by kind"},
		{Name: "rm", Aliases: []string{"remove"}, Kind: magic.Line, Usage: "%rm NAME...", Takes: magic.AboutNames, Min: 1, Max: -1, Run: runRm,
			Doc: "forget declarations\nA method is named Type.Method."},
		{Name: "reset", Kind: magic.Line, Usage: "%reset [-f] [go.mod]", Max: 1, Transient: true, Run: runReset,
			Flags: []magic.Flag{{Name: "f", Long: "force", Doc: "accepted for IPython's sake: nothing is ever asked"}},
			Doc:   "forget everything and start a new worker\nWith go.mod also the modules that %get and %use added."},
		{Name: "replay", Kind: magic.Line, Usage: "%replay [-q]", Transient: true, Run: runReplay,
			Flags: []magic.Flag{{Name: "q", Long: "quiet", Doc: "show no output of the cells"}},
			Doc:   "run the session's successful cells again in a fresh worker\nIt restores variables after a crash or a restart."},
	}
}

// runWho implements %who.
func runWho(ctx context.Context, h magic.Host, _ *magic.Input) (magic.Result, error) {
	names, err := h.List(ctx, false)
	if err != nil {
		return magic.Result{}, err
	}
	vars := []string{}
	for _, n := range names {
		if n.Kind == "var" {
			vars = append(vars, n.Name)
		}
	}
	if len(vars) == 0 {
		h.Stream("stdout", "No variables yet.\n")
	} else {
		h.Stream("stdout", strings.Join(vars, "  ")+"\n")
	}
	return magic.Result{Value: vars}, nil
}

// runWhos implements %whos.
func runWhos(ctx context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	names, err := h.List(ctx, true)
	if err != nil {
		return magic.Result{}, err
	}
	wanted := map[string]bool{}
	for _, w := range in.Args.Words {
		wanted[w] = true
	}
	missing := maps.Clone(wanted)
	for _, n := range names {
		delete(missing, n.Name)
	}
	if len(missing) > 0 {
		return magic.Result{}, fmt.Errorf("%%whos: not declared: %s", strings.Join(slices.Sorted(maps.Keys(missing)), ", "))
	}
	t := table{head: []string{"Name", "Kind", "Type", "Size", "Cell", "Value"}, right: map[int]bool{3: true, 4: true}}
	for _, n := range names {
		if n.Kind == "import" || len(wanted) > 0 && !wanted[n.Name] {
			continue
		}
		t.rows = append(t.rows, []string{n.Name, n.Kind, n.Type, sizeText(n), fmt.Sprint(n.Cell), n.Value})
	}
	if len(t.rows) == 0 {
		h.Stream("stdout", "Nothing is declared yet.\n")
		return magic.Result{}, nil
	}
	h.Display(t.event())
	return magic.Result{}, nil
}

// sizeText writes a variable's size.
func sizeText(n magic.Name) string {
	switch {
	case n.Kind != "var":
		return ""
	case n.Size < 0:
		return "?"
	case n.Least:
		return "≥ " + Bytes(n.Size)
	}
	return Bytes(n.Size)
}

// Bytes writes a number of bytes for people.
func Bytes(n int64) string {
	units := []string{"KiB", "MiB", "GiB", "TiB"}
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	x := float64(n)
	for i, u := range units {
		x /= 1024
		if x < 1024 || i == len(units)-1 {
			return fmt.Sprintf("%.3g %s", x, u)
		}
	}
	return ""
}

// runLs implements %ls.
func runLs(ctx context.Context, h magic.Host, _ *magic.Input) (magic.Result, error) {
	names, err := h.List(ctx, false)
	if err != nil {
		return magic.Result{}, err
	}
	titles := []struct{ title, kinds string }{
		{"Imports", "import"}, {"Constants", "const"}, {"Types", "type"}, {"Variables", "var"}, {"Functions", "func method"},
	}
	var text, page strings.Builder
	for _, t := range titles {
		var plain, items []string
		for _, n := range names {
			if !strings.Contains(t.kinds, n.Kind) {
				continue
			}
			line := n.Name
			if n.Type != "" && n.Type != n.Name {
				line += " " + n.Type
			}
			plain = append(plain, "  "+line)
			items = append(items, "<li><code>"+html.EscapeString(line)+"</code></li>")
		}
		if len(plain) > 0 {
			fmt.Fprintf(&text, "%s\n%s\n", t.title, strings.Join(plain, "\n"))
			fmt.Fprintf(&page, "<h4>%s</h4><ul>%s</ul>", t.title, strings.Join(items, ""))
		}
	}
	if text.Len() == 0 {
		h.Stream("stdout", "Nothing is declared yet.\n")
		return magic.Result{}, nil
	}
	h.Display(shown(strings.TrimSuffix(text.String(), "\n"), page.String()))
	return magic.Result{}, nil
}

// shown is a display event with text and HTML.
func shown(text, page string) display.Event {
	return display.Event{Op: display.OpDisplay, Bundle: display.Bundle{Data: map[string]any{"text/plain": text, "text/html": page}}}
}

// runRm implements %rm.
func runRm(ctx context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	removed, err := h.Remove(ctx, in.Args.Words)
	if err != nil {
		return magic.Result{}, err
	}
	for _, r := range removed {
		switch {
		case r.Kind == "":
			h.Stream("stderr", fmt.Sprintf(". key %q not found in any definition, not removed\n", r.Name))
		case r.Because != "":
			h.Stream("stdout", fmt.Sprintf(". removed %s %s, which needs %s\n", r.Kind, r.Name, r.Because))
		default:
			h.Stream("stdout", fmt.Sprintf(". removed %s %s\n", r.Kind, r.Name))
		}
	}
	return magic.Result{}, nil
}

// runReset implements %reset.
func runReset(ctx context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	gomod := len(in.Args.Words) > 0
	if gomod && in.Args.Words[0] != "go.mod" {
		return magic.Result{}, in.Magic.Usagef("%%reset takes only go.mod, got %q", in.Args.Words[0])
	}
	if err := h.Reset(ctx, gomod); err != nil {
		return magic.Result{}, err
	}
	h.Stream("stdout", "* State reset: all memorized declarations discarded.\n")
	return magic.Result{}, nil
}

// runReplay implements %replay.
func runReplay(ctx context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	var ran int
	var failed []string
	pythonOf(h).end() // its cells run again as well
	err := h.Replay(ctx, in.Args.Has("q"), func(r magic.Replayed) {
		ran++
		if r.Err != nil {
			failed = append(failed, fmt.Sprintf("cell %d: %v", r.Cell, r.Err))
		}
	})
	if err != nil {
		return magic.Result{}, err
	}
	if len(failed) > 0 {
		return magic.Result{}, fmt.Errorf("%d of %d cells failed when run again:\n%s", len(failed), ran, strings.Join(failed, "\n"))
	}
	if ran == 0 {
		h.Stream("stdout", "There is nothing to replay.\n")
		return magic.Result{}, nil
	}
	h.Stream("stdout", fmt.Sprintf("Replayed %s.\n", quantity.Counted(ran, "cell")))
	return magic.Result{}, nil
}
