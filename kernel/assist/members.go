package assist

import (
	"go/ast"
	"go/types"

	"hpgo/kernel/cell"
)

// members lists what can stand behind `x.`: the exported names of a package, the
// fields and methods of a value, the methods of a type.
func (v *view) members(x ast.Expr) []candidate {
	want := v.expected()
	if id, ok := x.(*ast.Ident); ok {
		if pn, ok := v.info.Uses[id].(*types.PkgName); ok {
			return v.packageMembers(id.Name, pn.Imported(), want)
		}
	}
	tv := v.info.Types[x]
	switch {
	case tv.Type == nil || tv.IsVoid() || tv.IsBuiltin() || tv.IsNil() || tv.Type == types.Typ[types.Invalid]:
		return nil
	case tv.IsType():
		return v.methods(tv.Type, false, want)
	}
	return append(v.fields(tv.Type, want), v.methods(tv.Type, tv.Addressable(), want)...)
}

// packageMembers lists the exported names of a package. A name that was found
// for the text alone can mean several packages: the one that has the name which
// the user chooses is imported.
func (v *view) packageMembers(name string, p *types.Package, want types.Type) []candidate {
	packages := []*types.Package{p}
	for _, im := range v.autos[name] {
		if other, err := v.im.Import(im.Path); err == nil && im.Path != p.Path() && len(v.autos) > 0 {
			packages = append(packages, other)
		}
	}
	wantsType := v.wantsType()
	seen := map[string]bool{}
	var found []candidate
	for i, p := range packages {
		for _, n := range p.Scope().Names() {
			obj := p.Scope().Lookup(n)
			if _, isType := obj.(*types.TypeName); !obj.Exported() || seen[n] || wantsType && !isType {
				continue
			}
			seen[n] = true
			c := v.candidate(obj, want)
			c.depth = i
			found = append(found, c)
		}
	}
	return found
}

// fields lists the fields of a struct or of a pointer to one, those of embedded
// structs included.
func (v *view) fields(t types.Type, want types.Type) []candidate {
	var found []candidate
	seen := map[types.Type]bool{}
	level := []types.Type{t}
	for depth := 0; len(level) > 0 && depth < 16; depth++ {
		var next []types.Type
		for _, u := range level {
			st, ok := deref(u).Underlying().(*types.Struct)
			if !ok || seen[deref(u)] {
				continue
			}
			seen[deref(u)] = true
			for f := range st.Fields() {
				if f.Embedded() {
					next = append(next, f.Type())
				}
				// A name that stands twice at one depth, or is hidden by one
				// above it, means something else or nothing.
				if obj, _, _ := types.LookupFieldOrMethod(t, true, v.pkg, f.Name()); obj == f && v.visible(f) {
					c := v.candidate(f, want)
					c.depth = depth
					found = append(found, c)
				}
			}
		}
		level = next
	}
	return found
}

// methods lists the methods of a type; of an addressable variable also those of
// its pointer.
func (v *view) methods(t types.Type, addressable bool, want types.Type) []candidate {
	set := types.NewMethodSet(t)
	if _, isInterface := t.Underlying().(*types.Interface); addressable && !isInterface {
		if _, isPointer := t.(*types.Pointer); !isPointer {
			set = types.NewMethodSet(types.NewPointer(t))
		}
	}
	var found []candidate
	for sel := range set.Methods() {
		if obj := sel.Obj(); v.visible(obj) {
			c := v.candidate(obj, want)
			c.Signature = v.signature(obj)
			c.depth = len(sel.Index()) - 1
			found = append(found, c)
		}
	}
	return found
}

// visible reports whether a field or method can be named in the session.
func (v *view) visible(obj types.Object) bool {
	return obj.Exported() || obj.Pkg() != nil && obj.Pkg().Path() == cell.PackagePath
}
