package cell

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Plain asks Rewrite for the session as an ordinary program, with nothing of
// hpgo in it, beside the form that hpgo runs: for tools that read or build Go,
// and for tests and benchmarks, whose figures must be those of plain code.
type Plain int

// The forms of a plain program.
const (
	NoPlain    Plain = iota
	PlainText        // as one would write it, formatted
	PlainLines       // with line directives: messages name cells and their lines
)

// plainMain is the file of a plain program that has everything, unless cells
// use one name for different packages.
const plainMain = "main.go"

// plainTests is the file of tests and benchmarks in a program with lines.
const plainTests = "main_test.go"

// plainPiece is one declaration of a plain program.
type plainPiece struct {
	file    string // where it belongs
	cell    int
	text    string
	imports map[string]Import
}

// plain writes the session as a plain program: declarations, the variables with
// their initialisers at package level, and the cell's statements in func main.
// Variables that only the statements use are local to main.
func (r *rewriter) plain() []File {
	var pieces []plainPiece
	add := func(cell int, text string, refs []ref) {
		if strings.TrimSpace(text) != "" {
			pieces = append(pieces, plainPiece{plainMain, cell, text, plainImports(refs)})
		}
	}
	for _, d := range r.scope.Decls() {
		if d.node == nil || d.transient {
			continue
		}
		edits := plainEdits(d.refs)
		if d.Kind == KindConst {
			edits = append(edits, r.constEdits(d)...)
		}
		add(d.Cell, r.plainText(d.src, d.start, d.end, d.prefix, edits), d.refs)
		if r.env.Plain == PlainLines && d.Kind == KindFunc && IsTest(d.Name) {
			pieces[len(pieces)-1].file = plainTests
		}
	}
	for i, in := range r.scope.inits[:len(r.scope.inits)-r.ownInits()] {
		add(in.cell, r.plainVar(in.Item, in.src, in.refs, func(name string) bool { return r.provider(name, in.symbols[name], len(r.scope.inits)) == i }), in.refs)
	}
	global := r.plainGlobals()
	for i := range r.entry {
		if e := &r.entry[i]; global[i] {
			add(r.n, r.plainVar(e.Item, r.src, e.refs, func(name string) bool { return r.lastOf(name) == i }), e.refs)
		}
	}
	for _, it := range r.cell.Items { // init functions, which don't last
		fn, _ := it.Decl.(*ast.FuncDecl)
		if name := FuncName(it); name == "init" || strings.HasPrefix(name, "init_") && plainFunc(fn) {
			off := it.Offset(fn.Name.Pos())
			refs := r.transientRefs(fn)
			add(r.n, r.plainText(r.src, it.Start, it.End, "", append(plainEdits(refs), edit{off: off, end: off + len(fn.Name.Name), text: "init"})), refs)
		}
	}
	text, refs := r.plainEntry(global)
	add(r.n, text, refs)
	return r.plainFiles(pieces)
}

// FuncName returns the name of the function that an item declares; "" for
// methods and everything else.
func FuncName(it Item) string {
	fn, ok := it.Decl.(*ast.FuncDecl)
	if !ok || fn.Recv != nil {
		return ""
	}
	return fn.Name.Name
}

// IsTest reports whether go test runs functions of a name.
func IsTest(name string) bool {
	for _, prefix := range []string{"Test", "Benchmark", "Fuzz", "Example"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			first, _ := utf8.DecodeRuneInString(rest)
			return rest == "" || !unicode.IsLower(first)
		}
	}
	return false
}

// ownInits counts the initialisers of the cell itself at the end of the scope's.
func (r *rewriter) ownInits() int {
	n := 0
	for _, in := range r.scope.inits {
		if in.cell == r.n && in.src == r.src {
			n++
		}
	}
	return n
}

// transientRefs returns the references of an init or main function of the cell.
func (r *rewriter) transientRefs(fn *ast.FuncDecl) []ref {
	for _, d := range r.gone {
		if f, ok := d.node.(*ast.FuncDecl); ok && f.Body == fn.Body {
			return d.refs
		}
	}
	return nil
}

