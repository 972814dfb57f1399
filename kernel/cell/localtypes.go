package cell

import (
	"fmt"
	"go/ast"
	"go/types"
	"hash/fnv"
	"strings"
)

// Types declared inside functions have linker names made of their name and a
// number that counts the local types of the package. The number shifts when
// other code changes, so that two different types would meet under one name, and
// the loader would bind the later to the descriptor of the earlier. A local type
// therefore gets a version mark with a hash of the declaration around it: equal
// names then mean equal definitions.

// localTypeEdits renames the local types below a declaration or statement.
func (r *rewriter) localTypeEdits(ch checked, root ast.Node, src *Source) []edit {
	if !declaresTypes(root) {
		return nil
	}
	var b strings.Builder
	r.describe(&b, ch, root, func(t *Decl) string { return t.layout })
	h := fnv.New64a()
	h.Write([]byte(b.String()))
	mark := fmt.Sprintf("%s%d", versionMark, h.Sum64())
	var edits []edit
	ast.Inspect(root, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		obj := ch.info.Uses[id]
		if obj == nil {
			obj = ch.info.Defs[id]
		}
		if namesLocalType(ch.pkg, obj) {
			off := int(id.Pos()) - src.file.Base()
			edits = append(edits, edit{off: off, end: off + len(id.Name), text: id.Name + mark})
		}
		return true
	})
	return edits
}

// declaresTypes reports whether there is a type declaration inside a function.
func declaresTypes(root ast.Node) bool {
	found := false
	ast.Inspect(root, func(n ast.Node) bool {
		if ds, ok := n.(*ast.DeclStmt); ok {
			if gen, ok := ds.Decl.(*ast.GenDecl); ok {
				for _, spec := range gen.Specs {
					_, isType := spec.(*ast.TypeSpec)
					found = found || isType
				}
			}
		}
		return !found
	})
	return found
}

// namesLocalType reports whether an object is a type declared inside a function
// or a field that is named by embedding one.
func namesLocalType(pkg *types.Package, obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.TypeName:
		if obj.Pkg() != pkg || obj.Parent() == nil || obj.Parent() == pkg.Scope() {
			return false
		}
		_, param := obj.Type().(*types.TypeParam)
		return !param
	case *types.Var:
		if !obj.IsField() || !obj.Embedded() {
			return false
		}
		t := types.Unalias(obj.Type())
		if p, ok := t.(*types.Pointer); ok {
			t = types.Unalias(p.Elem())
		}
		named, ok := t.(*types.Named)
		return ok && namesLocalType(pkg, named.Obj())
	}
	return false
}
