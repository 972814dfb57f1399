package cell

import (
	"go/ast"
	"go/token"
	"slices"
)

// list counts in a list of statements and returns the value of the last. After a
// statement that can't fail the next needs no count of its own.
func (w *countWalker) list(stmts []ast.Stmt) sum {
	var last sum
	safe := false
	for _, s := range stmts {
		if !safe {
			last = sum{}
		}
		last = w.stmt(s, nil, last)
		safe = len(last.plus) > 0 && w.goesOn(s)
	}
	return last
}

// goesOn reports whether a statement always goes on to the next.
func (w *countWalker) goesOn(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.AssignStmt, *ast.IncDecStmt, *ast.DeclStmt:
		ok := true
		ast.Inspect(s, func(n ast.Node) bool {
			ok = ok && w.pure.harmless(n, nil)
			return ok
		})
		return ok
	}
	return false
}

// stmt counts in a statement and returns how often it was executed. known is the
// value, where the statement before told it.
func (w *countWalker) stmt(s ast.Stmt, labels []*ast.LabeledStmt, known sum) sum {
	if _, own := w.lineOf(w.off(s.Pos())); !own {
		switch s.(type) {
		case *ast.AssignStmt, *ast.ExprStmt:
		default:
			w.generated(s)
			return sum{}
		}
	}
	switch s := s.(type) {
	case *ast.EmptyStmt:
		return sum{}
	case *ast.BlockStmt:
		w.list(s.List)
		return sum{}
	case *ast.LabeledStmt:
		return w.labeled(s, labels)
	case *ast.ForStmt, *ast.RangeStmt:
		w.loop(s, labels)
		return sum{}
	case *ast.IfStmt:
		w.ifs(s, known)
		return sum{}
	case *ast.SwitchStmt:
		w.choice(s.Pos(), labels, s.Body, s.Init, s.Tag)
		return sum{}
	case *ast.TypeSwitchStmt:
		w.choice(s.Pos(), labels, s.Body, s.Init, s.Assign)
		return sum{}
	case *ast.SelectStmt:
		w.choice(s.Pos(), labels, s.Body)
		return sum{}
	case *ast.DeclStmt:
		if gen, ok := s.Decl.(*ast.GenDecl); !ok || gen.Tok != token.VAR {
			return known
		}
	case *ast.BranchStmt:
		w.completes(s)
	}
	return w.simple(s, known)
}

// simple counts a statement without others in it, but for function literals.
func (w *countWalker) simple(s ast.Stmt, known sum) sum {
	br, _ := s.(*ast.BranchStmt)
	off := w.off(s.Pos())
	firstLine, own := w.lineOf(off)
	if as, ok := s.(*ast.AssignStmt); ok && !own { // _ = and the user's expression
		off = w.off(as.Rhs[0].Pos())
		firstLine, own = w.lineOf(off)
	}
	lastLine, _ := w.lineOf(w.off(s.End()))
	wanted := own && w.hits && (w.free(off) || lastLine > firstLine) || br != nil && br.Tok == token.FALLTHROUGH
	if len(known.plus) == 0 && wanted {
		known = w.before(s.Pos(), nil)
	}
	w.note(off, known)
	w.exprs(known, s)
	return known
}

// labeled counts in a statement with a label. Where a loop, a switch or a select
// has one, which break and continue name, no counter can stand between the two.
func (w *countWalker) labeled(s *ast.LabeledStmt, labels []*ast.LabeledStmt) sum {
	labels = append(labels, s)
	switch inner := s.Stmt.(type) {
	case *ast.LabeledStmt, *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
		return w.stmt(inner, labels, sum{})
	}
	return w.stmt(s.Stmt, nil, sum{})
}

// ifs counts an if statement with its else-ifs, each as often as it is reached.
func (w *countWalker) ifs(s *ast.IfStmt, known sum) {
	v := known
	if len(v.plus) == 0 {
		v = w.before(s.Pos(), nil)
	}
	for {
		w.note(w.off(s.Pos()), v)
		w.exprs(v, s.Init, s.Cond)
		w.list(s.Body.List)
		next, ok := s.Else.(*ast.IfStmt)
		if !ok {
			break
		}
		slot := w.c.slot()
		w.insert(w.off(next.Pos()), orderBefore, "{ "+w.tick(slot)+"; ")
		w.insert(w.off(next.End()), orderClose, " }")
		s, v = next, sum{plus: []int{slot}}
	}
	if block, ok := s.Else.(*ast.BlockStmt); ok {
		w.list(block.List)
	}
}

