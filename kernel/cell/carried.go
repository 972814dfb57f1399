package cell

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strings"
)

// How generated code imports package handover.
const (
	handoverAlias = "hpgo__handover"
	handoverPath  = "hpgo/magics/handover"
)

// variablesOf are the session's variables that initialisers give values, by name with
// their symbols.
func (r *rewriter) variablesOf(again []int) map[string]string {
	vars := map[string]string{}
	for _, i := range again {
		for name, symbol := range r.scope.inits[i].symbols {
			if d := r.scope.decls[name]; d != nil && d.Kind == KindVar && d.Symbol == symbol {
				vars[name] = symbol
			}
		}
	}
	return vars
}

// emitStart runs initialisers of earlier cells again and gives their variables the
// values that the session handed over, once in a process: a measured program's entry
// is called for each run, and what it makes of the variables is the session's affair.
// It returns the declaration of the function that does so: what it calls stands far
// from the cell's code, by whose lines tracebacks place calls of generated code.
func (r *rewriter) emitStart(b *strings.Builder, again []int, imports map[string]Import) string {
	if len(again) == 0 {
		return ""
	}
	b.WriteString(startName + "()\n")
	var start strings.Builder
	start.WriteString("var " + startedName + " bool\n//go:noinline\nfunc " + startName + "() {\nif " + startedName + " {\nreturn\n}\n" + startedName + " = true\n")
	for _, i := range again {
		start.WriteString(againName(i) + "()\n")
	}
	r.emitCarried(&start, again, imports)
	start.WriteString("}\n")
	return start.String()
}

// startedName remembers that the process has run the entry before.
const (
	startName   = "hpgo__start"
	startedName = "hpgo__started"
)

// emitCarried gives variables the values that the session handed over.
func (r *rewriter) emitCarried(b *strings.Builder, again []int, imports map[string]Import) {
	vars := r.variablesOf(again)
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		if i, ok := r.env.Carried[name]; ok {
			imports[handoverAlias] = Import{Name: handoverAlias, Path: handoverPath}
			fmt.Fprintf(b, "%s.Into(&%s, %q, %d)\n", handoverAlias, vars[name], r.env.CarriedFile, i)
		}
	}
}

// plainCarried is the same at the beginning of a plain program's main.
func (r *rewriter) plainCarried() (string, []ref) {
	if len(r.env.Carried) == 0 {
		return "", nil
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(r.env.Carried)) {
		fmt.Fprintf(&b, "%s.Into(&%s, %q, %d)\n", handoverAlias, name, r.env.CarriedFile, r.env.Carried[name])
	}
	return b.String(), []ref{{id: ast.NewIdent(handoverAlias), pkg: handoverPath}}
}
