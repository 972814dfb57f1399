package compiler

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/report"
	"hpgo/magics/result"
)

// ssaRows is %ssa.
func ssaRows() []magic.Magic {
	return []magic.Magic{
		measuring.Row(magic.Magic{Name: "ssa", Kind: magic.Line, Syntax: magic.Words, RunsGo: true, Takes: magic.AboutFunctions, Min: 1, Max: 1, Wants: "the name of a function, as in %ssa math.Hypot",
			Flags: []magic.Flag{
				{Name: "embed", Doc: "put the compiler's page into the output, too; it has a megabyte and more"},
				{Name: "D", Arg: "FILE", Takes: magic.AboutFiles, Doc: "write the page to this file (ssa-FUNC.html)"},
			},
			Usage: "%ssa [-embed] [-D FILE] FUNC",
			Doc:   "show how the compiler got from source to code, phase by phase\nThe compiler's own page (GOSSAFUNC) is written to a file: source, syntax tree, each phase of its intermediate form, machine code; a click on a value follows it. The output counts blocks and values after each phase."}, runSSA),
	}
}

// runSSA implements %ssa.
func runSSA(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	m := in.Magic
	targets, err := find(ctx, h, m, in.Args.Words)
	if err != nil {
		return magic.Result{}, err
	}
	t := targets[0]
	if t.decl != nil && t.decl.Body == nil {
		return magic.Result{}, &magic.UsageError{Problem: fmt.Sprintf("%s: the compiler doesn't see %s: %s", m.Title(), t.Name, t.NoGo)}
	}
	if t, err = oneInstance(ctx, h, m, t); err != nil {
		return magic.Result{}, err
	}
	path, err := magic.Path(h, in.Args.Text("D", fileOf(t)))
	if err == nil {
		if st, bad := os.Stat(filepath.Dir(path)); bad != nil || !st.IsDir() {
			err = fmt.Errorf("there is no directory %s", filepath.Dir(path))
		}
	}
	if err != nil {
		return magic.Result{}, m.Usagef("flag -D of %s: %v", m.Title(), err)
	}
	page, err := ssaPage(ctx, h, t)
	if err != nil {
		return magic.Result{}, err
	}
	if err := os.WriteFile(path, page, 0o666); err != nil {
		return magic.Result{}, fmt.Errorf("%s: write the compiler's page: %w", m.Title(), err)
	}
	shown := path
	if rel, err := filepath.Rel(h.Dir(), path); err == nil && !strings.HasPrefix(rel, "..") {
		shown = rel
	}
	r := result.SSA{Function: t.Name, File: shown, Bytes: len(page), Phases: phases(string(page))}
	out := report.Output{Magic: "ssa", Result: r, Text: r.String(), Untimed: true, Raw: page}
	out.HTML = []report.Block{report.Link{Text: fmt.Sprintf("SSA of %s: %d phases", t.Name, len(r.Phases)), Target: filepath.ToSlash(shown)}, phaseTable(r)}
	if in.Args.Has("embed") {
		out.HTML = append(out.HTML, report.Frame{Title: "SSA of " + t.Name, Page: string(page), Height: 600})
	}
	return measuring.Finish(ctx, h, in, out)
}

// unsafeInName are characters that names of files go without.
var unsafeInName = regexp.MustCompile(`[^\pL\pN._-]+`)

// fileOf is the file that a function's page is written to.
func fileOf(t target) string {
	return "ssa-" + strings.Trim(unsafeInName.ReplaceAllString(t.Name, ""), ".") + ".html"
}

// ssaPage has the compiler write its page of a function.
func ssaPage(ctx context.Context, h magic.Host, t target) ([]byte, error) {
	name := t.own()
	if t.generic() {
		instanceName, err := shapeOf(ctx, h, t)
		if err != nil {
			return nil, err
		}
		name = instanceName
	}
	dir, err := os.MkdirTemp(h.ModuleDir(), "ssa-")
	if err != nil {
		return nil, fmt.Errorf("make room for the compiler's page: %w", err)
	}
	defer os.RemoveAll(dir)
	env := []string{"GOSSAFUNC=" + name, "GOSSADIR=" + dir}
	var got magic.Explained
	if t.Package != "" && !t.generic() {
		got, err = h.ExplainPackage(ctx, t.Package, env...)
	} else {
		p := keeping([]target{t})
		p.Env = env
		got, err = h.Explain(ctx, p)
	}
	if err != nil {
		return nil, err
	}
	got.Close()
	var page []byte
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) == ".html" {
			page, err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the compiler's page: %w", err)
	}
	if page == nil {
		return nil, errors.New("the compiler has no page of " + t.expr + ": it isn't compiled on its own")
	}
	return page, nil
}

// shapeOf is the name under which the compiler compiles an instance of a generic
// function.
func shapeOf(ctx context.Context, h magic.Host, t target) (string, error) {
	e, err := explain(ctx, h, []target{t})
	if err != nil {
		return "", err
	}
	defer e.close()
	own, _, err := e.objects.function(t)
	if err != nil {
		return "", noCode(t)
	}
	f := own[0]
	for i := range f.Instructions { // that of the shape, which may be inlined into the instance
		for _, at := range f.Instructions[i].Stack {
			if strings.Contains(at.Func, "go.shape.") && withoutInstances(at.Func) == t.symbol() {
				return strings.TrimPrefix(at.Func, "main."), nil
			}
		}
	}
	return strings.TrimPrefix(f.Name, "main."), nil
}

// ssaColumn finds the phases of a page.
var ssaColumn = regexp.MustCompile(`<td id="([^"]*)-exp"[^>]*>`)

// phases counts what a page shows of each phase.
func phases(page string) []result.SSAPhase {
	var all []result.SSAPhase
	places := ssaColumn.FindAllStringSubmatchIndex(page, -1)
	for i, at := range places {
		end := len(page)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		name, text := html.UnescapeString(page[at[2]:at[3]]), page[at[1]:end]
		if name == "sources" || name == "AST" {
			continue
		}
		p := result.SSAPhase{Name: strings.ReplaceAll(name, "--+--", ", "), Blocks: strings.Count(text, "ssa-start-block"), Dead: strings.Count(text, `"ssa-long-value dead-value`)}
		p.Values = strings.Count(text, `<li class="ssa-long-value`) - p.Dead
		if name == "genssa" {
			p.Name, p.Values = "machine code (instructions)", strings.Count(text, `<dd class="ssa-prog"`)
		}
		all = append(all, p)
	}
	return all
}

// phaseTable is the phases that changed something.
func phaseTable(r result.SSA) report.Table {
	t := report.Table{Unsorted: true, Columns: []report.Column{{Name: "After", Align: report.Left}, {Name: "Blocks"}, {Name: "Values", Look: report.Bar}, {Name: "Dead", Title: "values that nothing uses any more"}}}
	most := 1
	for _, p := range r.Phases {
		most = max(most, p.Values)
	}
	for _, p := range r.Changes() {
		row := []report.Cell{report.Word(p.Name), {}, report.Count(p.Values).Shared(float64(p.Values) / float64(most)), {}}
		if p.Blocks > 0 {
			row[1] = report.Count(p.Blocks)
		}
		if p.Dead > 0 {
			row[3] = report.Count(p.Dead)
		}
		t.Rows = append(t.Rows, report.Row{Cells: row})
	}
	return t
}
