package cell

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

// A store behind each assignment to a local copy costs little beside a call or
// an index, but doubles the time of a loop that does nothing but arithmetic. A
// loop that can neither panic nor be left in the middle needs no store before
// its end: there the stores stand behind it. Only an interrupt can look in
// between, and finds the values from before the loop (Unit.Held tells which). So
// that it finds most of the work of nested loops, stores leave the innermost loop
// only; and no store waits for the end of a loop that has none.

// pureLoops remembers which loops of an item are pure.
type pureLoops struct {
	ch    checked
	known map[ast.Node]bool
}

// around returns the index, in the stack of nodes above an assignment, of the
// loop behind which the assigned variable may be stored; -1 for none.
func (p *pureLoops) around(stack []ast.Node) int {
	for i := len(stack) - 1; i >= 0; i-- {
		var body *ast.BlockStmt
		ends := true
		switch n := stack[i].(type) {
		case *ast.ForStmt:
			body, ends = n.Body, n.Cond != nil || breaks(n.Body)
		case *ast.RangeStmt:
			body = n.Body
		default:
			continue
		}
		inBody := i+1 < len(stack) && stack[i+1] == ast.Node(body)
		if !ends || inBody && hasLoop(body) || !p.isPure(stack[i], stack[:i]) {
			return -1
		}
		return i
	}
	return -1
}

// breaks reports whether a loop's body may leave the loop; a break of something
// inside of it counts, too.
func breaks(body *ast.BlockStmt) bool {
	return contains(body, func(n ast.Node) bool {
		b, ok := n.(*ast.BranchStmt)
		return ok && (b.Tok == token.BREAK || b.Label != nil)
	})
}

func hasLoop(body *ast.BlockStmt) bool {
	return contains(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return true
		}
		return false
	})
}

func contains(root ast.Node, is func(ast.Node) bool) bool {
	found := false
	ast.Inspect(root, func(n ast.Node) bool {
		found = found || n != nil && is(n)
		return !found
	})
	return found
}

// isPure is pure, remembered.
func (p *pureLoops) isPure(loop ast.Node, above []ast.Node) bool {
	pure, ok := p.known[loop]
	if !ok {
		pure = p.pure(loop, above)
		p.known[loop] = pure
	}
	return pure
}

// pure reports whether a loop always runs to its end.
func (p *pureLoops) pure(loop ast.Node, above []ast.Node) bool {
	labels := map[string]bool{}
	if len(above) > 0 {
		if l, ok := above[len(above)-1].(*ast.LabeledStmt); ok {
			labels[l.Label.Name] = true
		}
	}
	ast.Inspect(loop, func(n ast.Node) bool {
		if l, ok := n.(*ast.LabeledStmt); ok {
			labels[l.Label.Name] = true
		}
		return true
	})
	ok := true
	ast.Inspect(loop, func(n ast.Node) bool {
		ok = ok && p.harmless(n, labels)
		return ok
	})
	return ok
}

// harmless reports whether a node by itself can't panic, block, or leave the
// loop. Nodes that are not listed count as harmful.
func (p *pureLoops) harmless(n ast.Node, labels map[string]bool) bool {
	switch n := n.(type) {
	case nil, *ast.Ident, *ast.BasicLit, *ast.ParenExpr, *ast.Comment, *ast.CommentGroup,
		*ast.ForStmt, *ast.BlockStmt, *ast.IfStmt, *ast.IncDecStmt, *ast.ExprStmt, *ast.EmptyStmt, *ast.LabeledStmt,
		*ast.SwitchStmt, *ast.CaseClause, *ast.DeclStmt, *ast.GenDecl, *ast.ValueSpec:
		return true
	case *ast.AssignStmt:
		return p.dividesSafely(n)
	case *ast.RangeStmt:
		switch p.under(n.X).(type) {
		case *types.Basic, *types.Slice, *types.Array:
			return true
		}
	case *ast.BranchStmt:
		return n.Tok != token.GOTO && (n.Label == nil || labels[n.Label.Name])
	case *ast.UnaryExpr:
		return n.Op != token.ARROW && n.Op != token.AND
	case *ast.BinaryExpr:
		return p.operates(n.Op, n.X, n.Y)
	case *ast.CallExpr:
		return p.callsSafely(n)
	case *ast.SelectorExpr:
		return p.selectsSafely(n)
	}
	return false
}

// under returns the underlying type of an expression, or nil.
func (p *pureLoops) under(x ast.Expr) types.Type {
	if t := p.ch.info.TypeOf(x); t != nil {
		return t.Underlying()
	}
	return nil
}

// dividesSafely judges x /= y and its like by their operator.
func (p *pureLoops) dividesSafely(as *ast.AssignStmt) bool {
	if as.Tok == token.ASSIGN || as.Tok == token.DEFINE {
		return true
	}
	op := map[token.Token]token.Token{token.QUO_ASSIGN: token.QUO, token.REM_ASSIGN: token.REM,
		token.SHL_ASSIGN: token.SHL, token.SHR_ASSIGN: token.SHR}[as.Tok]
	return p.operates(op, as.Lhs[0], as.Rhs[0])
}

// operates judges a binary operation: integers may be divided by zero, shifted
// by a negative count, and interfaces may hold what can't be compared.
func (p *pureLoops) operates(op token.Token, x, y ast.Expr) bool {
	if _, ok := p.under(x).(*types.Basic); !ok {
		return false
	}
	yt, ok := p.under(y).(*types.Basic)
	if !ok {
		return false
	}
	value := p.ch.info.Types[y].Value
	switch op {
	case token.QUO, token.REM:
		return yt.Info()&types.IsInteger == 0 || value != nil && constant.Sign(value) != 0
	case token.SHL, token.SHR:
		return yt.Info()&types.IsUnsigned != 0 || value != nil
	}
	return true
}

// callsSafely accepts conversions between basic types, builtins that only
// compute, and the functions of math, which take any number.
func (p *pureLoops) callsSafely(call *ast.CallExpr) bool {
	fun := ast.Unparen(call.Fun)
	tv := p.ch.info.Types[fun]
	if tv.IsType() {
		_, ok := tv.Type.Underlying().(*types.Basic)
		return ok && len(call.Args) == 1 && p.basic(call.Args[0])
	}
	switch f := fun.(type) {
	case *ast.Ident:
		switch f.Name {
		case "len", "cap", "min", "max", "real", "imag", "complex":
			return tv.IsBuiltin()
		}
	case *ast.SelectorExpr:
		return p.mathFunc(f)
	}
	return false
}

func (p *pureLoops) basic(x ast.Expr) bool {
	_, ok := p.under(x).(*types.Basic)
	return ok
}

// mathFunc recognises the functions that never panic.
func (p *pureLoops) mathFunc(sel *ast.SelectorExpr) bool {
	fn, ok := p.ch.info.Uses[sel.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Type().(*types.Signature).Recv() != nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "math", "math/cmplx":
		return true
	case "math/bits": // its divisions panic as the operators do
		return !strings.HasPrefix(fn.Name(), "Div") && !strings.HasPrefix(fn.Name(), "Rem")
	}
	return false
}

// selectsSafely accepts package members and fields reached without a pointer.
func (p *pureLoops) selectsSafely(sel *ast.SelectorExpr) bool {
	s := p.ch.info.Selections[sel]
	if s == nil {
		return true // pkg.Name: constants, variables, functions of math
	}
	return s.Kind() == types.FieldVal && !s.Indirect()
}
