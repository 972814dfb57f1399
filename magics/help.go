package magics

import (
	"context"
	"fmt"
	"html"
	"strings"

	"hpgo/kernel/display"
	"hpgo/magics/quantity"
)

// helpRows are the magics about magics and the session.
func helpRows() []Magic {
	return []Magic{
		{Name: "help", Kind: Line, Usage: "%help [MAGIC]", Max: 1, Transient: true, Run: runHelp,
			Doc: "show what a magic does\n%MAGIC? is the same; without a name all are listed."},
		{Name: "pinfo", Kind: Line, Usage: "%pinfo NAME, NAME?", Takes: AboutGo, Min: 1, Max: 1, RunsGo: true, Transient: true, Run: runPinfo,
			Doc: "show what a name means: declaration and documentation\nNames are those of the session, of packages (fmt, fmt.Println), of Go and of magics (%time?)."},
		{Name: "pinfo2", Kind: Line, Usage: "%pinfo2 NAME, NAME??", Takes: AboutGo, Min: 1, Max: 1, RunsGo: true, Transient: true, Run: runPinfo,
			Doc: "show what a name means, with its source"},
		{Name: "lsmagic", Kind: Line, Usage: "%lsmagic", Transient: true, Run: runLsMagic,
			Doc: "list the names of all magics"},
		{Name: "version", Kind: Line, Usage: "%version", Transient: true, Run: runVersion,
			Doc: "show the versions of hpgo and Go"},
		{Name: "status", Kind: Line, Usage: "%status", Transient: true, Run: runStatus,
			Doc: "show the state of the session: engine, Go, worker, memory, directories, build flags"},
	}
}

// runHelp implements %help.
func runHelp(_ context.Context, h Host, in *Input) (Result, error) {
	if len(in.Args.Words) == 0 {
		h.Display(markdown(overviewText(), TableMarkdown()))
		return Result{}, nil
	}
	name := strings.TrimLeft(in.Args.Words[0], "%")
	if strings.HasPrefix(name, "!") {
		name = strings.TrimSpace(name)
	}
	m, ok := AllMagics().Lookup(name)
	if !ok {
		return Result{}, AllMagics().Unknown(name, Line|Cell|Shell)
	}
	text := m.Help()
	h.Display(display.Event{Op: display.OpDisplay, Bundle: display.Bundle{Data: map[string]any{
		"text/plain": text, "text/html": "<pre>" + html.EscapeString(text) + "</pre>"}}})
	return Result{}, nil
}

// runPinfo implements %pinfo and %pinfo2.
func runPinfo(ctx context.Context, h Host, in *Input) (Result, error) {
	name := in.Args.Words[0]
	detail := 0
	if in.Magic.Name == "pinfo2" {
		detail = 1
	}
	if bare := strings.TrimLeft(name, "%"); bare != name || strings.HasPrefix(name, "!") {
		m, ok := AllMagics().Lookup(bare)
		if !ok {
			return Result{}, AllMagics().Unknown(bare, Line|Cell|Shell)
		}
		h.Page(display.Bundle{Data: map[string]any{"text/plain": m.Help()}})
		return Result{}, nil
	}
	found := h.Describe(ctx, name, detail)
	if found == nil {
		return Result{}, in.Magic.usageError("nothing is known of %s", name)
	}
	h.Page(*found)
	return Result{}, nil
}

// overviewText lists all magics with their summaries.
func overviewText() string {
	t := AllMagics()
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
func names(m *Magic) string {
	if m.Kind == Both {
		return "%" + m.Name + ", %%" + m.Name
	}
	return m.title()
}

// runLsMagic implements %lsmagic, in IPython's form.
func runLsMagic(_ context.Context, h Host, _ *Input) (Result, error) {
	var line, cells, shells []string
	for _, m := range AllMagics() {
		for _, n := range append([]string{m.Name}, m.Aliases...) {
			if m.Kind&Line != 0 {
				line = append(line, "%"+n)
			}
			if m.Kind&Cell != 0 {
				cells = append(cells, "%%"+n)
			}
			if m.Kind&Shell != 0 {
				shells = append(shells, m.Usage)
			}
		}
	}
	h.Stream("stdout", fmt.Sprintf("Available line magics:\n%s\n\nAvailable cell magics:\n%s\n\nShell:\n%s\n",
		strings.Join(line, "  "), strings.Join(cells, "  "), strings.Join(shells, "  ")))
	return Result{}, nil
}

// runVersion implements %version.
func runVersion(ctx context.Context, h Host, _ *Input) (Result, error) {
	s := h.Status(ctx)
	text := fmt.Sprintf("hpgo %s, %s", s.Version, s.Go)
	h.Stream("stdout", text+"\n")
	return Result{Value: text}, nil
}

// runStatus implements %status.
func runStatus(ctx context.Context, h Host, _ *Input) (Result, error) {
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
		{"directory", s.Dir}, {"module directory", s.ModuleDir}, {"build flags", orNone(strings.Join(s.Flags, " "))},
	}}
	h.Display(t.event())
	return Result{}, nil
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
