package magics

import (
	"context"
	"fmt"
	"html"
	"strings"

	"hpgo/kernel/display"
	"hpgo/magics/magic"
	"hpgo/magics/quantity"
)

// helpRows are the magics about magics and the session.
func helpRows() []magic.Magic {
	return []magic.Magic{
		{Name: "help", Kind: magic.Line, Usage: "%help [MAGIC]", Max: 2, Transient: true, Run: runHelp,
			Doc: "show what a magic does\n%MAGIC? is the same; without a name all are listed."},
		{Name: "pinfo", Kind: magic.Line, Usage: "%pinfo NAME, NAME?", Takes: magic.AboutGo, Min: 1, Max: 1, RunsGo: true, Transient: true, Run: runPinfo,
			Doc: "show what a name means: declaration and documentation\nNames are those of the session, of packages (fmt, fmt.Println), of Go and of magics (%time?)."},
		{Name: "pinfo2", Kind: magic.Line, Usage: "%pinfo2 NAME, NAME??", Takes: magic.AboutGo, Min: 1, Max: 1, RunsGo: true, Transient: true, Run: runPinfo,
			Doc: "show what a name means, with its source"},
		{Name: "lsmagic", Kind: magic.Line, Usage: "%lsmagic", Transient: true, Run: runLsMagic,
			Doc: "list the names of all magics"},
		{Name: "version", Kind: magic.Line, Usage: "%version", Transient: true, Run: runVersion,
			Doc: "show the versions of hpgo and Go"},
		{Name: "status", Kind: magic.Line, Usage: "%status", Transient: true, Run: runStatus,
			Doc: "show the state of the session: engine, Go, worker, memory, directories, build flags"},
	}
}

// runHelp implements %help.
func runHelp(_ context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	if len(in.Args.Words) == 0 {
		h.Display(markdown(overviewText(), TableMarkdown()))
		return magic.Result{}, nil
	}
	name := strings.TrimLeft(strings.Join(in.Args.Words, " "), "%")
	if strings.HasPrefix(name, "!") {
		name = strings.TrimSpace(name)
	}
	m, ok := Table().Lookup(name)
	if !ok {
		return magic.Result{}, Table().Unknown(name, magic.Line|magic.Cell|magic.Shell)
	}
	text := m.Help()
	h.Display(display.Event{Op: display.OpDisplay, Bundle: display.Bundle{Data: map[string]any{
		"text/plain": text, "text/html": "<pre>" + html.EscapeString(text) + "</pre>"}}})
	return magic.Result{}, nil
}

// runPinfo implements %pinfo and %pinfo2.
func runPinfo(ctx context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	name := in.Args.Words[0]
	detail := 0
	if in.Magic.Name == "pinfo2" {
		detail = 1
	}
	if bare := strings.TrimLeft(name, "%"); bare != name || strings.HasPrefix(name, "!") {
		m, ok := Table().Lookup(bare)
		if !ok {
			return magic.Result{}, Table().Unknown(bare, magic.Line|magic.Cell|magic.Shell)
		}
		h.Page(display.Bundle{Data: map[string]any{"text/plain": m.Help()}})
		return magic.Result{}, nil
	}
	found := h.Describe(ctx, name, detail)
	if found == nil {
		return magic.Result{}, in.Magic.Usagef("nothing is known of %s", name)
	}
	h.Page(*found)
	return magic.Result{}, nil
}

// overviewText lists all magics with their summaries.
func overviewText() string {
	t := Table()
	width := 0
	for i := range t {
		width = max(width, len(names(&t[i])))
	}
	var b strings.Builder
	for i := range t {
		fmt.Fprintf(&b, "%-*s  %s\n", width, names(&t[i]), t[i].Summary())
	}
	b.WriteString("\n%help MAGIC says more.")
	return b.String()
}

// names are the forms in which a magic is written.
func names(m *magic.Magic) string {
	if m.Kind == magic.Both {
		return "%" + m.Name + ", %%" + m.Name
	}
	return m.Title()
}

// runLsMagic implements %lsmagic, in IPython's form.
func runLsMagic(_ context.Context, h magic.Host, _ *magic.Input) (magic.Result, error) {
	var line, cells, shells []string
	for _, m := range Table() {
		for _, n := range append([]string{m.Name}, m.Aliases...) {
			if m.Kind&magic.Line != 0 {
				line = append(line, "%"+n)
			}
			if m.Kind&magic.Cell != 0 {
				cells = append(cells, "%%"+n)
			}
			if m.Kind&magic.Shell != 0 {
				shells = append(shells, m.Usage)
			}
		}
	}
	h.Stream("stdout", fmt.Sprintf("Available line magics:\n%s\n\nAvailable cell magics:\n%s\n\nShell:\n%s\n",
		strings.Join(line, "  "), strings.Join(cells, "  "), strings.Join(shells, "  ")))
	return magic.Result{}, nil
}

// runVersion implements %version.
func runVersion(ctx context.Context, h magic.Host, _ *magic.Input) (magic.Result, error) {
	s := h.Status(ctx)
	text := fmt.Sprintf("hpgo %s, %s", s.Version, s.Go)
	h.Stream("stdout", text+"\n")
	return magic.Result{Value: text}, nil
}

// runStatus implements %status.
func runStatus(ctx context.Context, h magic.Host, _ *magic.Input) (magic.Result, error) {
	s := h.Status(ctx)
	engine := s.Engine
	if s.KeepsState {
		engine += " (variables live on from cell to cell)"
	} else {
		engine += " (every cell is a program of its own: variables are not kept)"
	}
	worker := "none: one starts with the next cell"
	if s.PID != 0 {
		worker = fmt.Sprintf("process %d, %s resident (peak %s), %s loaded, %s",
			s.PID, Bytes(s.RSS), Bytes(s.Peak), quantity.Counted(s.Loaded, "cell"), quantity.Counted(s.Goroutines, "goroutine"))
	}
	t := table{head: []string{"Item", "Value"}, rows: [][]string{
		{"hpgo", s.Version}, {"engine", engine}, {"Go", s.Go}, {"GOEXPERIMENT", orNone(s.Experiment)},
		{"worker", worker}, {"cells executed", fmt.Sprint(s.Cells)},
		{"flags", orNone(setFlags(h.Flags(ctx)).String())},
		{"directory", s.Dir}, {"module directory", s.ModuleDir}, {"build flags", orNone(strings.Join(s.Flags, " "))},
	}}
	h.Display(t.event())
	return magic.Result{}, nil
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
