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
// statement itself, as the language says, and the added literal has the place of
// the word go, as the compiler's own closure of a goroutine has. The same is done
// for functions handed
// to what starts goroutines in the standard library: time.AfterFunc(d, f) and
// its like.

// guardEdits returns the edits for all goroutines that the code below a node
// starts, and adds the imports that they need.
func guardEdits(ch checked, root ast.Node, src *Source, imports map[string]Import) []edit {
	var edits []edit
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			edits = append(edits, guardGo(ch, n, src, imports)...)
		case *ast.CallExpr:
			edits = append(edits, guardStarted(ch, n, src)...)
		}
		return true
	})
	if len(edits) > 0 {
		imports[guardAlias] = Import{Name: guardAlias, Path: guardPath}
	}
	return edits
}

func guardGo(ch checked, g *ast.GoStmt, src *Source, imports map[string]Import) []edit {
	at := func(p int) int { return p - src.file.Base() }
	if lit, ok := ast.Unparen(g.Call.Fun).(*ast.FuncLit); ok {
		return guardLiteral(lit, src)
	}
	var edits []edit
	call := g.Call
	goOff, funOff := at(int(g.Go)), at(int(call.Fun.Pos()))
	line, col := src.position(funOff)
	fun := fmt.Sprintf("/*line :%d:%d*/%s", line, col, src.Text[funOff:at(int(call.Fun.End()))])
	if direct(ch, call.Fun) {
		edits = append(edits, edit{off: goOff, end: goOff + len("go"), text: "{ "})
		// The function's own text moves into the closure.
		edits = append(edits, edit{off: funOff, end: at(int(call.Lparen)) + 1, text: ""})
	} else {
		edits = append(edits, edit{off: goOff, end: goOff + len("go"), text: "{ hpgo__f := "})
		edits = append(edits, edit{off: at(int(call.Lparen)), end: at(int(call.Lparen)) + 1, text: "; "})
		fun = "hpgo__f"
	}
	args, argEdits := guardArgs(ch, call, src, imports)
	edits = append(edits, argEdits...)
	if call.Ellipsis.IsValid() {
		off := at(int(call.Ellipsis))
		edits = append(edits, edit{off: off, end: off + len("..."), text: ""})
		args += "..."
	}
	end := at(int(call.Rparen))
	line, col = src.position(goOff)
	return append(edits, edit{off: end, end: end + 1, order: 2,
		text: fmt.Sprintf("; /*line :%d:%d*/go /*line :%[1]d:%[2]d*/func() { defer %s.Recover(); %s(%s) }() }", line, col, guardAlias, fun, args)})
}

// guardArgs turns each argument into a definition before the go statement and
// returns the names to call with.
func guardArgs(ch checked, call *ast.CallExpr, src *Source, imports map[string]Import) (string, []edit) {
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
			edits = append(edits, edit{off: off, end: off, text: defineArg(ch, name, a, imports)})
		}
		names = append(names, name)
		// The comma behind an argument becomes a semicolon.
		if c := commaAfter(src.Text[:int(call.Rparen)-src.file.Base()], end); c >= 0 {
			edits = append(edits, edit{off: c, end: c + 1, text: ";", order: 1})
		}
	}
	return strings.Join(names, ", "), edits
}

// defineArg writes the head of an argument's definition. Comparisons and shifts
// get their type from the parameter, which := would not tell them.
func defineArg(ch checked, name string, a ast.Expr, imports map[string]Import) string {
	t := ch.info.TypeOf(a)
	switch ast.Unparen(a).(type) {
	case *ast.BinaryExpr, *ast.UnaryExpr:
		if t == types.Typ[types.Bool] || t == types.Typ[types.Int] {
			break
		}
		sp := speller{pkg: ch.pkg, deps: map[string]string{}}
		if text := sp.spell(t); sp.problem == "" {
			for _, im := range sp.imports() {
				imports[im.Name] = im
			}
			return "var " + name + " " + text + " = "
		}
	}
	return name + " := "
}

// commaAfter returns the offset of the comma that follows an argument in text,
// or -1.
func commaAfter(text string, off int) int {
	for off < len(text) {
		switch {
		case text[off] == ',':
			return off
		case strings.HasPrefix(text[off:], "/*"):
			n := strings.Index(text[off+2:], "*/")
			if n < 0 {
				return -1
			}
			off += n + 4
		case strings.HasPrefix(text[off:], "//"):
			n := strings.IndexByte(text[off:], '\n')
			if n < 0 {
				return -1
			}
			off += n
		default:
			off++
		}
	}
	return -1
}

// starters are the functions that run one of their arguments in a goroutine of
// its own, with the argument's place.
var starters = map[string]int{
	"time.AfterFunc":                            1,
	"context.AfterFunc":                         1,
	"(*sync.WaitGroup).Go":                      0,
	"(*golang.org/x/sync/errgroup.Group).Go":    0,
	"(*golang.org/x/sync/errgroup.Group).TryGo": 0,
}

// guardStarted guards a function that a call of the starters runs.
func guardStarted(ch checked, call *ast.CallExpr, src *Source) []edit {
	var id *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		id = f.Sel
	case *ast.Ident:
		id = f
	default:
		return nil
	}
	fn, ok := ch.info.Uses[id].(*types.Func)
	if !ok {
		return nil
	}
	i, ok := starters[fn.FullName()]
	if !ok || i >= len(call.Args) {
		return nil
	}
	arg := call.Args[i]
	if lit, ok := ast.Unparen(arg).(*ast.FuncLit); ok {
		return guardLiteral(lit, src)
	}
	form, ret := "func()", ""
	sig, ok := fn.Type().(*types.Signature).Params().At(i).Type().Underlying().(*types.Signature)
	if ok && sig.Results().Len() == 1 {
		form, ret = "func() error", "return "
	}
	off, end := int(arg.Pos())-src.file.Base(), int(arg.End())-src.file.Base()
	return []edit{
		{off: off, end: off, text: fmt.Sprintf("func(hpgo__f %s) %s { return %s { defer %s.Recover(); %shpgo__f() } }(", form, form, form, guardAlias, ret)},
		{off: end, end: end, text: ")", order: 1},
	}
}

// guardLiteral puts the guard into a function literal.
func guardLiteral(lit *ast.FuncLit, src *Source) []edit {
	off := int(lit.Body.Lbrace) - src.file.Base() + 1
	return []edit{{off: off, end: off, text: "defer " + guardAlias + ".Recover();"}}
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
