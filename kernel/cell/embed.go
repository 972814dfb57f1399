package cell

import (
	"fmt"
	"go/ast"
	"strconv"
	"strings"
)

// The compiler fills a variable under //go:embed in the object file, where all
// variables of the session are empty. The entry file therefore gets a variable of
// its own under the directive, and the entry function copies it.

const embedDirective = "//go:embed "

// embedLines returns the //go:embed lines above a var declaration.
func (r *rewriter) embedLines(it Item) []string {
	if it.Kind != ItemVar {
		return nil
	}
	var lines []string
	for line := range strings.Lines(r.src.Text[it.Start:it.Code]) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, embedDirective) {
			lines = append(lines, line)
		}
	}
	return lines
}

// embedded reports whether the compiler fills the item's variable.
func (e *entryItem) embedded() bool { return len(e.embed) > 0 }

// embedPatterns returns the patterns of all //go:embed lines of the cell.
func (r *rewriter) embedPatterns() []string {
	var out []string
	for i := range r.entry {
		out = append(out, embedPatterns(r.entry[i].embed)...)
	}
	return out
}

// embedPatterns returns the patterns of //go:embed lines.
func embedPatterns(lines []string) []string {
	var out []string
	for _, line := range lines {
		for _, p := range strings.Fields(strings.TrimPrefix(line, embedDirective)) {
			if u, err := strconv.Unquote(p); err == nil {
				p = u
			}
			out = append(out, p)
		}
	}
	return out
}

// checkEmbed reports a //go:embed that Go would not take.
func (r *rewriter) checkEmbed(it Item) Errors {
	gen := it.Decl.(*ast.GenDecl)
	spec, ok := gen.Specs[0].(*ast.ValueSpec)
	if len(gen.Specs) != 1 || !ok || len(spec.Names) != 1 || spec.Type == nil || len(spec.Values) > 0 {
		return Errors{r.diag(it.Decl.Pos(), "go:embed stands above one variable with a type and no value: var text string")}
	}
	return nil
}

// emitEmbed writes the variable that the compiler fills and the copy.
func (r *rewriter) emitEmbed(b *strings.Builder, e *entryItem, imports map[string]Import) {
	v := e.vars[0]
	imports["_ embed"] = Import{Name: "_", Path: "embed"}
	spec := e.Decl.(*ast.GenDecl).Specs[0].(*ast.ValueSpec)
	typ := r.src.Text[e.Offset(spec.Type.Pos()):e.Offset(spec.Type.End())]
	line, _ := r.src.position(e.Start)
	r.embedDecls += fmt.Sprintf("//line %s:%d\n%s\nvar hpgo__embed_%s %s\n", lineName(r.n), line, strings.Join(e.embed, "\n"), v.name, typ)
	fmt.Fprintf(b, "//line %s:1\n", generatedFile)
	if r.locals[v.name] != nil {
		fmt.Fprintf(b, "%s := hpgo__embed_%s\n", v.name, v.name)
		fmt.Fprintf(b, "*%s = %s\n", pointerName(v.name), v.name)
		return
	}
	fmt.Fprintf(b, "*%s = hpgo__embed_%s\n", pointerName(v.name), v.name)
}
