package timing

import (
	"cmp"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
)

// hideLiterals replaces the literal arguments of calls in the timed Go by
// variables whose values the compiler can't know, which are declared before the
// loop with the types of the functions' parameters. Arguments whose parameter has
// no basic type stay. It returns how many it replaced.
func hideLiterals(ctx context.Context, h magic.Host, v *timedLoop) int {
	list, offset, err := cell.Statements(v.Body.Text)
	if err != nil {
		return 0 // it was parsed before, so this is out of reach
	}
	var found []hidden
	ast.Inspect(&ast.BlockStmt{List: list}, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			found = append(found, literalArguments(ctx, h, call)...)
		}
		return true
	})
	slices.SortFunc(found, func(a, b hidden) int { return cmp.Compare(b.from, a.from) })
	for i, lit := range found {
		name := fmt.Sprintf("hpgo__o%d", i)
		from, to := offset(lit.from), offset(lit.to)
		v.hidden += fmt.Sprintf("%s := %s.Hide[%s](%s)\n", name, measuring.HarnessName, lit.typ, v.Body.Text[from:to])
		v.Body.Text = v.Body.Text[:from] + name + v.Body.Text[to:]
	}
	return len(found)
}

// hidden is a literal argument: its place and the type of its parameter.
type hidden struct {
	from, to token.Pos
	typ      string
}

// literalArguments are those of one call.
func literalArguments(ctx context.Context, h magic.Host, call *ast.CallExpr) []hidden {
	switch call.Fun.(type) {
	case *ast.Ident, *ast.SelectorExpr:
	default:
		return nil
	}
	name := types.ExprString(call.Fun)
	if !slices.ContainsFunc(call.Args, isLiteral) || types.Universe.Lookup(name) != nil {
		return nil
	}
	params := parameterTypes(ctx, h, name)
	var out []hidden
	for i, arg := range call.Args {
		if i < len(params) && isLiteral(arg) && isBasic(params[i]) {
			out = append(out, hidden{from: arg.Pos(), to: arg.End(), typ: params[i]})
		}
	}
	return out
}

func isLiteral(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.BasicLit:
		return true
	case *ast.UnaryExpr:
		return x.Op != token.AND && isLiteral(x.X)
	}
	return false
}

func isBasic(name string) bool {
	t, ok := types.Universe.Lookup(name).(*types.TypeName)
	if !ok {
		return false
	}
	_, ok = t.Type().(*types.Basic)
	return ok
}

// parameterTypes are the types of a function's parameters, one for each argument
// that can be told from the others; nil where nothing is known.
func parameterTypes(ctx context.Context, h magic.Host, name string) []string {
	b := h.Describe(ctx, name, 0)
	if b == nil {
		return nil
	}
	text, _ := b.Data["text/plain"].(string)
	line, _, _ := strings.Cut(text, "\n")
	at := strings.Index(line, "(")
	if !strings.HasPrefix(line, "func ") || at < 0 {
		return nil
	}
	x, err := parser.ParseExpr("func" + line[at:])
	fn, ok := x.(*ast.FuncType)
	if err != nil || !ok {
		return nil // a method or a generic function
	}
	var out []string
	for _, field := range fn.Params.List {
		for range max(1, len(field.Names)) {
			out = append(out, types.ExprString(field.Type))
		}
	}
	return out
}