// loop counts the evaluations of a loop's header, and what is in the loop.
func (w *countWalker) loop(s ast.Stmt, labels []*ast.LabeledStmt) {
	loop := countedLoop{done: -1}
	for _, l := range labels {
		loop.labels = append(loop.labels, l.Label.Name)
	}
	var body *ast.BlockStmt
	var v sum
	switch s := s.(type) {
	case *ast.ForStmt:
		body = s.Body
		switch {
		case s.Cond == nil:
			slot := w.c.slot()
			v.plus = []int{slot}
			w.insert(w.off(body.Lbrace)+1, orderBody, " "+w.tick(slot)+"; ")
		case w.plainBool(s.Cond):
			slot := w.c.slot()
			v.plus = []int{slot}
			w.insert(w.off(s.Cond.Pos()), orderBefore, w.hit(slot)+" && (")
			w.insert(w.off(s.Cond.End()), 0, ")")
		default:
			v = w.before(s.Pos(), labels)
			loop.done = v.plus[0]
		}
		w.note(w.off(s.Pos()), v)
		w.closures(s.Init)
		w.exprs(v, s.Cond)
		w.closures(s.Post)
	case *ast.RangeStmt:
		body = s.Body
		v = w.before(s.Pos(), labels)
		loop.done = v.plus[0]
		w.note(w.off(s.Pos()), v)
		w.exprs(v, s.Key, s.Value, s.X)
	}
	w.loops = append(w.loops, loop)
	w.list(body.List)
	w.loops = w.loops[:len(w.loops)-1]
	if loop.done >= 0 {
		w.insert(w.off(body.Rbrace), orderEnd, "; "+w.tick(loop.done)+" ")
	}
}

// completes counts a body that a continue completes.
func (w *countWalker) completes(s *ast.BranchStmt) {
	if s.Tok != token.CONTINUE {
		return
	}
	for _, l := range slices.Backward(w.loops) {
		if s.Label == nil || slices.Contains(l.labels, s.Label.Name) {
			if l.done >= 0 {
				w.insert(w.off(s.Pos()), orderBefore, w.tick(l.done)+"; ")
			}
			return
		}
	}
}

// choice counts in a switch or select, whose header has parts.
func (w *countWalker) choice(pos token.Pos, labels []*ast.LabeledStmt, body *ast.BlockStmt, header ...ast.Node) {
	v := w.before(pos, labels)
	w.note(w.off(pos), v)
	w.exprs(v, header...)
	w.cases(body, v)
}

// cases counts the clauses of a switch or select that was executed v times. A
// case of a switch is evaluated as long as none before it was chosen.
func (w *countWalker) cases(body *ast.BlockStmt, v sum) {
	rest := v
	var through sum // executions of the fallthrough that ends the clause before
	for _, s := range body.List {
		var colon token.Pos
		var stmts []ast.Stmt
		slot := w.c.slot()
		chosen := sum{plus: []int{slot}}.less(through)
		switch s := s.(type) {
		case *ast.CaseClause:
			colon, stmts = s.Colon, s.Body
			value := chosen
			if s.List != nil {
				value = rest
				rest = rest.less(chosen)
			}
			w.note(w.off(s.Pos()), value)
			for _, x := range s.List {
				w.exprs(value, x)
			}
		case *ast.CommClause:
			colon, stmts = s.Colon, s.Body
			w.note(w.off(s.Pos()), chosen)
			w.exprs(chosen, s.Comm)
		}
		w.insert(w.off(colon)+1, orderBody, " "+w.tick(slot)+"; ")
		last := w.list(stmts)
		through = sum{}
		if fallsThrough(stmts) {
			through = last
		}
	}
}

func fallsThrough(stmts []ast.Stmt) bool {
	if len(stmts) == 0 {
		return false
	}
	br, ok := stmts[len(stmts)-1].(*ast.BranchStmt)
	return ok && br.Tok == token.FALLTHROUGH
}
