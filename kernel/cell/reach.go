package cell

import (
	"go/ast"
	"strings"
)

// reachable returns the keys of the functions that the cell can come to; nil: all
// are wanted. In a long session compiling all takes several times as long as what a
// small cell needs. What the text doesn't name can be called only as a value made by
// an earlier version of the package, and runs that version's code.
//
// Methods may be called through any interface, so they count as reached, and what
// they use with them. So do functions that the cell declares, which the compiler is
// to look at, and those that code outside of Go's sight may call.
func (r *rewriter) reachable() map[string]bool {
	if !r.env.Reach || r.env.Fresh || r.env.Count != nil || len(r.env.Regions)+len(r.env.Calls) > 0 {
		return nil
	}
	reached := map[string]bool{}
	var queue []string
	follow := func(refs []ref) {
		for _, rf := range refs {
			if rf.key != "" && !reached[rf.key] {
				reached[rf.key] = true
				queue = append(queue, rf.key)
			}
		}
	}
	for i := range r.entry {
		follow(r.entry[i].refs)
	}
	for _, d := range r.scope.Decls() {
		if d.Kind != KindFunc || d.transient || d.Cell == r.n || calledUnseen(d) {
			follow([]ref{{key: d.declKey()}})
		}
	}
	for len(queue) > 0 {
		if d := r.scope.decls[queue[0]]; d != nil {
			follow(d.refs)
		}
		queue = queue[1:]
	}
	return reached
}

// calledUnseen reports whether directives name the function to C or the linker.
func calledUnseen(d *Decl) bool {
	fn, ok := d.node.(*ast.FuncDecl)
	if !ok || fn.Doc == nil {
		return false
	}
	for _, c := range fn.Doc.List {
		if strings.HasPrefix(c.Text, "//export ") || strings.HasPrefix(c.Text, "//go:linkname ") {
			return true
		}
	}
	return false
}
