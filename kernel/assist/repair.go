package assist

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
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
func repair(ctx context.Context, src string, start, end int, name string) (repaired, bool) {
	head, rest := src[:start]+name, src[end:]
	c, _ := cell.Parse(head + rest)
	if r, ok := found(c, start, name); ok {
		return r, true
	}
	b := bench{start: start, name: name, text: c.Go}
	for _, it := range c.Items {
		switch {
		case it.End <= start:
			b.kept = append(b.kept, it)
			b.from = max(b.from, it.End)
		case it.Start > start:
			b.later = append(b.later, it)
		}
	}
	b.head = blanked(head[:b.from]) + head[b.from:]
	line := strings.LastIndexByte(src[:start], '\n') + 1
	toks := lex(src[:start], start)
	behind := ""
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		behind = rest[i:]
	}
	open := openBrackets(since(toks, b.from))
	trials := []string{"()" + rest}
	for _, e := range endings[1:] {
		trials = append(trials, e+rest)
	}
	for _, tail := range tails(openBrackets(since(toks, max(line, b.from)))) {
		trials = append(trials, tail+behind)
	}
	whole := len(trials)
	trials = append(trials, tails(open)...)
	for i, tail := range trials {
		if ctx.Err() != nil {
			return repaired{}, false
		}
		if r, ok := b.try(tail); ok {
			if i >= whole {
				r.items = append(r.items, b.later...)
			}
			return r, true
		}
	}
	if r, ok := b.withoutOpenLines(open, line); ok {
		return r, true
	}
	return lastResort(b.kept, src, b.from, start, name, open)
}

// withoutOpenLines blanks the lines above the cursor's whose parentheses and
// brackets are open: they are broken for a reason that has nothing to do with
// the cursor.
func (b *bench) withoutOpenLines(open []lexeme, line int) (repaired, bool) {
	lines := []byte(b.head)
	var left []lexeme
	found := false
	for _, l := range open {
		if l.tok == token.LBRACE || l.off >= line {
			left = append(left, l)
			continue
		}
		found = true
		for i := strings.LastIndexByte(b.head[:l.off], '\n') + 1; i < line && lines[i] != '\n'; i++ {
			lines[i] = ' '
		}
	}
	if !found {
		return repaired{}, false
	}
	left = slices.DeleteFunc(left, func(l lexeme) bool { return lines[l.off] == ' ' })
	cut := *b
	cut.head = string(lines)
	for _, tail := range tails(left) {
		if r, ok := cut.try(tail); ok {
			return r, true
		}
	}
	return repaired{}, false
}

// bench is what trials of a repair share. Only the broken item is parsed again.
type bench struct {
	kept  []cell.Item // those that parse before it
	later []cell.Item // those that parse behind it
	from  int         // where the last of the first ends
	text  string
	head  string // the text with the name, those items blank
	start int
	name  string
}

// try parses the broken item with a tail.
func (b *bench) try(tail string) (repaired, bool) {
	c, _ := cell.Parse(b.head + tail)
	r, ok := found(c, b.start, b.name)
	if !ok {
		return r, false
	}
	r.text = b.text[:b.from] + r.text[b.from:]
	r.items, r.at = append(slices.Clone(b.kept), r.items...), r.at+len(b.kept)
	return r, true
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
var endings = []string{"", " {}", "()", ":", " int", " struct{}", "; {}", "; true {}", ";; {}", " := 0 {}", " = 0", "\n"}

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
func lastResort(kept []cell.Item, src string, from, start int, name string, open []lexeme) (repaired, bool) {
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
		kept := slices.Clone(kept)
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
