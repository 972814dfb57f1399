package session

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/magic"
)

// funcWord is a name, or a type in parentheses.
const funcWord = `(?:[\pL_][\pL\pN_]*|\(\s*\*?\s*[\pL_][\pL\pN_]*\s*\))`

// funcExpr is how functions are named: a directory, a package or type or variable,
// a type in parentheses or without, the name.
var funcExpr = regexp.MustCompile(strings.ReplaceAll(`^((?:[\w.~-]+/)*)(WORD(?:\.WORD){0,2})$`, "WORD", funcWord))

// Function implements magic.Sources.
func (d *dispatcher) Function(ctx context.Context, expr string) (magic.Function, error) {
	m := funcExpr.FindStringSubmatch(withoutTypeArguments(strings.TrimSpace(expr)))
	if m == nil {
		return magic.Function{}, fmt.Errorf("%q names no function: write f, T.m, (*T).m, math.Hypot or gonum/mat.(*Dense).Mul", expr)
	}
	parts := strings.Split(m[2], ".")
	for i, p := range parts {
		parts[i] = strings.Trim(p, "()* ")
	}
	d.mu.Lock()
	scope := d.scope
	d.mu.Unlock()
	if m[1] == "" {
		if f, ok := scope.Function(strings.Join(sessionParts(scope, parts), ".")); ok {
			return ofSession(f), nil
		}
		if v, ok := scope.Lookup(parts[0]); ok && v.Kind == cell.KindVar && len(parts) == 1 {
			return magic.Function{}, fmt.Errorf("%s is a variable: name a function, such as the one in which its value was made", expr)
		}
		if len(parts) == 1 || isDeclared(scope, parts[0]) {
			return magic.Function{}, fmt.Errorf("the session has no function %s%s", expr, near(strings.Join(parts, "."), names(d.sessionFunctions())))
		}
	}
	path, err := d.packagePath(scope, m[1], parts[0])
	if err != nil {
		return magic.Function{}, err
	}
	all, err := d.Functions(ctx, path)
	if err != nil {
		return magic.Function{}, err
	}
	want := strings.Join(parts, ".")
	for _, f := range all {
		if strings.NewReplacer("(*", "", ")", "").Replace(f.Name) == want {
			return f, nil
		}
	}
	return magic.Function{}, fmt.Errorf("package %s has no function %s%s", path, strings.Join(parts[1:], "."), near(want, names(all)))
}

