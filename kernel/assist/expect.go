package assist

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// expected returns the type that the place at the cursor wants, nil when it
// takes any or that isn't known.
func (v *view) expected() types.Type {
	var child ast.Expr = v.name
	up := 0
	for ; ; up++ { // x.name and (name) want what stands there
		switch p := v.parent(up).(type) {
		case *ast.SelectorExpr:
			if p.Sel != child {
				return nil
			}
			child = p
			continue
		case *ast.ParenExpr:
			child = p
			continue
		}
		break
	}
	return v.expectedAt(up, child)
}

// expectedAt returns what the node that is up above the name wants of its child.
func (v *view) expectedAt(up int, child ast.Expr) types.Type {
	switch p := v.parent(up).(type) {
	case *ast.CallExpr:
		return v.expectedArgument(p, child)
	case *ast.AssignStmt:
		if i := slices.Index(p.Rhs, child); i >= 0 && len(p.Lhs) == len(p.Rhs) && p.Tok != token.DEFINE {
			return v.info.Types[p.Lhs[i]].Type
		}
	case *ast.ValueSpec:
		if p.Type != nil && p.Type != child {
			return v.info.Types[p.Type].Type
		}
	case *ast.ReturnStmt:
		return v.expectedResult(slices.Index(p.Results, child))
	case *ast.BinaryExpr:
		return v.expectedOperand(up, p, child)
	case *ast.UnaryExpr:
		if p.Op == token.NOT {
			return types.Typ[types.Bool]
		}
	case *ast.IfStmt, *ast.ForStmt:
		return types.Typ[types.Bool]
	case *ast.CaseClause:
		return v.expectedCase(up)
	case *ast.SendStmt:
		if c, ok := v.under(p.Chan).(*types.Chan); ok && p.Value == child {
			return c.Elem()
		}
	case *ast.IndexExpr:
		if m, ok := v.under(p.X).(*types.Map); ok && p.Index == child {
			return m.Key()
		} else if p.Index == child && !v.info.Types[p.X].IsType() {
			return types.Typ[types.Int]
		}
	case *ast.KeyValueExpr:
		if lit, ok := v.parent(up + 1).(*ast.CompositeLit); ok {
			return v.expectedValue(lit, p, child)
		}
	case *ast.CompositeLit:
		return v.expectedElement(p, slices.Index(p.Elts, child))
	}
	return nil
}

// wantsRange reports whether the place at the cursor is what a loop ranges over.
func (v *view) wantsRange() bool {
	r, ok := v.parent(0).(*ast.RangeStmt)
	return ok && r.X == v.name
}

// wantsChannel reports whether the place at the cursor is what is received from,
// or closed.
func (v *view) wantsChannel() bool {
	switch p := v.parent(0).(type) {
	case *ast.UnaryExpr:
		return p.Op == token.ARROW
	case *ast.CallExpr:
		return v.builtin(p) == "close" && slices.Index(p.Args, ast.Expr(v.name)) == 0
	}
	return false
}

// receivable reports whether one can receive from an object.
func receivable(obj types.Object) bool {
	if _, isVar := obj.(*types.Var); !isVar {
		return false
	}
	c, ok := obj.Type().Underlying().(*types.Chan)
	return ok && c.Dir() != types.SendOnly
}

// rangeable reports whether a loop can range over an object. Integers and
// functions can be too, but most of them aren't meant.
func rangeable(obj types.Object) bool {
	if _, isVar := obj.(*types.Var); !isVar {
		return false
	}
	switch t := deref(obj.Type()).Underlying().(type) {
	case *types.Slice, *types.Array, *types.Map, *types.Chan:
		return true
	case *types.Basic:
		return t.Info()&types.IsString != 0
	}
	return false
}

// under is the underlying type of an expression, nil when it isn't known.
func (v *view) under(x ast.Expr) types.Type {
	if t := v.info.Types[x].Type; t != nil {
		return t.Underlying()
	}
	return nil
}

// builtin is the name of the built-in function that is called, "" for others.
func (v *view) builtin(call *ast.CallExpr) string {
	if id, ok := call.Fun.(*ast.Ident); ok {
		if b, ok := v.info.Uses[id].(*types.Builtin); ok {
			return b.Name()
		}
	}
	return ""
}

// expectedArgument is the parameter's type at an argument.
func (v *view) expectedArgument(call *ast.CallExpr, arg ast.Expr) types.Type {
	i := slices.Index(call.Args, arg)
	if i > 0 {
		switch of := v.under(call.Args[0]).(type) {
		case *types.Slice:
			if v.builtin(call) == "append" {
				return of.Elem()
			}
		case *types.Map:
			if v.builtin(call) == "delete" {
				return of.Key()
			}
		}
	}
	sig, ok := v.under(call.Fun).(*types.Signature)
	if !ok || i < 0 || sig.Params().Len() == 0 {
		return nil
	}
	last := sig.Params().Len() - 1
	t := sig.Params().At(min(i, last)).Type()
	if sig.Variadic() && i >= last {
		if s, ok := t.(*types.Slice); ok {
			t = s.Elem()
		}
	} else if i > last {
		return nil
	}
	if _, ok := t.(*types.TypeParam); ok && sig.TypeParams().Len() > 0 {
		return v.standsFor(t, sig, call, i)
	}
	return usable(t)
}

