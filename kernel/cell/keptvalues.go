package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A pure function whose call was inlined is work that the compiler leaves out where
// nobody uses the result. What is measured must not be: runtime.KeepAlive uses it,
// without a place in memory, as testing.B.Loop does in its loops.

// runtimeAlias is how generated code imports package runtime.
const (
	runtimeAlias = "hpgo__runtime"
	runtimePath  = "runtime"
)

// Orders of these edits, among all at one offset: inside of what counts.
const (
	orderKeep = -1
	orderKept = 1
)

// keepEdits keep the values of expressions that stand alone in a composed text's kept
// pieces alive, but for those in function literals.
func keepEdits(ch checked, root ast.Node, src *Source, imports map[string]Import) []edit {
	if src.made == nil {
		return nil
	}
	at := func(p token.Pos) int { return int(p) - src.file.Base() }
	var edits []edit
	wrap := func(x ast.Expr, off, end int) {
		if !src.made.places[src.made.piece(at(x.Pos()))].kept {
			return
		}
		if open, shut := keeping(ch, x); open != "" {
			imports[runtimeAlias] = Import{Name: runtimeAlias, Path: runtimePath}
			edits = append(edits, edit{off: off, end: end, text: open, order: orderKeep}, edit{off: at(x.End()), end: at(x.End()), text: shut, order: orderKept})
		}
	}
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ExprStmt:
			wrap(n.X, at(n.Pos()), at(n.Pos()))
		case *ast.AssignStmt: // what isn't a statement as it is was given to _
			if len(n.Lhs) == 1 && len(n.Rhs) == 1 {
				if id, ok := n.Lhs[0].(*ast.Ident); ok && id.Name == "_" && n.Tok == token.ASSIGN {
					wrap(n.Rhs[0], at(n.Pos()), at(n.TokPos)+1)
				}
			}
		}
		return true
	})
	return edits
}

// keeping is what stands before and behind an expression that is kept; "": it has no
// value, or one that is known before it runs.
func keeping(ch checked, x ast.Expr) (open, shut string) {
	tv, ok := ch.info.Types[x]
	if !ok || tv.Type == nil || tv.Type == types.Typ[types.Invalid] || tv.IsVoid() || tv.IsType() || tv.Value != nil || tv.IsNil() {
		return "", ""
	}
	tuple, ok := tv.Type.(*types.Tuple)
	if !ok {
		return runtimeAlias + ".KeepAlive(", ")"
	}
	var names []string
	var keep strings.Builder
	for i := range tuple.Len() {
		names = append(names, fmt.Sprintf("hpgo__kept%d", i))
		fmt.Fprintf(&keep, "; %s.KeepAlive(%s)", runtimeAlias, names[i])
	}
	return "{ " + strings.Join(names, ", ") + " := ", keep.String() + " }"
}
