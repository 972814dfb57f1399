package cell

import (
	"go/ast"
	"go/token"
)

// A loop without an end, such as the one of a worker goroutine, can only be
// stopped by an interrupt, and that panics. The compiler takes it that nothing
// comes after such a loop: it drops stores to variables, and what deferred calls
// need, before and in a loop that calls nothing. A call that does nothing keeps
// them, and is a place to stop at.

// tickName is the function that endless loops call.
const tickName = "hpgo__tick"

// endlessEdits returns the edits for the endless loops below a node.
func (r *rewriter) endlessEdits(root ast.Node, src *Source) []edit {
	if r.env.Fresh {
		return nil // there an interrupt ends the process
	}
	var edits []edit
	ast.Inspect(root, func(n ast.Node) bool {
		if loop, ok := n.(*ast.ForStmt); ok && loop.Cond == nil && !leavesOrWaits(loop.Body) {
			off := int(loop.Body.Lbrace) + 1 - src.file.Base()
			edits = append(edits, edit{off: off, end: off, text: " " + tickName + "(); "})
		}
		return true
	})
	r.ticks = r.ticks || len(edits) > 0
	return edits
}

// leavesOrWaits reports whether a loop's body may leave the loop, other than by a
// panic, or waits in it, which is a call.
func leavesOrWaits(body *ast.BlockStmt) bool {
	return contains(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ReturnStmt, *ast.SendStmt, *ast.SelectStmt:
			return true
		case *ast.UnaryExpr:
			return n.Op == token.ARROW
		case *ast.BranchStmt:
			return n.Tok == token.BREAK || n.Tok == token.GOTO || n.Label != nil
		}
		return false
	})
}
