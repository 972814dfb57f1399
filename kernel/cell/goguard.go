package cell

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// A panic in a goroutine ends a Go process, and with it the session. Every go
// statement of the session is therefore given a deferred call that reports the
// panic instead:
//
//	go func() { ... }()  becomes  go func() { defer guard.Recover(); ... }()
//	go f(a, b)           becomes  { a0 := a; a1 := b; go func() { defer guard.Recover(); f(a0, a1) }() }
//
// In the second form function and arguments are still evaluated by the go
// statement itself, as the language says.

// guardEdits returns the edits for all go statements below a node.
func (r *rewriter) guardEdits(ch checked, root ast.Node, src *Source) []edit {
	var edits []edit
	ast.Inspect(root, func(n ast.Node) bool {
		if g, ok := n.(*ast.GoStmt); ok {
			edits = append(edits, guardGo(ch, g, src)...)
		}
		return true
	})
	return edits
}

func guardGo(ch checked, g *ast.GoStmt, src *Source) []edit {
	at := func(p int) int { return p - src.file.Base() }
	if lit, ok := ast.Unparen(g.Call.Fun).(*ast.FuncLit); ok {
		off := at(int(lit.Body.Lbrace)) + 1
		return []edit{{off: off, end: off, text: "defer " + guardAlias + ".Recover();"}}
	}
	var edits []edit
	call := g.Call
	goOff, funOff := at(int(g.Go)), at(int(call.Fun.Pos()))
	fun := src.Text[funOff:at(int(call.Fun.End()))]
	if direct(ch, call.Fun) {
		edits = append(edits, edit{off: goOff, end: goOff + len("go"), text: "{ "})
		// The function's own text moves into the closure.
		edits = append(edits, edit{off: funOff, end: at(int(call.Lparen)) + 1, text: ""})
	} else {
		edits = append(edits, edit{off: goOff, end: goOff + len("go"), text: "{ hpgo__f := "})
		edits = append(edits, edit{off: at(int(call.Lparen)), end: at(int(call.Lparen)) + 1, text: "; "})
		fun = "hpgo__f"
	}
	args, argEdits := guardArgs(ch, call, src)
	edits = append(edits, argEdits...)
	if call.Ellipsis.IsValid() {
		off := at(int(call.Ellipsis))
		edits = append(edits, edit{off: off, end: off + len("..."), text: ""})
		args += "..."
	}
	end := at(int(call.Rparen))
	return append(edits, edit{off: end, end: end + 1, order: 2,
		text: fmt.Sprintf("; go func() { defer %s.Recover(); %s(%s) }() }", guardAlias, fun, args)})
}

// guardArgs turns each argument into a definition before the go statement and
// returns the names to call with.
func guardArgs(ch checked, call *ast.CallExpr, src *Source) (string, []edit) {
	var edits []edit
	var names []string
	if len(call.Args) == 1 {
		if tuple, ok := ch.info.TypeOf(call.Args[0]).(*types.Tuple); ok {
			for i := range tuple.Len() {
				names = append(names, fmt.Sprintf("hpgo__a%d", i))
			}
			off := int(call.Args[0].Pos()) - src.file.Base()
			list := strings.Join(names, ", ")
			return list, []edit{{off: off, end: off, text: list + " := "}}
		}
	}
	for i, a := range call.Args {
		off, end := int(a.Pos())-src.file.Base(), int(a.End())-src.file.Base()
		name := fmt.Sprintf("hpgo__a%d", i)
		tv := ch.info.Types[a]
		switch {
		case tv.IsNil() || tv.IsType():
			name = src.Text[off:end]
			edits = append(edits, edit{off: off, end: end, text: ""})
		case tv.Value != nil:
			edits = append(edits, edit{off: off, end: off, text: "const " + name + " = "})
		default:
			edits = append(edits, edit{off: off, end: off, text: name + " := "})
		}
		names = append(names, name)
		// The comma behind an argument becomes a semicolon.
		if c := strings.IndexByte(src.Text[end:], ','); c >= 0 && end+c < int(call.Rparen)-src.file.Base() {
			edits = append(edits, edit{off: end + c, end: end + c + 1, text: ";", order: 1})
		}
	}
	return strings.Join(names, ", "), edits
}

// direct reports whether a called function needs no evaluation: a declared
// function, a builtin or a conversion.
func direct(ch checked, fun ast.Expr) bool {
	fun = ast.Unparen(fun)
	switch f := fun.(type) {
	case *ast.IndexExpr:
		fun = f.X
	case *ast.IndexListExpr:
		fun = f.X
	}
	if tv := ch.info.Types[fun]; tv.IsBuiltin() || tv.IsType() {
		return true
	}
	var obj types.Object
	switch f := fun.(type) {
	case *ast.Ident:
		obj = ch.info.Uses[f]
	case *ast.SelectorExpr:
		if ch.info.Selections[f] != nil {
			return false
		}
		obj = ch.info.Uses[f.Sel]
	}
	_, ok := obj.(*types.Func)
	return ok
}
