package assist

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"hpgo/kernel/cell"
)

// names lists the names that are in scope at the cursor, packages that could be
// imported, and keywords.
func (v *view) names(prefix string) []candidate {
	wantsType := v.wantsType()
	want, overs, receives := v.expected(), v.wantsRange(), v.wantsChannel()
	inner := v.innermost()
	seen := map[string]bool{"_": true, v.entry.Name.Name: true, "iota": !v.inConst()}
	var found []candidate
	depth := 0
	for s := inner; s != nil; s = s.Parent() {
		for _, n := range s.Names() {
			if seen[n] || strings.HasPrefix(n, "hpgo__") {
				continue
			}
			_, obj := inner.LookupParent(n, v.name.Pos())
			if c, ok := obj.(*types.Const); obj == nil || ok && c.Type() == types.Typ[types.Invalid] {
				continue // the second is being declared
			}
			seen[n] = true
			if wantsType && !namesType(obj) {
				continue
			}
			c := v.candidate(obj, want)
			if _, ok := obj.(*types.Builtin); ok {
				c.Signature = v.builtinSignature(n)
			}
			c.fits = c.fits || overs && rangeable(obj) || receives && receivable(obj)
			c.class, c.depth = v.classOf(obj), depth
			_, isType := obj.(*types.TypeName)
			c.last = c.last || isType && !wantsType
			found = append(found, c)
		}
		depth++
	}
	if prefix != "" {
		found = append(found, v.packages(prefix, seen)...)
	}
	return append(found, v.keywords()...)
}

// inConst reports whether the cursor is in a constant's declaration, where iota
// has a value.
func (v *view) inConst() bool {
	return slices.ContainsFunc(v.path, func(n ast.Node) bool {
		gen, ok := n.(*ast.GenDecl)
		return ok && gen.Tok == token.CONST
	})
}

// builtinSignature is how a built-in function is documented.
func (v *view) builtinSignature(name string) string {
	docs := v.assistant.docsOf(v.ctx, v.q.Library, "builtin")
	if docs == nil {
		return ""
	}
	return strings.TrimPrefix(docs.decls[name].code, "func "+name)
}

// namesType reports whether an object is a type or can lead to one.
func namesType(obj types.Object) bool {
	switch obj.(type) {
	case *types.TypeName, *types.PkgName:
		return true
	}
	return false
}

// classOf tells where a name in scope comes from.
func (v *view) classOf(obj types.Object) class {
	switch {
	case obj.Parent() == types.Universe:
		return classBuiltin
	case obj.Pkg() == nil:
		return classBuiltin
	}
	if _, ok := obj.(*types.PkgName); ok {
		return classImport
	}
	if obj.Parent() == v.pkg.Scope() || v.session != nil && obj.Parent() == v.session.Scope() {
		return classSession
	}
	if obj.Pkg().Path() != cell.PackagePath {
		return classImport // through a dot import
	}
	return classLocal
}

// packages returns the packages that need no import declaration and begin with
// the prefix.
func (v *view) packages(prefix string, seen map[string]bool) []candidate {
	var found []candidate
	for _, n := range v.q.Library.Names() {
		if seen[n] || matches(n, prefix) == noMatch {
			continue
		}
		if paths := v.q.Library.Candidates(n); len(paths) > 0 {
			found = append(found, candidate{Match: Match{n, KindPackage, paths[0]}, class: classPackage})
		}
	}
	return found
}

// candidate describes an object as a match.
func (v *view) candidate(obj types.Object, want types.Type) candidate {
	c := candidate{Match: Match{Text: obj.Name(), Kind: kindOf(obj), Signature: v.signature(obj)}}
	c.fits = want != nil && fits(obj, want)
	switch obj.(type) {
	case *types.Const:
		c.fits = c.fits || v.inConst()
	case *types.Func:
		c.last = c.fits && !sameEnough(obj.Type(), want) // a call would fit
	}
	return c
}

// kindOf is the kind of match that an object is.
func kindOf(obj types.Object) string {
	switch o := obj.(type) {
	case *types.Var:
		if o.IsField() {
			return KindField
		}
	case *types.Const, *types.Nil:
		return KindConstant
	case *types.Func:
		if o.Signature().Recv() != nil {
			return KindMethod
		}
		return KindFunction
	case *types.Builtin:
		return KindFunction
	case *types.TypeName:
		return KindType
	case *types.PkgName:
		return KindPackage
	}
	return KindVariable
}

// signature says in one line what an object is.
func (v *view) signature(obj types.Object) string {
	switch o := obj.(type) {
	case *types.Func:
		return strings.TrimPrefix(v.typeText(o.Type()), "func")
	case *types.Const:
		if _, long := o.Type().Underlying().(*types.Basic); !long || o.Val() == nil {
			return v.typeText(o.Type())
		}
		return v.typeText(o.Type()) + " = " + o.Val().String()
	case *types.TypeName:
		if o.Parent() == types.Universe {
			return ""
		}
		if p, ok := o.Type().(*types.TypeParam); ok && p.Constraint() != types.Typ[types.Invalid] {
			return v.typeText(p.Constraint())
		}
		return typeForm(o.Type())
	case *types.PkgName:
		return o.Imported().Path()
	case *types.Builtin, *types.Nil:
		return ""
	}
	return v.typeText(obj.Type())
}

// typeForm is the form of a type in one or two words.
func typeForm(t types.Type) string {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		return "struct"
	case *types.Interface:
		return "interface"
	case *types.Map:
		return "map"
	case *types.Slice:
		return "slice"
	case *types.Array:
		return "array"
	case *types.Signature:
		return "func"
	case *types.Chan:
		return "chan"
	case *types.Pointer:
		return "pointer"
	case *types.Basic:
		return u.Name()
	}
	return ""
}

// typeText writes a type as the user would: names of the session bare, others
// with the name of their package.
func (v *view) typeText(t types.Type) string {
	if t == types.Typ[types.Invalid] {
		return ""
	}
	return cell.PlainName(types.TypeString(t, qualifier))
}

func qualifier(p *types.Package) string {
	if p.Path() == cell.PackagePath {
		return ""
	}
	return p.Name()
}
