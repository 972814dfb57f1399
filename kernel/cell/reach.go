package cell

import (
	"go/ast"
	"iter"
	"strings"
)

// reachable returns the keys of the functions and variables that the cell can come
// to; nil: all are wanted. In a long session compiling all takes several times as long
// as what a small cell needs; one variable of a generic type of some package doubles
// it. What the text doesn't name can be called only as a value made by an earlier
// version of the package, and runs that version's code; variables live where they were
// first loaded.
//
// Methods may be called through any interface, so they count as reached, and what
// they use with them. So do functions that the cell declares, which the compiler is
// to look at, and those that code outside of Go's sight may call.
func (r *rewriter) reachable() map[string]bool {
	if !r.env.Reach || r.env.Fresh || r.env.Count != nil || len(r.env.Regions)+len(r.env.Calls) > 0 {
		return nil
	}
	t := newTrail()
	for i := range r.entry {
		t.follow(r.entry[i].refs)
	}
	for _, d := range r.scope.Decls() {
		if d.node == nil {
			continue // a variable, which only names come to
		}
		if d.Kind != KindFunc || d.transient || d.Cell == r.n || calledUnseen(d) {
			t.add(d.declKey())
		}
	}
	for d := range t.declarations(r.scope) {
		t.follow(d.refs)
	}
	return t.reached
}

// trail is a walk over declarations by what they refer to.
type trail struct {
	reached map[string]bool // by key
	queue   []string        // reached, and not yet walked over
}

func newTrail() *trail { return &trail{reached: map[string]bool{}} }

// add reaches a declaration.
func (t *trail) add(key string) {
	if key != "" && !t.reached[key] {
		t.reached[key] = true
		t.queue = append(t.queue, key)
	}
}

// follow reaches what refs mean.
func (t *trail) follow(refs []ref) {
	for _, rf := range refs {
		t.add(rf.key)
	}
}

// declarations are those reached, also while they are walked over.
func (t *trail) declarations(s *Scope) iter.Seq[*Decl] {
	return func(yield func(*Decl) bool) {
		for len(t.queue) > 0 {
			d := s.decls[t.queue[0]]
			t.queue = t.queue[1:]
			if d != nil && !yield(d) {
				return
			}
		}
	}
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
