package cell

import (
	"go/ast"
	"go/token"
)

// step is one item of the entry function, as far as it matters when the cell
// ends in the middle.
type step struct {
	first, last int // lines
	vars        []string
}

// steps lists the items in the order in which they run; nil when a goto may
// change it.
func (r *rewriter) steps() []step {
	var out []step
	for i := range r.entry {
		e := &r.entry[i]
		s := step{}
		s.first, _ = r.cell.Position(e.Code)
		s.last, _ = r.cell.Position(e.End)
		for _, v := range e.vars {
			s.vars = append(s.vars, v.name)
		}
		out = append(out, s)
		jumps := false
		for _, n := range e.nodes() {
			ast.Inspect(n, func(n ast.Node) bool {
				b, ok := n.(*ast.BranchStmt)
				jumps = jumps || ok && b.Tok == token.GOTO
				return !jumps
			})
		}
		if jumps {
			return nil
		}
	}
	return out
}

// NextAt returns the scope after a cell that panicked in a line of its own
// statements: what a panic leaves behind is what ran before it, so variables
// whose declaration wasn't reached don't exist. Where the line doesn't tell, it
// is Next.
func (u *Unit) NextAt(line int) *Scope {
	at, several := -1, false
	for i, s := range u.steps {
		if s.first <= line && line <= s.last {
			several = at >= 0
			at = i
		}
	}
	if at < 0 {
		return u.Next
	}
	if several {
		at++ // which item of the line it was can't be told: take them as done
	}
	ran := map[string]bool{}
	for _, s := range u.steps[:at] {
		for _, n := range s.vars {
			ran[n] = true
		}
	}
	next := u.Next
	for _, s := range u.steps[at:] {
		for _, n := range s.vars {
			if !ran[n] {
				next = next.unrun(n, u.old)
			}
		}
	}
	return next
}

// unrun returns a scope in which the declaration of a variable did not happen.
func (s *Scope) unrun(name string, old *Scope) *Scope {
	d := s.decls[name]
	if d == nil || d.Kind != KindVar {
		return s
	}
	was := old.decls[name]
	if was != nil && was.Kind == KindVar && was.Symbol == d.Symbol {
		return s // declared again with the same type: the value is the old one
	}
	next := s.clone()
	next.remove(name)
	if was != nil && was.Kind == KindVar && !next.stale(was) {
		next.put(name, was)
		return next
	}
	if next.lost == nil {
		next.lost = map[string]string{}
	}
	next.lost[name] = "was not reached before the panic"
	return next
}

// stale reports whether a type that a variable depends on has another layout now.
func (s *Scope) stale(d *Decl) bool {
	for name, layout := range d.deps {
		t, ok := s.decls[name]
		if !ok || t.layout != layout {
			return true
		}
	}
	return false
}
