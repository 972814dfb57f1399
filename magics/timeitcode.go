package magics

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
)

// codeCautions are warnings about the timed Go itself.
func (o *timeitOptions) codeCautions() []string {
	if b := o.variants[0].bodyInfo; !o.opaque && b.ConstantArguments() {
		return []string{"all arguments of the call are constants, so the compiler may compute it once and for all: put them into variables, or give --opaque"}
	}
	return nil
}

// makesThings finds what Go allocates with in the text of a declaration.
var makesThings = regexp.MustCompile(`\b(make|new|append)\(|&\w+\{|\[\]\w+\{|map\[\w+\]\w+\{`)

// staysOnStack reports whether Go that allocates nothing makes values all the
// same, itself or in the session's functions that it calls: they stay on the stack.
func staysOnStack(ctx context.Context, h Host, text string) bool {
	f, err := parser.ParseFile(token.NewFileSet(), "", bodyHead+text+"\n}", 0)
	if err != nil {
		return false
	}
	found := false
	var called []string
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			switch n.Type.(type) {
			case *ast.ArrayType, *ast.MapType:
				found = true
			}
		case *ast.UnaryExpr:
			if _, ok := n.X.(*ast.CompositeLit); ok && n.Op == token.AND {
				found = true
			}
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok {
				found = found || id.Name == "make" || id.Name == "new"
				called = append(called, id.Name)
			}
		}
		return true
	})
	for _, name := range called {
		if found {
			break
		}
		found = makesThings.MatchString(sourceOf(ctx, h, name))
	}
	return found
}

// sourceOf is what the session knows of a function; "" where it isn't one of its own.
func sourceOf(ctx context.Context, h Host, name string) string {
	for _, known := range mustList(ctx, h) {
		if known.Name == name && known.Kind == "func" {
			if b := h.Describe(ctx, name, 1); b != nil {
				text, _ := b.Data["text/plain"].(string)
				return text
			}
		}
	}
	return ""
}

// mustList is the session's names; none where they can't be had.
func mustList(ctx context.Context, h Host) []Name {
	names, err := h.List(ctx, false)
	if err != nil {
		return nil
	}
	return names
}
