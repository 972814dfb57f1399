package compiler

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/magic"
)

// target is a function to look at.
type target struct {
	magic.Function
	expr string        // as the user wrote it
	args string        // type arguments, "[int]"
	decl *ast.FuncDecl // nil: it didn't parse
}

// find finds the functions that expressions name.
func find(ctx context.Context, h magic.Host, m *magic.Magic, exprs []string) ([]target, error) {
	var all []target
	for _, expr := range exprs {
		f, err := h.Function(ctx, expr)
		if err != nil {
			return nil, &magic.UsageError{Problem: fmt.Sprintf("%s: %v", m.Title(), err)}
		}
		all = append(all, target{Function: f, expr: strings.TrimSpace(expr), args: instance.FindString(expr), decl: declaration(f)})
	}
	return all, nil
}

// declaration parses the function's source.
func declaration(f magic.Function) *ast.FuncDecl {
	file, _ := parser.ParseFile(token.NewFileSet(), "", "package p\n"+strings.Join(f.Lines, "\n"), parser.SkipObjectResolution)
	if file == nil || len(file.Decls) == 0 {
		return nil
	}
	d, _ := file.Decls[0].(*ast.FuncDecl)
	return d
}

// generic reports whether the function has type parameters, its receiver's included.
func (t target) generic() bool {
	if t.decl == nil {
		return false
	}
	if t.decl.Type.TypeParams != nil {
		return true
	}
	if t.decl.Recv == nil || len(t.decl.Recv.List) == 0 {
		return false
	}
	x := ast.Unparen(t.decl.Recv.List[0].Type)
	if star, ok := x.(*ast.StarExpr); ok {
		x = ast.Unparen(star.X)
	}
	switch x.(type) {
	case *ast.IndexExpr, *ast.IndexListExpr:
		return true
	}
	return false
}

// own is the function's name in its package.
func (t target) own() string {
	if t.Package == "" {
		return t.Name
	}
	_, own, _ := strings.Cut(t.Name, ".")
	return own
}

// reachable reports whether cells may refer to the function.
func (t target) reachable() bool {
	if t.Package == "" {
		return true
	}
	for _, part := range strings.Split(strings.Trim(t.own(), "(*)"), ".") {
		if !ast.IsExported(strings.Trim(part, "(*)")) {
			return false
		}
	}
	return !slices.Contains(strings.Split(t.Package, "/"), "internal")
}

// value is Go whose value is the function, its package imported as alias.
func (t target) value(alias string) string {
	args := t.args
	name := t.own()
	switch recv, method, isMethod := cutMethod(name); {
	case isMethod && t.Package != "":
		name = strings.Replace(recv, strings.Trim(recv, "(*)"), alias+"."+strings.Trim(recv, "(*)")+args, 1) + "." + method
	case isMethod:
		name = strings.Replace(recv, strings.Trim(recv, "(*)"), strings.Trim(recv, "(*)")+args, 1) + "." + method
	case t.Package != "":
		name = alias + "." + name + args
	default:
		name += args
	}
	return name
}

// cutMethod splits "(*T).m".
func cutMethod(name string) (recv, method string, ok bool) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return "", name, false
	}
	return name[:i], name[i+1:], true
}

// symbol is the function's name in machine code, without type arguments.
func (t target) symbol() string {
	if t.Package == "" {
		return "main." + t.own()
	}
	return linkPath(t.Package) + "." + t.own()
}

// linkPath is an import path as the linker writes it: dots behind the last slash
// would be taken for the end of the path.
func linkPath(path string) string {
	i := strings.LastIndexByte(path, '/') + 1
	return path[:i] + strings.ReplaceAll(path[i:], ".", "%2e")
}

// readable is a linker's name as a reader of Go knows it: cells are package main.
func readable(name string) string {
	return cell.PlainName(strings.ReplaceAll(name, cell.PackagePath+".", "main."))
}

// withoutInstances is a linker's name without type arguments, which may be nested.
func withoutInstances(name string) string {
	if !strings.Contains(name, "[") {
		return name
	}
	var b strings.Builder
	depth := 0
	for _, r := range name {
		switch r {
		case '[':
			depth++
		case ']':
			depth--
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// keeping is a program in which functions are values that the compiler can't do
// without, so that the linker keeps them. It is compiled only, never run. Functions
// that can't be referred to are left to what else is there.
func keeping(targets []target) magic.Program {
	p := magic.Program{Imports: map[string]string{"hpgo__runtime": "runtime"}}
	text := "hpgo__runtime.Gosched()\n"
	for i, t := range targets {
		if !t.reachable() || t.open() {
			continue
		}
		alias := fmt.Sprintf("hpgo__p%d", i)
		if t.Package != "" {
			p.Imports[alias] = t.Package
		}
		text += fmt.Sprintf("hpgo__runtime.SetFinalizer(nil, %s)\n", t.value(alias))
	}
	p.Pieces = []magic.Piece{magic.Ours(text)}
	return p
}
