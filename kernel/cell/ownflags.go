package cell

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"strings"
)

// ownFlags lists the command-line flags that the cell defines itself, by calls
// of package flag with a constant name. A flag that an earlier cell defined
// under the same name must not be in the cell's way.
func (r *rewriter) ownFlags(ch checked) []string {
	var names []string
	visit := func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return true
		}
		fn, ok := ch.info.Uses[sel.Sel].(*types.Func)
		if !ok || fn.Pkg() == nil || fn.Pkg().Path() != "flag" || fn.Signature().Recv() != nil {
			return true
		}
		i := 0
		if strings.HasSuffix(fn.Name(), "Var") {
			i = 1 // flag.IntVar(&n, "n", ...)
		}
		if !defines(fn.Signature().Params()) || i >= len(call.Args) {
			return true
		}
		if v := ch.info.Types[call.Args[i]].Value; v != nil && v.Kind() == constant.String {
			names = append(names, constant.StringVal(v))
		}
		return true
	}
	for i := range r.entry {
		for _, n := range r.entry[i].nodes() {
			ast.Inspect(n, visit)
		}
	}
	for _, d := range r.scope.Decls() {
		if d.Cell == r.n && d.node != nil {
			ast.Inspect(d.node, visit)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// defines recognises the functions that define a flag by their parameter usage.
func defines(params *types.Tuple) bool {
	for p := range params.Variables() {
		if p.Name() == "usage" {
			return true
		}
	}
	return false
}
