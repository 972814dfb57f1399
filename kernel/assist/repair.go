package assist

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"hpgo/kernel/cell"
)

// cursorName stands at the cursor while a text is completed. No user writes it.
const cursorName = "hpgo__cursor"

// repaired is a text whose item at the cursor parses.
type repaired struct {
	text  string // that the items are made of
	items []cell.Item
	at    int        // index of the item with the name
	name  *ast.Ident // at the cursor
	path  []ast.Node // from the item's node to the name
}

// repair puts a name in the place of src[start:end] and mends what follows
// until the item around it parses: as it stands, then with what the rest of its
// line may lack, then without anything behind the cursor. The last resort is
// what go/parser makes of the broken item.
func repair(src string, start, end int, name string) (repaired, bool) {
	head, rest := src[:start]+name, src[end:]
	c, _ := cell.Parse(head + rest)
	if r, ok := found(c, start, name); ok {
		return r, true
	}
	from := 0 // the broken item begins behind those that parse
	for _, it := range c.Items {
		if it.End <= start {
			from = max(from, it.End)
		}
	}
	if r, ok := tryText(head+"()"+rest, start, name); ok {
		return r, true
	}
	line := strings.LastIndexByte(src[:start], '\n') + 1
	toks := lex(src[:start], start)
	behind := ""
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		behind = rest[i:]
	}
	for _, tail := range tails(openBrackets(since(toks, max(line, from)))) {
		if r, ok := tryText(head+tail+behind, start, name); ok {
			return r, true
		}
	}
	open := openBrackets(since(toks, from))
	for _, tail := range tails(open) {
		if r, ok := tryText(head+tail, start, name); ok {
			return r, true
		}
	}
	return lastResort(c.Items, src, from, start, name, open)
}

// since returns the tokens from an offset on.
func since(toks []lexeme, off int) []lexeme {
	for i, l := range toks {
		if l.off >= off {
			return toks[i:]
		}
	}
	return nil
}

// endings are what a statement or declaration may lack behind the cursor.
var endings = []string{"", " {}", "()", ":", " int", " struct{}", "; {}", ";; {}", " := 0 {}", " = 0", "\n"}

// tails returns texts that close open brackets. An ending is tried in every
// block that is open, the innermost first.
func tails(open []lexeme) []string {
	closers := func(from, to int) string {
		var b strings.Builder
		for i := to - 1; i >= from; i-- {
			b.WriteString(closerOf[open[i].tok])
		}
		return b.String()
	}
	var out []string
	for level := len(open); level >= 0; level-- {
		if level > 0 && open[level-1].tok != token.LBRACE {
			continue // no statement stands directly in a parenthesis
		}
		for i, e := range endings {
			if i == 0 && level < len(open) && len(out) > 0 {
				continue // the same text as before
			}
			out = append(out, closers(level, len(open))+e+closers(0, level))
		}
	}
	return out
}

// tryText parses a text and looks for the name in an item without errors.
func tryText(text string, start int, name string) (repaired, bool) {
	c, _ := cell.Parse(text)
	return found(c, start, name)
}

// found looks for the name at an offset.
func found(c *cell.Cell, start int, name string) (repaired, bool) {
	for i, it := range c.Items {
		if it.Start > start || start >= it.End {
			continue
		}
		for _, n := range itemNodes(it) {
			if path := pathTo(n, func(id *ast.Ident) bool { return id.Name == name && it.Offset(id.Pos()) == start }); path != nil {
				return repaired{c.Go, c.Items, i, path[len(path)-1].(*ast.Ident), path}, true
			}
		}
	}
	return repaired{}, false
}

// itemNodes returns the syntax trees of an item.
func itemNodes(it cell.Item) []ast.Node {
	if it.Stmt == nil {
		return []ast.Node{it.Decl}
	}
	nodes := []ast.Node{it.Stmt}
	for _, v := range it.Values[min(1, len(it.Values)):] {
		nodes = append(nodes, v)
	}
	return nodes
}

// pathTo returns the nodes from a root to an identifier, or nil.
func pathTo(root ast.Node, want func(*ast.Ident) bool) []ast.Node {
	var path, hit []ast.Node
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			path = path[:len(path)-1]
			return true
		}
		path = append(path, n)
		if id, ok := n.(*ast.Ident); ok && hit == nil && want(id) {
			hit = append(hit, path...)
		}
		return true
	})
	return hit
}

// lastResort takes what go/parser makes of the broken item up to the cursor.
func lastResort(items []cell.Item, src string, from, start int, name string, open []lexeme) (repaired, bool) {
	text := src[from:start] + name
	for i := len(open) - 1; i >= 0; i-- {
		text += closerOf[open[i].tok]
	}
	const stmt, decl = "package p;func _(){\n", "package p;         \n"
	for _, prefix := range []string{stmt, decl} {
		fset := token.NewFileSet()
		if from > 0 { // positions must go on where those of the other items end
			fset.AddFile("", 1, from-1)
		}
		file, _ := parser.ParseFile(fset, "", prefix+text+"\n}", parser.SkipObjectResolution|parser.AllErrors)
		if file == nil {
			continue
		}
		at := token.Pos(fset.File(file.FileStart).Base() + len(prefix) + start - from)
		path := pathTo(file, func(id *ast.Ident) bool { return id.Name == name && id.Pos() == at })
		if path == nil {
			continue
		}
		var kept []cell.Item
		for _, it := range items {
			if it.End <= start {
				kept = append(kept, it)
			}
		}
		for _, d := range file.Decls {
			fn, isFunc := d.(*ast.FuncDecl)
			switch {
			case prefix == decl || !isFunc:
				kept = append(kept, cell.Item{Kind: cell.ItemFunc, Decl: d})
			case fn.Name.Name == "_" && fn.Body != nil:
				kept = append(kept, cell.Item{Kind: cell.ItemStmt, Stmt: fn.Body})
			}
		}
		return repaired{src, kept, len(kept) - 1, path[len(path)-1].(*ast.Ident), path}, true
	}
	return repaired{}, false
}
