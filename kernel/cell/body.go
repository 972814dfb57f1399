package cell

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
)

// Body is what a magic must know of Go that it is going to place in a loop. It is
// read from the text alone, so types aren't known.
type Body struct {
	Declares []string // names declared at the outermost level, in order
	Assigns  []string // other names that it assigns, increments, or may change by &name, sorted
	Parts    []string // those of which it does so with a field or an element, sorted
	Calls    []string // other names of which, or of whose parts, it may call a method, sorted
	Expr     ast.Expr // when the text is a lone expression
	Empty    bool     // there is nothing but white space and comments
	// Leaves tells what would leave the loop, which Go that is run many times in
	// one function must not: return, defer, goto, break and continue of loops
	// around it. Nil: nothing.
	Leaves *Diagnostic
}

// ReadBody reads the statements in text, which the user wrote at an offset of the
// cell's text original. Errors of syntax and Leaves are in the cell's coordinates.
func ReadBody(original, text string, at int) (*Body, Errors) {
	c, errs := Compose(NewScope(), original, []Patch{{Text: text, At: at}})
	if len(errs) > 0 {
		return nil, errs
	}
	b := &Body{Empty: len(c.Items) == 0 && len(c.Magics) == 0}
	w := &bodyWalker{cell: c, body: b, declared: map[string]bool{}, assigned: map[string]bool{}, called: map[string]bool{}}
	for i, it := range c.Items {
		w.item = it
		w.top(it, len(c.Items) == 1 && i == 0)
	}
	for _, m := range c.Magics {
		b.Leaves = w.leave(m.Start, m.End, "a magic or shell line can't stand in measured code")
	}
	for name, whole := range w.assigned {
		switch {
		case w.declared[name]:
		case whole:
			b.Assigns = append(b.Assigns, name)
		default:
			b.Parts = append(b.Parts, name)
		}
	}
	slices.Sort(b.Assigns)
	slices.Sort(b.Parts)
	for name := range w.called {
		if !w.declared[name] {
			b.Calls = append(b.Calls, name)
		}
	}
	slices.Sort(b.Calls)
	return b, nil
}

// Statements parses the statements in text, as the body of a function. offset tells
// where in text a position is.
func Statements(text string) (list []ast.Stmt, offset func(token.Pos) int, err error) {
	const head = "package p; func _() {\n"
	file, err := parser.ParseFile(token.NewFileSet(), "", head+text+"\n}", parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, err
	}
	if len(file.Decls) != 1 {
		return nil, nil, fmt.Errorf("there are %d functions in it", len(file.Decls))
	}
	offset = func(p token.Pos) int { return int(p-file.FileStart) - len(head) }
	return file.Decls[0].(*ast.FuncDecl).Body.List, offset, nil
}

// bodyWalker collects what a Body says.
type bodyWalker struct {
	cell     *Cell
	item     Item
	body     *Body
	declared map[string]bool
	assigned map[string]bool // true: as a whole
	called   map[string]bool
}

// top looks at one item of the body.
func (w *bodyWalker) top(it Item, alone bool) {
	for _, id := range declaredNames(it) {
		if id.Name != "_" && !w.declared[id.Name] {
			w.declared[id.Name] = true
			w.body.Declares = append(w.body.Declares, id.Name)
		}
	}
	switch {
	case it.Kind == ItemFunc:
		w.body.Leaves = w.leave(it.Code, it.Code+len("func"), "a function is declared here: declare it in a cell before, and call it")
	case it.Kind == ItemImport:
		w.body.Leaves = w.leave(it.Code, it.Code+len("import"), "an import can't stand in measured code: import it in a cell before")
	case it.Decl != nil:
		w.inspect(it.Decl, loopsAround{})
	case len(it.Values) > 1:
		w.body.Leaves = w.leave(it.Start, it.End, "several values can't be measured: measure one")
	default:
		if x, ok := it.Stmt.(*ast.ExprStmt); ok && alone {
			w.body.Expr = x.X
		}
		w.inspect(it.Stmt, loopsAround{})
	}
}

