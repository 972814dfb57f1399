package assist

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// candidate is a match with what ranks it.
type candidate struct {
	Match
	class class
	depth int  // of promotion, or of scopes
	fits  bool // it has the type that the place wants
	last  bool // of names that are equally near
}

// class orders matches that are otherwise equal.
type class int

const (
	classMember class = iota // fields, methods, exported names, struct keys, labels
	classLocal
	classSession
	classImport
	classKeyword
	classBuiltin
	classPackage // not imported yet
)

// candidates lists what could stand at the cursor, whatever is typed already.
// prefix is only used to leave out packages where nothing is typed yet.
func (v *view) candidates(prefix string) []candidate {
	switch p := v.parent(0).(type) {
	case *ast.SelectorExpr:
		if p.Sel == v.name {
			return v.members(p.X)
		}
	case *ast.BranchStmt:
		return v.labels(p.Tok)
	case *ast.CompositeLit:
		if p.Type != v.name {
			if keys, only := v.keys(p, v.name); only {
				return keys
			} else if len(keys) > 0 {
				return append(keys, v.names(prefix)...)
			}
		}
	case *ast.KeyValueExpr:
		if lit, ok := v.parent(1).(*ast.CompositeLit); ok && p.Key == v.name {
			if keys, _ := v.keys(lit, p); len(keys) > 0 {
				return keys
			}
		}
	}
	if v.defines() {
		return nil
	}
	return v.names(prefix)
}

// parent returns the node around the cursor's name, or one farther out.
func (v *view) parent(up int) ast.Node {
	if i := len(v.path) - 2 - up; i >= 0 {
		return v.path[i]
	}
	return nil
}

// defines reports whether the name at the cursor is a new one.
func (v *view) defines() bool {
	if x, ok := v.path[0].(*ast.ExprStmt); ok && v.parent(2) == x.X {
		if _, method := x.X.(*ast.FuncType); method {
			return true // func (t T) and a name
		}
	}
	switch p := v.parent(0).(type) {
	case *ast.Field:
		return slices.Contains(p.Names, v.name)
	case *ast.ValueSpec:
		return slices.Contains(p.Names, v.name)
	case *ast.TypeSpec:
		return p.Name == v.name
	case *ast.FuncDecl:
		return p.Name == v.name
	case *ast.ImportSpec:
		return true
	case *ast.LabeledStmt:
		return p.Label == v.name
	}
	return false
}

// keys returns the fields that a struct literal could set. Only they can stand
// at the cursor when the literal has keys already.
func (v *view) keys(lit *ast.CompositeLit, at ast.Expr) (keys []candidate, only bool) {
	t := v.info.Types[lit].Type
	if t == nil {
		return nil, false
	}
	st, ok := deref(t).Underlying().(*types.Struct)
	if !ok {
		return nil, false
	}
	used := map[string]bool{}
	for _, e := range lit.Elts {
		kv, isKey := e.(*ast.KeyValueExpr)
		if e == at {
			continue
		}
		if !isKey {
			return nil, false // values in order
		}
		only = true
		if id, ok := kv.Key.(*ast.Ident); ok {
			used[id.Name] = true
		}
	}
	for f := range st.Fields() {
		if !used[f.Name()] && v.visible(f) {
			keys = append(keys, candidate{Match: Match{f.Name(), KindField, v.typeText(f.Type())}, fits: true})
		}
	}
	return keys, only
}

// deref is what a pointer points to, or the type itself.
func deref(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// labels returns the labels that a statement at the cursor can name: goto those
// of its function, others those of the statements around it.
func (v *view) labels(tok token.Token) []candidate {
	var found []candidate
	take := func(n ast.Node) {
		if l, ok := n.(*ast.LabeledStmt); ok {
			found = append(found, candidate{Match: Match{l.Label.Name, KindLabel, ""}})
		}
	}
	from := 0
	for i, n := range v.path {
		if _, ok := n.(*ast.FuncLit); ok {
			from = i
		}
	}
	if tok != token.GOTO {
		for _, n := range slices.Backward(v.path[from:]) {
			take(n)
		}
		return found
	}
	roots := []ast.Node{v.path[from]}
	if from == 0 && v.items[v.at].Stmt != nil { // the cell's statements are one function
		roots = nil
		for _, it := range v.items {
			roots = append(roots, itemNodes(it)...)
		}
	}
	for _, root := range roots {
		ast.Inspect(root, func(n ast.Node) bool {
			take(n)
			_, inner := n.(*ast.FuncLit)
			return !inner || n == root
		})
	}
	return found
}

// wantsType reports whether only a type can stand at the cursor.
func (v *view) wantsType() bool {
	var child ast.Node = v.name
	for up := 0; ; up++ {
		p := v.parent(up)
		switch p := p.(type) {
		case *ast.Field, *ast.ArrayType, *ast.MapType, *ast.ChanType, *ast.Ellipsis:
			if a, ok := p.(*ast.ArrayType); ok && a.Len == child {
				return false
			}
			return true
		case *ast.ValueSpec:
			return p.Type == child
		case *ast.TypeSpec:
			return p.Type == child
		case *ast.TypeAssertExpr:
			return p.Type == child
		case *ast.CompositeLit:
			return p.Type == child
		case *ast.CaseClause:
			_, ok := v.parent(up + 2).(*ast.TypeSwitchStmt)
			return ok
		case *ast.CallExpr:
			if id, ok := p.Fun.(*ast.Ident); ok && len(p.Args) > 0 && p.Args[0] == child {
				b, builtin := v.info.Uses[id].(*types.Builtin)
				return builtin && b.Name() == "make"
			}
			return false
		case *ast.StarExpr, *ast.SelectorExpr, *ast.IndexExpr:
			// *T, pkg.T and G[T] want what stands there
			if ix, ok := p.(*ast.IndexExpr); ok && ix.Index == child {
				tv := v.info.Types[ix.X]
				return tv.IsType() || isGenericFunc(tv.Type)
			}
			child = p
			continue
		}
		return false
	}
}

func isGenericFunc(t types.Type) bool {
	sig, ok := t.(*types.Signature)
	return ok && sig.TypeParams().Len() > 0
}

// afterBlock offers else behind a closing brace, where no name can stand.
func afterBlock(src string, at spot) []candidate {
	n := len(at.before)
	if n == 0 || at.before[n-1].tok != token.RBRACE || strings.Contains(src[at.before[n-1].end:at.start], "\n") {
		return nil
	}
	return []candidate{{Match: Match{"else", KindKeyword, ""}, class: classKeyword}}
}

// keywords returns the keywords that could stand at the cursor.
func (v *view) keywords() []candidate {
	words := "func map chan struct interface"
	switch p := v.parent(0).(type) {
	case *ast.ExprStmt:
		words = "break const continue defer fallthrough for func go goto if return select switch type var"
		if len(v.path) <= 2 {
			words = "const defer for func go if import select switch type var"
		}
		switch v.parent(1).(type) {
		case *ast.CaseClause, *ast.CommClause:
			words += " case default"
		case *ast.BlockStmt:
			switch v.parent(2).(type) {
			case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				words = "case default"
			}
		}
	case *ast.AssignStmt:
		if f, ok := v.parent(1).(*ast.ForStmt); ok && f.Init == p {
			words += " range"
		}
	case *ast.ForStmt:
		words += " range"
	case *ast.TypeAssertExpr:
		words += " type"
	}
	var found []candidate
	for _, w := range strings.Fields(words) {
		found = append(found, candidate{Match: Match{w, KindKeyword, ""}, class: classKeyword})
	}
	return found
}
