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
