package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
)

// sum is a value made of counts.
type sum struct{ plus, minus []int }

func (s sum) less(o sum) sum {
	return sum{append(slices.Clone(s.plus), o.minus...), append(slices.Clone(s.minus), o.plus...)}
}

// linePlace is what a line's hits are taken from: the item that begins first on it.
type linePlace struct {
	off int
	sum sum
}

// countWalker puts counters into one function, or one statement of the cell.
type countWalker struct {
	c           *counting
	ch          checked
	src         *Source
	key         string // of the function
	file        string // of a package's
	hits, calls bool   // what is counted
	shared      bool   // several goroutines may run the code
	usesAtomic  bool
	usesHarness bool

	edits []edit
	lines map[int]linePlace
	pure  pureLoops

	// first is the offset where an item of the cell begins; counters there go
	// ahead of the item, which may not be emitted as a statement.
	first int
	ahead string

	gotos map[string][]int // label -> offsets of its goto statements
	loops []countedLoop
}

// countedLoop is a loop around a statement, with what a continue of it counts.
type countedLoop struct {
	labels []string
	done   int // the count of completed bodies, or -1
}

// finish notes the lines' counters and the imports that the edits need.
func (w *countWalker) finish(imports map[string]Import) {
	if w.usesAtomic {
		imports[atomicAlias] = Import{Name: atomicAlias, Path: atomicPath}
	}
	if w.usesHarness {
		imports[harnessAlias] = Import{Name: harnessAlias, Path: harnessPath}
	}
	for _, line := range slices.Sorted(maps.Keys(w.lines)) {
		p := w.lines[line]
		w.add(Counter{Func: w.key, Kind: CountHits, Line: line, Plus: p.sum.plus, Minus: p.sum.minus})
	}
	clear(w.lines)
}

func (w *countWalker) add(c Counter) {
	c.Cell, c.File = w.src.Cell, w.file
	w.c.counters = append(w.c.counters, c)
}

func (w *countWalker) off(p token.Pos) int { return int(p) - w.src.file.Base() }

// insert adds text at an offset.
func (w *countWalker) insert(off, order int, text string) {
	if off == w.first && order == orderBefore && w.key == "" {
		w.ahead += text + "\n"
		return
	}
	w.edits = append(w.edits, edit{off: off, end: off, text: text, order: order})
}

// tick is the statement that counts.
func (w *countWalker) tick(slot int) string {
	if w.shared {
		w.usesAtomic = true
		return fmt.Sprintf("%s.AddUint64(&%s[%d], 1)", atomicAlias, w.c.name, slot)
	}
	return fmt.Sprintf("%s[%d]++", w.c.name, slot)
}

// hit is an expression that counts and is true.
func (w *countWalker) hit(slot int) string {
	name := hitName
	if w.shared {
		name += "Shared"
	}
	return fmt.Sprintf("%s(&%s[%d])", name, w.c.name, slot)
}

// note makes a value the hits of the line of an offset, unless an item before it
// stands on the line.
func (w *countWalker) note(off int, v sum) {
	line, own := w.lineOf(off)
	if !own || !w.hits {
		return
	}
	if p, ok := w.lines[line]; !ok || off < p.off {
		w.lines[line] = linePlace{off, v}
	}
}

// free reports whether nothing of an offset's line was met yet.
func (w *countWalker) free(off int) bool {
	line, own := w.lineOf(off)
	_, taken := w.lines[line]
	return own && !taken
}

// lineOf returns the line of an offset in the cell, and whether the user wrote
// what stands there.
func (w *countWalker) lineOf(off int) (line int, own bool) { return w.src.place(off) }

// function counts in a function or literal: its calls, and its lines. id is the
// node of the call graph.
func (w *countWalker) function(id any, node ast.Node, body *ast.BlockStmt) {
	outer := *w
	w.gotos, w.loops, w.shared = gotosIn(body), nil, w.c.graph.isShared(id)
	if w.calls {
		w.countCalls(id, node, body)
	}
	w.body(body)
	w.gotos, w.loops, w.shared = outer.gotos, outer.loops, outer.shared
}

// body counts in a body: lines, if they are wanted, and function literals.
func (w *countWalker) body(body ast.Node) {
	if block, ok := body.(*ast.BlockStmt); ok && w.hits {
		w.list(block.List)
		return
	}
	w.closures(body)
}

