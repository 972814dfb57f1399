package timing

import (
	"context"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/magic"
)

// codeCautions are warnings about the timed Go itself.
func (o *timeitOptions) codeCautions(onStack bool) []string {
	var out []string
	if !o.opaque && o.variants[0].constant {
		out = append(out, "all arguments of the call are constants, so the compiler may compute it once and for all: put them into variables, or give --opaque")
	}
	if onStack && !o.escape {
		out = append(out, "what this makes stays on the stack, because nothing keeps it: --escape puts it on the heap, as code that stores it does")
	}
	if text := o.variants[0].Text(); loopAssigns(text) {
		out = append(out, loopStores)
	}
	return out
}

// loopStores is what testing.B.Loop does to loops that stand in the timed Go
// itself: it keeps all variables alive that are assigned there.
const loopStores = "a loop in the timed code itself stores what it assigns in every turn, as in any benchmark over testing.B.Loop, which keeps variables alive; in a function it wouldn't"

// onlyConstants reports whether Go is one call with arguments, which are all
// literals, whose results are dropped or given to variables. What is called is
// constant, too: no variable, and no method of one.
func onlyConstants(text string, variables []string) bool {
	list, _, err := cell.Statements(text)
	if err != nil || len(list) != 1 {
		return false
	}
	var x ast.Expr
	switch s := list[0].(type) {
	case *ast.ExprStmt:
		x = s.X
	case *ast.AssignStmt:
		if len(s.Rhs) == 1 {
			x = s.Rhs[0]
		}
	}
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return false
	}
	called := call.Fun
	for sel, ok := called.(*ast.SelectorExpr); ok; sel, ok = called.(*ast.SelectorExpr) {
		called = sel.X
	}
	if id, ok := called.(*ast.Ident); ok && (types.Universe.Lookup(id.Name) != nil || slices.Contains(variables, id.Name)) {
		return false // make([]int, 5) is what it is
	}
	return !slices.ContainsFunc(call.Args, func(x ast.Expr) bool { return !isLiteral(x) })
}

// notEscaping is what the compiler says with -m of values that it puts on the
// stack, inlined ones at the place of the call: cell, line, and what makes them.
var notEscaping = regexp.MustCompile(`(?m)^cell (\d+):(\d+):\d+: (?:make\(|new\(|&|\[\]|map\[|func literal|string\().* does not escape$`)

// staysOnStack reports whether Go that allocates nothing makes values all the
// same: they stay on the stack. messages are the compiler's; without them the text
// is looked at.
func (o *timeitOptions) staysOnStack(ctx context.Context, h magic.Host, messages string) bool {
	body := o.variants[0].Body
	if messages == "" {
		return makesValues(ctx, h, body.Text)
	}
	n, _ := h.At()
	first := 1 + strings.Count(h.CellText()[:body.At], "\n")
	last := first + strings.Count(strings.TrimRight(body.Text, "\n"), "\n")
	for _, m := range notEscaping.FindAllStringSubmatch(messages, -1) {
		line, err := strconv.Atoi(m[2])
		if err == nil && m[1] == strconv.Itoa(n) && first <= line && line <= last {
			return true
		}
	}
	return false
}

// makesThings finds what Go allocates with in the text of a declaration.
var makesThings = regexp.MustCompile(`\b(make|new|append)\(|&\w+\{|\[\]\w+\{|map\[\w+\]\w+\{`)

// makesValues reports whether Go, or a function of the session that it calls,
// has something in it that makes a value.
func makesValues(ctx context.Context, h magic.Host, text string) bool {
	list, _, err := cell.Statements(text)
	if err != nil {
		return false
	}
	found := false
	var called []string
	ast.Inspect(&ast.BlockStmt{List: list}, func(n ast.Node) bool {
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
func sourceOf(ctx context.Context, h magic.Host, name string) string {
	names, err := h.List(ctx, false)
	if err != nil {
		return "" // what is said of the stack can wait
	}
	for _, known := range names {
		if known.Name == name && known.Kind == "func" {
			if b := h.Describe(ctx, name, 1); b != nil {
				text, _ := b.Data["text/plain"].(string)
				return text
			}
		}
	}
	return ""
}

// isLive reports whether the timed Go runs in the session's worker.
func (o *timeitOptions) isLive(ctx context.Context, h magic.Host) bool {
	s := h.Status(ctx)
	return !o.fresh && s.KeepsState && !s.Programs
}

// What an allocation takes about, by the object and by the byte: seconds.
const (
	allocTime = 20e-9
	byteTime  = 0.2e-9
)

// mostlyAllocates reports whether allocations are more than a tenth of the time, by
// a rule of thumb, of some point.
func mostlyAllocates(t *timings, o *timeitOptions) bool {
	for i := range t.runs {
		if len(t.runs[i]) == 0 {
			continue
		}
		r, _ := timeitOf(t, i, o.cpu, o.digits)
		if allocTime*r.AllocsPerOp+byteTime*r.BytesPerOp > 0.1*r.Median {
			return true
		}
	}
	return false
}