// withoutTypeArguments leaves out what stands in brackets behind names, which may
// have brackets in it; without pairs of these nothing is left out.
func withoutTypeArguments(expr string) string {
	var b strings.Builder
	depth := 0
	for _, r := range expr {
		switch {
		case r == '[' && b.Len() > 0:
			depth++
		case r == ']' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	if depth > 0 {
		return expr
	}
	return b.String()
}

// sessionParts puts the type of a variable in its place.
func sessionParts(scope *cell.Scope, parts []string) []string {
	if v, ok := scope.Lookup(parts[0]); ok && v.Kind == cell.KindVar && len(parts) == 2 {
		t, _, _ := strings.Cut(strings.TrimLeft(cell.PlainName(v.Type), "*"), "[")
		return []string{t, parts[1]}
	}
	return parts
}

func isDeclared(scope *cell.Scope, name string) bool {
	_, ok := scope.Lookup(name)
	return ok
}

// sessionFunctions returns the functions of the session.
func (d *dispatcher) sessionFunctions() []magic.Function {
	d.mu.Lock()
	scope := d.scope
	d.mu.Unlock()
	var all []magic.Function
	for _, f := range scope.Functions() {
		all = append(all, ofSession(f))
	}
	return all
}

func ofSession(f cell.Function) magic.Function {
	return magic.Function{Key: f.Key, Name: f.Name, Cell: f.Cell, File: fmt.Sprintf("cell %d", f.Cell), First: f.First, Lines: f.Lines}
}

// packagePath finds the import path that a name stands for, or the end of a path.
func (d *dispatcher) packagePath(scope *cell.Scope, dir, name string) (string, error) {
	d.mu.Lock()
	library, mod := d.library, d.mod
	d.mu.Unlock()
	if dir == "" {
		for _, im := range scope.Imports() {
			if im.Name == name {
				return im.Path, nil
			}
		}
		if paths := library.Candidates(name); len(paths) > 0 {
			return paths[0], nil
		}
		return "", fmt.Errorf("there is no package, type or variable %s%s", name, near(name, library.Names()))
	}
	path := dir + name
	if _, ok := library.Dir(path); ok {
		return path, nil
	}
	paths := library.Candidates(name)
	for _, e := range mod.Exports() {
		paths = append(paths, e.Path)
	}
	for _, p := range paths {
		if strings.HasSuffix(p, "/"+path) {
			return p, nil
		}
	}
	return "", fmt.Errorf("there is no package %s in the session's modules or the standard library", path)
}

// Functions implements magic.Sources.
func (d *dispatcher) Functions(_ context.Context, path string) ([]magic.Function, error) {
	if path == "" {
		return d.sessionFunctions(), nil
	}
	files, known, err := d.sourceFiles(path)
	switch {
	case err != nil:
		return nil, err
	case !known:
		return nil, fmt.Errorf("there is no package %s in the session's modules or the standard library", path)
	}
	var all []magic.Function
	for _, file := range files {
		fs, err := functionsIn(path, file)
		if err != nil {
			return nil, err
		}
		all = append(all, fs...)
	}
	if len(all) == 0 {
		return nil, errors.New("package " + path + " has no functions")
	}
	return all, nil
}

// sourceFiles returns the paths of a package's files; known: there is such a package.
func (s *Session) sourceFiles(path string) (files []string, known bool, err error) {
	s.mu.Lock()
	library := s.library
	s.mu.Unlock()
	dir, ok := library.Dir(path)
	if !ok {
		return nil, false, nil
	}
	names, err := library.SourceFiles(dir)
	if err != nil {
		return nil, true, fmt.Errorf("read the source of %s: %w", path, err)
	}
	for _, name := range names {
		files = append(files, filepath.Join(dir, filepath.Base(name)))
	}
	return files, true, nil
}

// functionsIn reads the functions of a file.
func functionsIn(path, file string) ([]magic.Function, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the source of %s: %w", path, err)
	}
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, file, data, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return nil, fmt.Errorf("read the source of %s: %w", path, err)
	}
	lines := strings.Split(string(data), "\n")
	var all []magic.Function
	for _, decl := range parsed.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		f := magic.Function{Key: fn.Name.Name, Name: parsed.Name.Name + "." + fn.Name.Name, Package: path, File: file, First: fset.Position(fn.Pos()).Line}
		if t := cell.ReceiverName(fn); t != "" {
			if _, ptr := ast.Unparen(fn.Recv.List[0].Type).(*ast.StarExpr); ptr {
				t = "(*" + t + ")"
			}
			f.Key = cell.ReceiverName(fn) + "." + fn.Name.Name
			f.Name = parsed.Name.Name + "." + t + "." + fn.Name.Name
		}
		if fn.Body == nil {
			f.NoGo = "it has no Go code: it is written in assembly, or the linker puts another function in its place"
		}
		if slices.Contains(intrinsics[path], strings.TrimRight(f.Key, "0123456789")) {
			f.NoGo = "the compiler puts an instruction in the place of its calls"
		}
		f.Lines = lines[f.First-1 : fset.Position(fn.End()).Line]
		all = append(all, f)
	}
	return all, nil
}

// intrinsics are the functions that the compiler replaces (cmd/compile/internal/ssagen,
// intrinsics.go, amd64), without the sizes at the end of their names.
var intrinsics = map[string][]string{
	"math":      {"Abs", "Ceil", "Copysign", "FMA", "Floor", "RoundToEven", "Sqrt", "Trunc"},
	"math/bits": {"Add", "Div", "LeadingZeros", "Len", "Mul", "OnesCount", "ReverseBytes", "RotateLeft", "Sub", "TrailingZeros"},
}

func names(all []magic.Function) []string {
	var out []string
	for _, f := range all {
		out = append(out, f.Name)
	}
	return out
}

// near is the end of a message that names what is like a name.
func near(name string, names []string) string {
	plain := strings.NewReplacer("(*", "", ")", "")
	last := name[strings.LastIndexByte(name, '.')+1:]
	var like []string
	for _, n := range names {
		p := plain.Replace(n)
		own := p[strings.LastIndexByte(p, '.')+1:]
		if strings.EqualFold(own, last) || magic.Nearest(name, []string{p}) != "" || magic.Nearest(last, []string{own}) != "" {
			like = append(like, n)
		}
	}
	slices.Sort(like)
	like = slices.Compact(like)
	switch {
	case len(like) > 5:
		return "; near it are " + strings.Join(like[:5], ", ") + ", ..."
	case len(like) > 1:
		return "; near it are " + strings.Join(like, ", ")
	case len(like) == 1:
		return "; did you mean " + like[0] + "?"
	case len(names) > 0 && len(names) <= 12:
		return "; it has " + strings.Join(names, ", ")
	}
	return ""
}
