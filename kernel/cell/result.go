package cell

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"strings"
)

// What a last expression shows: its value, unless it has none or one that nobody
// wants to see.

// hugeConstant returns the exact text of a last expression that is an untyped
// constant too large for the type it would get as an argument.
func hugeConstant(ch checked, e *entryItem) (string, bool) {
	if len(e.Values) != 1 {
		return "", false
	}
	tv := ch.info.Types[e.Values[0]]
	if tv.Value == nil {
		return "", false
	}
	basic, ok := tv.Type.(*types.Basic)
	if !ok || basic.Info()&types.IsUntyped == 0 {
		return "", false
	}
	switch tv.Value.Kind() {
	case constant.Int:
		_, exact := constant.Int64Val(tv.Value)
		if !exact && basic.Kind() != types.UntypedFloat {
			return tv.Value.ExactString(), true
		}
	case constant.Float:
		if f, _ := constant.Float64Val(tv.Value); math.IsInf(f, 0) {
			return tv.Value.String(), true
		}
	}
	return "", false
}

// onlyError reports whether the last expression is a call that returns nothing
// but an error: nobody wants to see that there was none.
func onlyError(ch checked, e *entryItem) bool {
	if len(e.Values) != 1 {
		return false
	}
	_, call := ast.Unparen(e.Values[0]).(*ast.CallExpr)
	t := ch.info.TypeOf(e.Values[0])
	return call && t != nil && types.Identical(t, types.Universe.Lookup("error").Type())
}

// hasValue reports whether an expression yields something to show.
func (r *rewriter) hasValue(ch checked, x ast.Expr) bool {
	tv, ok := ch.info.Types[x]
	if !ok || tv.Type == types.Typ[types.Invalid] {
		// Of C the checker knows nothing: a call of a C function may have no value,
		// a conversion or an operation has one.
		call, isCall := ast.Unparen(x).(*ast.CallExpr)
		return !isCall || ch.info.Types[call.Fun].IsType()
	}
	return ok && !tv.IsVoid() && !tv.IsType() && !prints(ch, x)
}

// prints recognises calls of fmt's printing functions, whose count of bytes
// nobody wants to see.
func prints(ch checked, x ast.Expr) bool {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := ch.info.Uses[sel.Sel].(*types.Func)
	return ok && fn.Pkg() != nil && fn.Pkg().Path() == "fmt" && (strings.HasPrefix(fn.Name(), "Print") || strings.HasPrefix(fn.Name(), "Fprint"))
}

// standsAlone reports whether an expression is a statement as it is: the call of
// a function, or a receive. Conversions and most built-in functions are not.
func standsAlone(ch checked, x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		fun := ch.info.Types[x.Fun]
		return !fun.IsType() && !fun.IsBuiltin()
	case *ast.UnaryExpr:
		return x.Op == token.ARROW
	}
	return false
}