// standsFor is what a type parameter of a called function stands for, as another
// argument than the i-th tells; nil when none does.
func (v *view) standsFor(param types.Type, sig *types.Signature, call *ast.CallExpr, i int) types.Type {
	for j, arg := range call.Args {
		if j != i && j < sig.Params().Len() && sig.Params().At(j).Type() == param {
			return usable(v.info.Types[arg].Type)
		}
	}
	return nil
}

// usable returns a type that can be compared with others: any takes everything.
func usable(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	if _, ok := t.(*types.TypeParam); ok {
		return t
	}
	if i, ok := t.Underlying().(*types.Interface); ok && i.Empty() {
		return nil
	}
	return t
}

// expectedResult is the type of a result of the function at the cursor.
func (v *view) expectedResult(i int) types.Type {
	for _, n := range slices.Backward(v.path) {
		var t types.Type
		switch fn := n.(type) {
		case *ast.FuncLit:
			t = v.info.Types[fn].Type
		case *ast.FuncDecl:
			if obj := v.info.Defs[fn.Name]; obj != nil {
				t = obj.Type()
			}
		default:
			continue
		}
		if sig, ok := t.(*types.Signature); ok && i >= 0 && i < sig.Results().Len() {
			return usable(sig.Results().At(i).Type())
		}
		return nil
	}
	return nil
}

// expectedOperand is the type of the other operand; beside a constant without a
// type, the one that the place of the operation wants.
func (v *view) expectedOperand(up int, b *ast.BinaryExpr, child ast.Expr) types.Type {
	switch b.Op {
	case token.LAND, token.LOR:
		return types.Typ[types.Bool]
	case token.SHL, token.SHR:
		return nil
	}
	other := b.X
	if other == child {
		other = b.Y
	}
	t := v.info.Types[other].Type
	if u, ok := t.(*types.Basic); ok && u.Info()&types.IsUntyped != 0 && !compares(b.Op) {
		if outer := v.expectedAt(up+1, b); outer != nil {
			return outer
		}
	}
	return usable(t)
}

func compares(op token.Token) bool {
	switch op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		return true
	}
	return false
}

// expectedCase is the type of the value that a switch compares.
func (v *view) expectedCase(up int) types.Type {
	if s, ok := v.parent(up + 2).(*ast.SwitchStmt); ok && s.Tag != nil {
		return usable(v.info.Types[s.Tag].Type)
	}
	return nil
}

// expectedValue is the type of a key or of the value behind one.
func (v *view) expectedValue(lit *ast.CompositeLit, kv *ast.KeyValueExpr, child ast.Expr) types.Type {
	t := v.info.Types[lit].Type
	if t == nil {
		return nil
	}
	switch u := deref(t).Underlying().(type) {
	case *types.Map:
		if kv.Key == child {
			return usable(u.Key())
		}
		return usable(u.Elem())
	case *types.Slice:
		return usable(u.Elem())
	case *types.Array:
		return usable(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if id, ok := kv.Key.(*ast.Ident); ok && id.Name == f.Name() && kv.Value == child {
				return usable(f.Type())
			}
		}
	}
	return nil
}

// expectedElement is the type of an element without a key.
func (v *view) expectedElement(lit *ast.CompositeLit, i int) types.Type {
	t := v.info.Types[lit].Type
	if t == nil || i < 0 {
		return nil
	}
	switch u := deref(t).Underlying().(type) {
	case *types.Slice:
		return usable(u.Elem())
	case *types.Array:
		return usable(u.Elem())
	case *types.Struct:
		if i < u.NumFields() {
			return usable(u.Field(i).Type())
		}
	}
	return nil
}

// fits reports whether an object, or what a call of it returns, has a type.
func fits(obj types.Object, want types.Type) bool {
	t := obj.Type()
	if t == nil || want == types.Typ[types.Invalid] || t == types.Typ[types.Invalid] {
		return false
	}
	switch o := obj.(type) {
	case *types.PkgName, *types.Builtin:
		return false
	case *types.TypeName:
		return literal(o.Type()) && types.Identical(o.Type(), deref(want))
	case *types.Nil:
		return types.AssignableTo(t, want)
	case *types.Func:
		if r := o.Signature().Results(); r.Len() == 1 && sameEnough(r.At(0).Type(), want) {
			return true
		}
	}
	return sameEnough(t, want)
}

// literal reports whether values of a type are mostly written as T{...}.
func literal(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Struct, *types.Map, *types.Slice, *types.Array:
		return true
	}
	return false
}

// sameEnough is assignability, an untyped constant fitting its own kind only:
// a place for a float64 is better filled by another float64.
func sameEnough(t, want types.Type) bool {
	w, ok := want.(*types.Basic)
	if b, untyped := t.(*types.Basic); untyped && b.Info()&types.IsUntyped != 0 {
		return types.AssignableTo(types.Default(t), want) || types.AssignableTo(t, want) && b.Kind() != types.UntypedNil
	}
	if ok && w.Info()&types.IsUntyped != 0 {
		want = types.Default(want)
		if b, isBasic := t.Underlying().(*types.Basic); isBasic && w.Info()&types.IsNumeric != 0 {
			return b.Info()&types.IsNumeric != 0
		}
	}
	return types.AssignableTo(t, want)
}