// plainGlobals says which statements of the cell stand at package level: var
// declarations, as in gonb, and what functions and those need.
func (r *rewriter) plainGlobals() map[int]bool {
	needed := map[string]bool{}
	note := func(refs []ref) {
		for _, rf := range refs {
			needed[rf.key] = true
		}
	}
	for _, d := range slices.Concat(r.scope.Decls(), r.gone) {
		if d.Symbol != "hpgo__main" { // which becomes part of main
			note(d.refs)
		}
	}
	global := map[int]bool{}
	for changed := true; changed; {
		changed = false
		for i := range r.entry {
			e := &r.entry[i]
			wanted := e.Kind == ItemVar || slices.ContainsFunc(e.vars, func(v *newVar) bool { return needed[v.name] })
			if len(e.vars) > 0 && wanted && !global[i] {
				global[i], changed = true, true
				note(e.refs)
			}
		}
	}
	return global
}

// lastOf returns the index of the last statement that declares a variable.
func (r *rewriter) lastOf(name string) int {
	last := -1
	for i := range r.entry {
		if slices.ContainsFunc(r.entry[i].vars, func(v *newVar) bool { return v.name == name }) {
			last = i
		}
	}
	return last
}

// plainVar writes a statement that declares variables as a var declaration. A
// name that a later one declares again is left out.
func (r *rewriter) plainVar(it Item, src *Source, refs []ref, current func(name string) bool) string {
	edits := plainEdits(refs)
	kept := false
	for _, id := range declaredNames(it) {
		if current(id.Name) {
			kept = true
			continue
		}
		off := it.Offset(id.Pos())
		edits = append(edits, edit{off: off, end: off + len(id.Name), text: "_"})
	}
	if !kept {
		return ""
	}
	prefix := ""
	start := it.Start
	if as, ok := it.Stmt.(*ast.AssignStmt); ok {
		prefix, start = "var ", it.Code
		off := it.Offset(as.TokPos)
		edits = append(edits, edit{off: off, end: off + len(token.DEFINE.String()), text: "="})
	}
	return r.plainText(src, start, it.End, prefix, edits)
}

// plainEntry writes func main with the cell's statements.
func (r *rewriter) plainEntry(global map[int]bool) (string, []ref) {
	var b strings.Builder
	carried, refs := r.plainCarried()
	b.WriteString(carried)
	parse := ""
	if r.cell.Main {
		parse = "flag.Parse()\n"
		refs = append(refs, ref{id: ast.NewIdent("flag"), pkg: "flag"})
	}
	for i := range r.entry {
		e := &r.entry[i]
		if line, _ := r.cell.Position(e.Code); line > r.cell.MainLine {
			b.WriteString(parse)
			parse = ""
		}
		if global[i] {
			continue
		}
		refs = append(refs, e.refs...)
		text := r.plainText(r.src, e.Start, e.End, "", plainEdits(e.refs))
		if i == len(r.entry)-1 && r.shows {
			text = "fmt.Println(\n" + strings.TrimRight(text, "\n") + ")\n"
			refs = append(refs, ref{id: ast.NewIdent("fmt"), pkg: "fmt"})
		}
		b.WriteString(text)
		for _, v := range e.vars {
			if !r.usedAfter(i, v.name) {
				fmt.Fprintf(&b, "_ = %s\n", v.name)
			}
		}
	}
	b.WriteString(parse)
	for _, it := range r.cell.Items {
		if FuncName(it) == "main" {
			fn := it.Decl.(*ast.FuncDecl)
			own := r.transientRefs(fn)
			refs = append(refs, own...)
			start, end := it.Offset(fn.Body.Lbrace), it.End
			if b.Len() == 0 {
				start, end = start+1, it.Offset(fn.Body.Rbrace)
			}
			b.WriteString(r.plainText(r.src, start, end, "", plainEdits(own)))
		}
	}
	return "func main() {\n" + b.String() + "}\n", refs
}

// usedAfter reports whether a statement after an index uses a variable: a mere
// assignment is no use.
func (r *rewriter) usedAfter(i int, name string) bool {
	for _, e := range r.entry[i+1:] {
		assigned := map[*ast.Ident]bool{}
		for _, n := range e.nodes() {
			ast.Inspect(n, func(n ast.Node) bool {
				if as, ok := n.(*ast.AssignStmt); ok {
					for _, x := range as.Lhs {
						if id, ok := x.(*ast.Ident); ok {
							assigned[id] = true
						}
					}
				}
				return true
			})
		}
		if slices.ContainsFunc(e.refs, func(rf ref) bool { return rf.key == name && !assigned[rf.id] }) {
			return true
		}
	}
	return false
}

