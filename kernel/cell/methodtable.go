package cell

import (
	"fmt"
	"go/types"
	"sort"
	"strings"
)

// methodsPath is the package that keeps interface calls up to date.
const (
	methodsPath  = "hpgo/kernel/live/methods"
	methodsAlias = "hpgo__methods"
)

// emitMethods writes the announcement of the session's method code, which the
// entry function makes before anything else. Methods of generic types have no
// single code and are left out.
func (r *rewriter) emitMethods(b *strings.Builder, ch checked) bool {
	var lines []string
	for _, d := range r.scope.Decls() {
		if d.Kind != KindType || d.generic() {
			continue
		}
		tn, ok := ch.pkg.Scope().Lookup(d.Name).(*types.TypeName)
		if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) {
			continue
		}
		lines = append(lines, methodLines(d, tn.Type(), ch.pkg)...)
	}
	if len(lines) == 0 {
		return false
	}
	list := strings.Join(lines, "")
	if r.counts != nil || len(r.env.Regions)+len(r.env.Calls) > 0 {
		// The code with counters or regions is current while the cell runs.
		b.WriteString("defer " + methodsAlias + ".Lend(\n" + list + ")()\n")
		return true
	}
	b.WriteString(methodsAlias + ".Announce(\n" + list + ")\n")
	return true
}

// methodLines lists the method expressions of T and *T that session code
// implements, promoted ones included.
func methodLines(d *Decl, t types.Type, pkg *types.Package) []string {
	var lines []string
	for _, form := range []struct {
		typ  types.Type
		expr string
	}{{t, d.Symbol}, {types.NewPointer(t), "(*" + d.Symbol + ")"}} {
		set := types.NewMethodSet(form.typ)
		for i := range set.Len() {
			fn, ok := set.At(i).Obj().(*types.Func)
			if !ok || fn.Pkg() != pkg || interfaceMethod(fn) {
				continue
			}
			expr := form.expr + "." + fn.Name()
			lines = append(lines, fmt.Sprintf("%s.Method{Name: %q, Func: %s},\n", methodsAlias, expr, expr))
		}
	}
	sort.Strings(lines)
	return lines
}

// interfaceMethod reports whether a method comes from an embedded interface.
func interfaceMethod(fn *types.Func) bool {
	recv := fn.Type().(*types.Signature).Recv()
	return recv != nil && types.IsInterface(recv.Type())
}
