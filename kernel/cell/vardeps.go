package cell

import "go/ast"

// sortVarItems moves a variable declaration before one whose initialiser needs
// it, since var declarations of a cell may stand in any order, as in a Go file.
// Statements and := keep their place, so nothing moves across them.
func (r *rewriter) sortVarItems() {
	for i := 0; i < len(r.entry); i++ {
		if r.entry[i].Kind != ItemVar {
			continue
		}
		run := i
		for run < len(r.entry) && r.entry[run].Kind == ItemVar {
			run++
		}
		r.orderVars(r.entry[i:run])
		i = run
	}
}

// orderVars sorts a run of var declarations by dependency, otherwise in source order.
func (r *rewriter) orderVars(items []entryItem) {
	owner := map[string]int{}
	for i, e := range items {
		for _, v := range e.vars {
			if _, ok := owner[v.name]; !ok {
				owner[v.name] = i // a second declaration is the checker's to report
			}
		}
	}
	var out []entryItem
	state := make([]int, len(items)) // 1 being placed, 2 placed
	var place func(i int)
	place = func(i int) {
		if state[i] != 0 {
			return
		}
		state[i] = 1
		for name := range r.needs(items[i].Decl) {
			if j, ok := owner[name]; ok && j != i {
				place(j)
			}
		}
		state[i] = 2
		out = append(out, items[i])
	}
	for i := range items {
		place(i)
	}
	copy(items, out)
}

// needs returns the names that an initialiser mentions, also through the
// functions of this cell that it calls.
func (r *rewriter) needs(n ast.Node) map[string]bool {
	names := map[string]bool{}
	var visit func(n ast.Node)
	visit = func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok || names[id.Name] {
				return true
			}
			names[id.Name] = true
			if d, ok := r.scope.decls[id.Name]; ok && d.Kind == KindFunc && d.Cell == r.n {
				visit(d.node.(*ast.FuncDecl).Body)
			}
			return true
		})
	}
	visit(n)
	return names
}