// leave makes the diagnostic for something that must not be there. The first counts.
func (w *bodyWalker) leave(from, to int, msg string) *Diagnostic {
	if w.body.Leaves != nil {
		return w.body.Leaves
	}
	d := w.cell.diag("", msg, from, to)
	return &d
}

// loopsAround says what a break or continue in the body may mean.
type loopsAround struct {
	breaks, continues bool
	labels            map[string]bool
}

// inspect walks a statement that is not in a function literal.
func (w *bodyWalker) inspect(n ast.Node, around loopsAround) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			w.changes(n.Body)
			return false
		case *ast.ForStmt, *ast.RangeStmt:
			w.changes(n)
			inner := loopsAround{true, true, around.labels}
			for _, child := range childrenOf(n) {
				w.inspect(child, inner)
			}
			return false
		case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			inner := loopsAround{true, around.continues, around.labels}
			for _, child := range childrenOf(n) {
				w.inspect(child, inner)
			}
			return false
		case *ast.LabeledStmt:
			labels := map[string]bool{n.Label.Name: true}
			for l := range around.labels {
				labels[l] = true
			}
			w.inspect(n.Stmt, loopsAround{around.breaks, around.continues, labels})
			return false
		case *ast.ReturnStmt, *ast.DeferStmt, *ast.BranchStmt:
			w.branch(n, around)
		}
		w.change(n)
		return true
	})
}

// childrenOf returns the direct children of a node.
func childrenOf(n ast.Node) []ast.Node {
	var out []ast.Node
	ast.Inspect(n, func(child ast.Node) bool {
		if child == n {
			return true
		}
		if child != nil {
			out = append(out, child)
		}
		return false
	})
	return out
}

// branch judges a statement that may leave the body.
func (w *bodyWalker) branch(n ast.Node, around loopsAround) {
	word := ""
	switch n := n.(type) {
	case *ast.ReturnStmt:
		word = "return"
	case *ast.DeferStmt:
		word = "defer"
	case *ast.BranchStmt:
		switch {
		case n.Label != nil && around.labels[n.Label.Name] && n.Tok != token.GOTO, n.Tok == token.FALLTHROUGH:
			return
		case n.Label == nil && (n.Tok == token.BREAK && around.breaks || n.Tok == token.CONTINUE && around.continues):
			return
		}
		word = n.Tok.String()
	}
	from := w.item.Offset(n.Pos())
	w.body.Leaves = w.leave(from, from+len(word), fmt.Sprintf("%s would leave the measured code, which runs many times in one function: put it into a function and measure a call", word))
}

// changes notes what a tree assigns.
func (w *bodyWalker) changes(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		w.change(n)
		return true
	})
}

// change notes what one node assigns, or may by a method.
func (w *bodyWalker) change(n ast.Node) {
	note := func(x ast.Expr) {
		if name, part := baseName(x); name != "" && name != "_" {
			w.assigned[name] = w.assigned[name] || !part
		}
	}
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			for _, x := range n.Lhs {
				note(x)
			}
		}
	case *ast.IncDecStmt:
		note(n.X)
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			note(n.Key)
			note(n.Value)
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			note(n.X)
		}
	case *ast.CallExpr:
		if name, part := baseName(n.Fun); part && name != "_" {
			w.called[name] = true
		}
	}
}

// baseName returns the variable that an assignment to x may change, and whether
// only a part of it: a field or an element, which may also be one of what the
// variable refers to.
func baseName(x ast.Expr) (name string, part bool) {
	for {
		switch y := x.(type) {
		case *ast.Ident:
			return y.Name, part
		case *ast.ParenExpr:
			x = y.X
		case *ast.SelectorExpr:
			x, part = y.X, true
		case *ast.IndexExpr:
			x, part = y.X, true
		default:
			return "", false
		}
	}
}