// countCalls counts the calls of a function, and those that it didn't cause itself.
func (w *countWalker) countCalls(id any, node ast.Node, body *ast.BlockStmt) {
	line, own := w.lineOf(w.off(node.Pos()))
	if !own {
		return
	}
	_, lit := node.(*ast.FuncLit)
	calls := w.c.slot()
	primitive := calls
	text := " " + w.tick(calls) + "; "
	if w.c.graph.recursive[id] {
		primitive = w.c.slot()
		if w.shared {
			w.usesHarness = true
			text += fmt.Sprintf("if %s.Outermost() { %s }; ", harnessAlias, w.tick(primitive))
		} else {
			depth := w.c.slot()
			text += fmt.Sprintf("if %s[%d] == 0 { %s }; %s[%d]++; defer func() { %s[%d]-- }(); ",
				w.c.name, depth, w.tick(primitive), w.c.name, depth, w.c.name, depth)
		}
	}
	w.insert(w.off(body.Lbrace)+1, orderBody, text)
	c := Counter{Func: w.key, Lit: lit, Line: line, Kind: CountCalls, Plus: []int{calls}}
	w.add(c)
	c.Kind, c.Plus = CountPrimitive, []int{primitive}
	w.add(c)
}

// gotosIn returns the offsets of the goto statements of a function by label. They
// are positions until the walker converts them.
func gotosIn(body ast.Node) map[string][]int {
	gotos := map[string][]int{}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n == body
		case *ast.BranchStmt:
			if n.Tok == token.GOTO {
				gotos[n.Label.Name] = append(gotos[n.Label.Name], int(n.Pos()))
			}
		}
		return true
	})
	return gotos
}

// before counts executions of a statement: a tick ahead of it or of its labels,
// and one at each goto to those.
func (w *countWalker) before(pos token.Pos, labels []*ast.LabeledStmt) sum {
	slot := w.c.slot()
	if len(labels) > 0 {
		pos = labels[0].Pos()
	}
	w.insert(w.off(pos), orderBefore, w.tick(slot)+"; ")
	for _, l := range labels {
		for _, p := range w.gotos[l.Label.Name] {
			w.insert(w.off(token.Pos(p)), orderBefore, w.tick(slot)+"; ")
		}
	}
	return sum{plus: []int{slot}}
}

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
		v := w.before(s.Pos(), labels)
		w.note(w.off(s.Pos()), v)
		w.exprs(v, s.Init, s.Tag)
		w.cases(s.Body, v)
		return sum{}
	case *ast.TypeSwitchStmt:
		v := w.before(s.Pos(), labels)
		w.note(w.off(s.Pos()), v)
		w.exprs(v, s.Init, s.Assign)
		w.cases(s.Body, v)
		return sum{}
	case *ast.SelectStmt:
		v := w.before(s.Pos(), labels)
		w.note(w.off(s.Pos()), v)
		w.cases(s.Body, v)
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

// plainBool reports whether an expression has the type bool itself, so that it
// can stand beside the result of a function.
func (w *countWalker) plainBool(x ast.Expr) bool {
	tv := w.ch.info.Types[x]
	return tv.Value == nil && (tv.Type == types.Typ[types.Bool] || tv.Type == types.Typ[types.UntypedBool])
}

// exprs walks the parts of a statement that was executed v times.
func (w *countWalker) exprs(v sum, nodes ...ast.Node) {
	for _, n := range nodes {
		w.expr(n, v)
	}
}

// expr notes the lines on which the parts of a statement begin, gives what stands
// behind && and || on a line of its own a count, and counts in function literals.
func (w *countWalker) expr(n ast.Node, v sum) {
	if n == nil {
		return
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			w.note(w.off(n.Pos()), v)
			w.function(n, n, n.Body)
			return false
		case *ast.BinaryExpr:
			if n.Op != token.LAND && n.Op != token.LOR {
				return true
			}
			w.expr(n.X, v)
			w.operand(n.Y, v)
			return false
		case *ast.Ident, *ast.BasicLit:
			w.note(w.off(n.Pos()), v)
		}
		return true
	})
}

// operand walks the right side of && or ||.
func (w *countWalker) operand(y ast.Expr, v sum) {
	if w.hits && w.free(w.off(y.Pos())) && w.plainBool(y) {
		slot := w.c.slot()
		w.insert(w.off(y.Pos()), orderBefore, "("+w.hit(slot)+" && (")
		w.insert(w.off(y.End()), 0, "))")
		v = sum{plus: []int{slot}}
	}
	w.expr(y, v)
}

// closures counts in the function literals of a part whose lines have no hits.
func (w *countWalker) closures(n ast.Node) {
	if n == nil {
		return
	}
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok {
			w.function(lit, lit, lit.Body)
			return false
		}
		return true
	})
}

// generated walks a statement that the user didn't write, but may have written
// what is in it.
func (w *countWalker) generated(s ast.Stmt) {
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			w.function(n, n, n.Body)
			return false
		case *ast.BlockStmt:
			w.list(n.List)
			return false
		}
		return true
	})
}