// plainEdits puts the aliases of packages in the place of names that a variable
// takes; all else stands as the user wrote it.
func plainEdits(refs []ref) []edit {
	var edits []edit
	for _, rf := range refs {
		if rf.pkg != "" && !rf.dot && rf.size > 0 && len(rf.id.Name) != rf.size {
			edits = append(edits, edit{off: rf.off, end: rf.off + rf.size, text: rf.id.Name})
		}
	}
	return edits
}

// plainImports returns the imports that references need.
func plainImports(refs []ref) map[string]Import {
	imports := map[string]Import{}
	for _, rf := range refs {
		switch {
		case rf.dot:
			imports[". "+rf.pkg] = Import{Name: ".", Path: rf.pkg}
		case rf.pkg != "":
			imports[rf.id.Name] = Import{Name: rf.id.Name, Path: rf.pkg}
		}
	}
	return imports
}

// plainText returns a piece of a cell's text with edits.
func (r *rewriter) plainText(src *Source, start, end int, prefix string, edits []edit) string {
	var b strings.Builder
	if r.env.Plain == PlainLines {
		render(&b, src, start, end, prefix, edits)
		return b.String()
	}
	slices.SortFunc(edits, func(x, y edit) int { return x.off - y.off })
	b.WriteString(prefix)
	at := start
	for _, e := range edits {
		if e.off < at || e.end > end {
			continue
		}
		b.WriteString(src.Text[at:e.off] + e.text)
		at = e.end
	}
	b.WriteString(src.Text[at:end] + "\n")
	return b.String()
}

// plainFiles puts the pieces into files: into one, unless their imports clash.
func (r *rewriter) plainFiles(pieces []plainPiece) []File {
	type file struct {
		body    strings.Builder
		imports map[string]Import
		cell    int
	}
	files := map[string]*file{}
	for _, p := range slices.Backward(pieces) { // what is newest, and main, decide
		name := p.file
		if f := files[name]; f != nil && clash(f.imports, p.imports) || p.imports["C"].Path != "" {
			name = fmt.Sprintf("cell%d%s", p.cell, strings.TrimPrefix(p.file, "main"))
		}
		f := files[name]
		if f == nil {
			f = &file{imports: map[string]Import{}, cell: p.cell}
			files[name] = f
		}
		maps.Copy(f.imports, p.imports)
	}
	if f := files[plainMain]; f != nil {
		for _, im := range r.scope.blank {
			f.imports["_ "+im.Path] = im
		}
	}
	for _, p := range pieces {
		name := p.file
		if clash(files[name].imports, p.imports) || p.imports["C"].Path != "" {
			name = fmt.Sprintf("cell%d%s", p.cell, strings.TrimPrefix(p.file, "main"))
		}
		files[name].body.WriteString(p.text + "\n")
	}
	var out []File
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f := files[name]
		text := "package main\n\n" + r.plainHeader(f.imports, f.cell) + "\n" + f.body.String()
		if r.env.Plain == PlainText {
			if nice, err := format.Source([]byte(text)); err == nil {
				text = string(nice)
			}
		}
		out = append(out, File{Name: name, Text: text, Cgo: f.imports["C"].Path != ""})
	}
	return out
}

// packageName returns the name that a package gives itself; "" when it can't be
// found out any more.
func (r *rewriter) packageName(path string) string {
	pkg, err := r.env.Importer.Import(path)
	if err != nil {
		return ""
	}
	return pkg.Name()
}

// clash reports whether two sets of imports use a name for different packages.
func clash(a, b map[string]Import) bool {
	for name, im := range b {
		if other, ok := a[name]; ok && other.Path != im.Path {
			return true
		}
	}
	return false
}

// plainHeader writes import declarations.
func (r *rewriter) plainHeader(imports map[string]Import, n int) string {
	var b, c strings.Builder
	for _, key := range slices.Sorted(maps.Keys(imports)) {
		im := imports[key]
		switch {
		case im.Path == "C":
			r.renderPreamble(&c, n)
		case im.Name == r.packageName(im.Path):
			fmt.Fprintf(&b, "\t%q\n", im.Path)
		default:
			fmt.Fprintf(&b, "\t%s %q\n", im.Name, im.Path)
		}
	}
	if b.Len() > 0 {
		return "import (\n" + b.String() + ")\n" + c.String()
	}
	return c.String()
}
