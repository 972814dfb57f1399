package compiler

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"slices"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/result"
)

// subject is what a magic of the %opt family asks for.
type subject struct {
	name  string
	kinds []string
	doc   string
}

// subjects are those of %opt; all is all of them.
func subjects() []subject {
	return []subject{
		{"escape", []string{result.RemarkEscape, result.RemarkMoved, result.RemarkShown, result.RemarkConstant, result.RemarkStack, result.RemarkLeak},
			"show what is allocated on the heap, and why\nThe compiler's escape analysis, line by line: values on the heap with the way on which they leave the function, values that stay on the stack, parameters that leak."},
		{"bce", []string{result.RemarkBounds, result.RemarkSliceBounds, result.RemarkProved, result.RemarkNilCheck},
			"show which bounds checks are left\nIndices and slices that are checked each time they run, those that the compiler proved to be needless, and nil checks that cost an instruction."},
		{"inline", []string{result.RemarkCanInline, result.RemarkCannotInline, result.RemarkInlined, result.RemarkNotInlined, result.RemarkDevirtual},
			"show what is inlined\nFunctions that can be inlined with their cost, those that can't and why, calls that were inlined, and calls through interfaces that became direct ones."},
	}
}

// optRows are %escape, %bce, %inline and %opt.
func optRows() []magic.Magic {
	flags := func() []magic.Flag {
		return []magic.Flag{{Name: "f", Arg: "FUNC", Takes: magic.AboutFunctions, Doc: "a function to look at, may be repeated: f, T.m, (*T).m, math.Hypot, gonum/mat.(*Dense).Mul"}}
	}
	var rows []magic.Magic
	var names []string
	for _, s := range subjects() {
		names = append(names, s.name)
		rows = append(rows, measuring.Row(magic.Magic{Name: s.name, Kind: magic.Both, Syntax: magic.Go, RunsGo: true, Takes: magic.AboutFunctions, Holds: magic.AboutGo, Flags: flags(),
			Usage: fmt.Sprintf("%%%s FUNC... or STATEMENT, or %%%%%s and a cell", s.name, s.name),
			Doc:   s.doc + " Without an argument it shows all functions of the session. A statement isn't run; a cell is, as it would be without this."},
			func(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
				return runOpt(ctx, h, in, s.kinds, in.Args.Rest, in.Args.RestAt)
			}))
	}
	return append(rows, measuring.Row(magic.Magic{Name: "opt", Kind: magic.Both, Syntax: magic.Go, RunsGo: true, Takes: magic.AboutFunctions, Holds: magic.AboutGo, Flags: flags(), Min: 0,
		Usage: "%opt escape|bce|inline|all [FUNC... or STATEMENT], or %%opt WORD and a cell",
		Doc:   "show what the compiler says: %opt " + strings.Join(names, ", %opt ") + " are the magics of these names, %opt all shows all of it"}, runOptWord))
}

// runOptWord implements %opt, whose first word says what is asked for.
func runOptWord(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	word, _, _ := strings.Cut(in.Args.Rest, " ")
	var kinds []string
	known := word == "" || word == "all"
	for _, s := range subjects() {
		if s.name == word || word == "" || word == "all" {
			kinds, known = append(kinds, s.kinds...), true
		}
	}
	if !known {
		return magic.Result{}, in.Magic.Usagef("%s: %q is none of escape, bce, inline, all", in.Magic.Title(), word)
	}
	if word == "all" || word == "" {
		kinds = append(kinds, result.RemarkBarrier, result.RemarkCopy)
	}
	rest := strings.TrimLeft(in.Args.Rest[len(word):], " ")
	return runOpt(ctx, h, in, kinds, rest, in.Args.RestAt+len(in.Args.Rest)-len(rest))
}

// runOpt shows remarks of some kinds: of functions, of a statement with the
// functions that it calls, or of a cell.
func runOpt(ctx context.Context, h magic.Host, in *measuring.Input, kinds []string, text string, at int) (magic.Result, error) {
	var page *page
	var res magic.Result
	var err error
	switch exprs, named := functionNames(text); {
	case in.Form == magic.Cell:
		page, res, err = cellPage(ctx, h, in)
	case strings.TrimSpace(text) == "" || named || len(in.Args.All("f")) > 0 && strings.TrimSpace(text) == "":
		page, err = functionsPage(ctx, h, in.Magic, slices.Concat(in.Args.All("f"), exprs))
	default:
		page, err = statementPage(ctx, h, in, text, at)
	}
	if page == nil {
		return res, err
	}
	page.only(kinds)
	shown, failed := measuring.Finish(ctx, h, in, page.output(in.Magic.Name))
	if err != nil {
		return shown, err
	}
	if shown.Show == nil {
		shown.Show = res.Show
	}
	return shown, failed
}

// functionNames splits text that consists of nothing but names of functions.
func functionNames(text string) (names []string, ok bool) {
	names = joined(strings.Fields(text))
	for _, name := range names {
		x, err := parser.ParseExpr(name[strings.LastIndexByte(name, '/')+1:])
		if err != nil {
			return nil, false
		}
		if !isName(x) {
			return nil, false
		}
	}
	return names, true
}

// isName reports whether an expression can name a function: f, T.m, (*T).m, f[int].
func isName(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		if recv, ok := x.X.(*ast.TypeAssertExpr); ok { // the parser's view of mat.(*Dense).Mul
			return isName(recv.X) && recv.Type != nil && isName(recv.Type)
		}
		return isName(x.X)
	case *ast.ParenExpr:
		return isName(x.X)
	case *ast.StarExpr:
		return isName(x.X)
	case *ast.IndexExpr:
		return isName(x.X)
	case *ast.IndexListExpr:
		return isName(x.X)
	}
	return false
}

// calledFunctions are the functions of the session that Go names.
func calledFunctions(ctx context.Context, h magic.Host, text string) ([]target, error) {
	all, err := h.Functions(ctx, "")
	if err != nil {
		return nil, err
	}
	named := map[string]bool{}
	x, err := parser.ParseExpr("func() {\n" + text + "\n}")
	if err != nil {
		return nil, nil // what is wrong with it the compiler tells
	}
	ast.Inspect(x, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			named[id.Name] = true
		}
		return true
	})
	var out []target
	for _, f := range all {
		if named[f.Name[strings.LastIndexByte(f.Name, '.')+1:]] {
			out = append(out, target{Function: f, expr: f.Name, decl: declaration(f)})
		}
	}
	return out, nil
}
