package compiler

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"hpgo/magics/assembly"
	"hpgo/magics/magic"
	"hpgo/magics/result"
)

// The compiler speaks of instances of generic functions only, and machine code has
// nothing else. Those that the session's own functions use are known from its remarks.

// instance is type arguments in the name of a function.
var instance = regexp.MustCompile(`\[.*\]`)

// instances are the type arguments with which remarks know a generic function, those
// that can be written in Go.
func instances(t target, remarks []result.Remark) []string {
	var all []string
	for _, r := range remarks {
		if r.Kind != result.RemarkCanInline && r.Kind != result.RemarkCannotInline || r.File != t.File || r.Line != t.First || withoutInstances(r.Func) != t.own() {
			continue
		}
		args := instance.FindString(r.Func)
		if x, err := parser.ParseExpr("f" + args); err != nil || !isInstance(x) || slices.Contains(all, args) {
			continue
		}
		all = append(all, args)
	}
	slices.Sort(all)
	return all
}

// joined puts words together that are one name: those of type arguments with spaces
// between them.
func joined(words []string) []string {
	var out []string
	depth := 0
	for _, w := range words {
		if depth > 0 {
			out[len(out)-1] += w
		} else {
			out = append(out, w)
		}
		depth = max(0, depth+strings.Count(w, "[")-strings.Count(w, "]"))
	}
	return out
}

func isInstance(x ast.Expr) bool {
	switch x.(type) {
	case *ast.IndexExpr, *ast.IndexListExpr:
		return true
	}
	return false
}

// open reports whether the function is generic and the user named no instance.
func (t target) open() bool { return t.generic() && t.args == "" }

// isInstance reports whether code has the type arguments that were asked for, or is
// of the shape that they have in the compiler's eyes.
func (t target) isInstance(s assembly.Symbol) bool {
	plain := strings.NewReplacer("go.shape.", "", "main.", "", " ", "").Replace
	return plain(instance.FindString(s.Name)) == plain(t.args)
}

// named is the function with type arguments as the user writes it.
func (t target) named(args string) string {
	name := t.Name
	recv, method, isMethod := cutMethod(t.own())
	if !isMethod {
		return name + args
	}
	pkg := strings.TrimSuffix(name, t.own())
	if star, ok := strings.CutSuffix(recv, ")"); ok {
		return pkg + star + args + ")." + method
	}
	return pkg + recv + args + "." + method
}

// oneInstance gives a generic function without type arguments those of the only
// instance that the session's functions use. The error names the instances to choose from.
func oneInstance(ctx context.Context, h magic.Host, m *magic.Magic, t target) (target, error) {
	if !t.open() {
		return t, nil
	}
	var known []string
	if t.Package == "" {
		e, err := explain(ctx, h, nil)
		if err != nil {
			return t, err
		}
		defer e.close()
		known = instances(t, e.remarks)
	}
	switch len(known) {
	case 0:
		return t, m.Usagef("%s: %s is generic: name an instance, such as %s", m.Title(), t.Name, t.named(t.example()))
	case 1:
		t.args = known[0]
		return t, nil
	}
	for i, args := range known {
		known[i] = t.named(args)
	}
	return t, m.Usagef("%s: %s is generic: name one of the instances that the session's functions use, %s, or another", m.Title(), t.Name, strings.Join(known, ", "))
}

// firstInstances gives generic functions the first of the instances that remarks know,
// and says so.
func firstInstances(targets []target, remarks []result.Remark) (notes []string) {
	for i := range targets {
		t := &targets[i]
		if !t.open() {
			continue
		}
		if known := instances(*t, remarks); len(known) > 0 {
			t.args = known[0]
			note := fmt.Sprintf("the machine code of %s is that of `%s`", t.Name, t.named(known[0]))
			if len(known) > 1 {
				note += fmt.Sprintf(", one of %d instances that are used; remarks are of all", len(known))
			}
			notes = append(notes, note)
		}
	}
	return notes
}

// example is type arguments that the function takes, as far as its declaration tells.
func (t target) example() string {
	if t.decl == nil {
		return "[int]"
	}
	if t.decl.Type.TypeParams == nil { // of a method: as many as its receiver has
		args := strings.Split(instance.FindString(types.ExprString(t.decl.Recv.List[0].Type)), ",")
		return "[" + strings.Repeat("int,", len(args)-1) + "int]"
	}
	chosen := map[string]string{}
	for _, f := range t.decl.Type.TypeParams.List {
		for _, name := range f.Names {
			chosen[name.Name] = "int"
		}
	}
	var args []string
	for _, f := range t.decl.Type.TypeParams.List {
		for range f.Names {
			args = append(args, allowed(f.Type, chosen))
		}
	}
	return "[" + strings.Join(args, ",") + "]"
}

// allowed is a type that a constraint allows, if it is written out; int else.
func allowed(constraint ast.Expr, chosen map[string]string) string {
	switch x := ast.Unparen(constraint).(type) {
	case *ast.BinaryExpr:
		return allowed(x.X, chosen)
	case *ast.UnaryExpr:
		return regexp.MustCompile(`\pL[\pL\pN_]*`).ReplaceAllStringFunc(types.ExprString(x.X), func(name string) string {
			if arg, ok := chosen[name]; ok {
				return arg
			}
			return name
		})
	}
	return "int"
}
