package cell

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/token"
	"io"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Packages that generated code itself uses, and the names it gives them.
const (
	displayPath  = "hpgo/kernel/display"
	displayAlias = "hpgo__display"
	guardPath    = "hpgo/kernel/worker/guard"
	guardAlias   = "hpgo__guard"
	flagAlias    = "hpgo__flag"
)

// InitCode gives every version of the session's package something to do in its
// initialisation. The stub is compiled once for all versions and takes it that
// there is an init task, through which those of the imports are found. It stands
// in the first file: the runtime takes the first function of a module for one
// without a name.
const InitCode = "var hpgo__loads int\n\nfunc init() { hpgo__loads++ }\n\n"

// emit writes the unit: one file per cell of origin, one for the variables, one
// for the entry function.
func (r *rewriter) emit(ch checked) *Unit {
	u := &Unit{Cell: r.n, Run: r.runs(), Notes: r.notes, Embed: r.embedPatterns()}
	paths := map[string]bool{}
	r.reached = r.reachable()
	u.Files = append(u.Files, r.emitVars(paths))
	u.Files = append(u.Files, r.emitDecls(ch, paths)...)
	again := r.neededInitializers()
	for _, i := range again {
		u.Files = append(u.Files, r.emitAgain(i, paths))
		u.Embed = append(u.Embed, embedPatterns(r.scope.inits[i].embed)...)
	}
	u.Again = slices.Sorted(maps.Keys(r.variablesOf(again)))
	u.Files = append(u.Files, r.emitEntry(ch, paths, again))
	if paths["C"] {
		u.Slow = `import "C"`
		for _, p := range []string{"runtime/cgo", "syscall", "unsafe"} { // what cgo's output imports
			paths[p] = true
		}
		delete(paths, "C")
		blankDirectives(u.Files)
	}
	for p := range paths {
		u.Imports = append(u.Imports, p)
	}
	sort.Strings(u.Imports)
	for _, d := range r.liveVars() {
		u.Exports = append(u.Exports, d.Symbol)
	}
	u.Hash = u.hash()
	for _, d := range r.scope.Decls() {
		if d.transient {
			r.gone = append(r.gone, d)
			r.scope.remove(d.declKey())
		}
	}
	return u
}

// hash identifies the unit's code. The number of the cell doesn't count, which
// makes a cell that runs again unchanged equal to its first run; it does count
// where the text isn't all: embedded files and C headers may have changed.
func (u *Unit) hash() string {
	h := sha256.New()
	own := fmt.Sprintf("//line %s:", lineName(u.Cell))
	if len(u.Embed) > 0 || u.Slow != "" {
		fmt.Fprintf(h, "%d ", u.Cell)
	}
	for _, f := range u.Files {
		fmt.Fprintf(h, "%v ", f.Cgo)
		io.WriteString(h, strings.ReplaceAll(f.Text, own, "//line :"))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// liveVars returns the variables of the emitted package: those of the scope that
// the cell can come to, the cell's new ones, and older versions that the cell still
// reads.
func (r *rewriter) liveVars() []*Decl {
	var out []*Decl
	seen := map[string]bool{}
	add := func(d *Decl) {
		if d != nil && !seen[d.Symbol] {
			seen[d.Symbol] = true
			out = append(out, d)
		}
	}
	for _, d := range r.scope.Vars() {
		if r.reached == nil || r.reached[d.Name] {
			add(d)
		}
	}
	for _, v := range r.newVars {
		add(v.decl)
	}
	return out
}

func (r *rewriter) emitVars(paths map[string]bool) File {
	decls := r.liveVars()
	// Sorted, so that a cell that runs again unchanged gives the same text.
	slices.SortFunc(decls, func(a, b *Decl) int { return strings.Compare(a.Symbol, b.Symbol) })
	for _, d := range decls {
		for _, p := range d.pkgs {
			paths[p.Path] = true
		}
	}
	return File{Name: "vars.go", Text: "//line " + generatedFile + ":1\n" + varsText(decls, func(d *Decl) string { return d.Symbol }) + InitCode}
}

// emitDecls writes the declarations of each cell with that cell's imports.
func (r *rewriter) emitDecls(ch checked, paths map[string]bool) []File {
	groups := map[int][]*Decl{}
	for _, d := range r.scope.Decls() {
		if d.node != nil && (r.reached == nil || d.Kind != KindFunc || r.reached[d.declKey()]) {
			groups[d.Cell] = append(groups[d.Cell], d)
		}
	}
	cells := make([]int, 0, len(groups))
	for n := range groups {
		cells = append(cells, n)
	}
	sort.Ints(cells)
	var files []File
	for _, n := range cells {
		imports := map[string]Import{}
		var body strings.Builder
		for _, d := range groups[n] {
			r.addRefImports(imports, d)
			r.emitDecl(&body, ch, d, imports)
		}
		var b strings.Builder
		r.writeHeader(&b, imports, paths, n)
		b.WriteString(body.String())
		files = append(files, File{Name: fmt.Sprintf("cell%d.go", n), Text: b.String(), Cgo: imports["C"].Path != ""})
	}
	return files
}

// writeHeader writes the package clause and imports of a generated file.
// n is the number of the cell whose C code the file sees.
func (r *rewriter) writeHeader(b *strings.Builder, imports map[string]Import, paths map[string]bool, n int) {
	b.WriteString("//line " + generatedFile + ":1\npackage main\n")
	keys := make([]string, 0, len(imports))
	for k := range imports {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		im := imports[k]
		paths[im.Path] = true
		if im.Path == "C" {
			r.renderPreamble(b, n)
			continue
		}
		fmt.Fprintf(b, "import %s %s\n", im.Name, strconv.Quote(im.Path))
	}
}

// offset converts a position in the declaration's cell to a byte offset.
func (d *Decl) offset(p token.Pos) int { return int(p) - d.src.file.Base() }

// emitEntry writes the entry function, which first runs initialisers of earlier
// cells again.
func (r *rewriter) emitEntry(ch checked, paths map[string]bool, again []int) File {
	imports := map[string]Import{}
	for _, im := range r.sideEffects() {
		imports["_ "+im.Path] = im
	}
	var body strings.Builder
	once := r.emitStart(&body, again, imports)
	if !r.env.Fresh && r.emitMethods(&body, ch) {
		imports[methodsAlias] = Import{Name: methodsAlias, Path: methodsPath}
	}
	r.emitPrologue(&body)
	initsAt := r.initsAt()
	parse := ""
	if r.cell.Main {
		imports[flagAlias] = Import{Name: flagAlias, Path: "flag"}
		parse = flagAlias + ".Parse()\n"
	}
	for i := range r.entry {
		if i == initsAt {
			r.emitInits(&body)
		}
		// What stands ahead of the %% line comes first, as in a program.
		if line, _ := r.cell.Position(r.entry[i].Code); line > r.cell.MainLine {
			body.WriteString(parse)
			parse = ""
		}
		r.emitItem(&body, ch, &r.entry[i], i == len(r.entry)-1, imports)
	}
	if initsAt == len(r.entry) {
		r.emitInits(&body)
	}
	body.WriteString(parse)
	if r.hasMain {
		body.WriteString("//line " + generatedFile + ":1\nhpgo__main()\n")
	}
	var b, counts strings.Builder
	counting := r.emitCounts(&counts, imports)
	r.writeHeader(&b, imports, paths, r.n)
	b.WriteString(r.embedDecls)
	// noinline: the caller is compiled once for all versions of this package.
	b.WriteString(once + "//go:noinline\nfunc " + EntryName + "() {\n" + counting + body.String() + "}\n" + counts.String())
	if r.ticks {
		b.WriteString("//go:noinline\nfunc " + tickName + "() {}\n")
	}
	return File{Name: "entry.go", Text: b.String(), Cgo: imports["C"].Path != ""}
}

// initsAt returns the index of the statement before which the cell's init
// functions run: as in Go, after the variables were initialised that stand first
// or that they mention. -1: there are none.
func (r *rewriter) initsAt() int {
	if len(r.inits) == 0 {
		return -1
	}
	reached := map[string]bool{}
	queue := slices.Clone(r.inits)
	for ; len(queue) > 0; queue = queue[1:] {
		if d := r.scope.decls[queue[0]]; d != nil {
			for _, rf := range d.refs {
				if rf.key != "" && !reached[rf.key] {
					reached[rf.key] = true
					queue = append(queue, rf.key)
				}
			}
		}
	}
	at := 0
	for at < len(r.entry) && r.entry[at].Kind == ItemVar {
		at++
	}
	for i := at; i < len(r.entry); i++ {
		if slices.ContainsFunc(r.entry[i].vars, func(v *newVar) bool { return reached[v.name] }) {
			at = i + 1
		}
	}
	return at
}

// emitInits calls the cell's init functions.
func (r *rewriter) emitInits(b *strings.Builder) {
	b.WriteString("//line " + generatedFile + ":1\n")
	for _, name := range r.inits {
		b.WriteString(name + "()\n")
	}
}

// emitPrologue makes the local copies.
func (r *rewriter) emitPrologue(b *strings.Builder) {
	names := make([]string, 0, len(r.locals))
	for n := range r.locals {
		names = append(names, n)
	}
	for _, v := range r.newVars {
		if r.locals[v.name] == nil && v.decl != nil {
			fmt.Fprintf(b, "%s := &%s\n", pointerName(v.name), v.decl.Symbol)
		}
	}
	sort.Strings(names)
	for _, n := range names {
		l := r.locals[n]
		if l.isNew || len(l.writes) > 0 {
			fmt.Fprintf(b, "%s := &%s\n", pointerName(n), l.symbol)
		}
		if !l.isNew {
			fmt.Fprintf(b, "%s := %s\n_ = %s\n", n, l.symbol, n)
		}
	}
}

// emitItem writes one statement of the entry function.
func (r *rewriter) emitItem(b *strings.Builder, ch checked, e *entryItem, last bool, imports map[string]Import) {
	for i := range e.refs {
		e.refs[i].inEntry = true
	}
	for _, rf := range e.refs {
		if rf.pkg == "" {
			continue
		}
		if rf.dot {
			imports[". "+rf.pkg] = Import{Name: ".", Path: rf.pkg}
			continue
		}
		if r.taken(rf.id.Name) {
			rf.id.Name = importAlias(rf.pkg)
		}
		imports[rf.id.Name] = Import{Name: rf.id.Name, Path: rf.pkg}
	}
	if e.embedded() {
		r.emitEmbed(b, e, imports)
		return
	}
	edits := r.refEdits(e.refs)
	for _, n := range e.nodes() {
		edits = append(edits, r.codeEdits(ch, n, r.src, imports)...)
		edits = append(edits, keepEdits(ch, n, r.src, imports)...)
	}
	edits = append(edits, r.storeEdits(e)...)
	ahead, ticks := r.countItem(ch, e, imports)
	edits = append(edits, ticks...)
	b.WriteString(ahead)
	if x, ok := e.Stmt.(*ast.ExprStmt); ok && last && !r.cell.Hidden && r.hasValue(ch, x.X) {
		r.shows = true
		imports[displayAlias] = Import{Name: displayAlias, Path: displayPath}
		if text, ok := hugeConstant(ch, e); ok {
			// The expression itself stays, as a use of what it mentions.
			fmt.Fprintf(b, "%s.Result(%s.Text(%q))\nconst _ = 0 +\n", displayAlias, displayAlias, text)
			render(b, r.src, e.Start, e.End, "", edits)
			return
		}
		var text strings.Builder
		render(&text, r.src, e.Start, e.End, "", edits)
		value := strings.TrimRight(text.String(), "\n")
		b.WriteString("//line " + generatedFile + ":1\n")
		if onlyError(ch, e) {
			fmt.Fprintf(b, "if hpgo__err := error(\n%s); hpgo__err != nil {\n%s.Result(hpgo__err)\n}\n", value, displayAlias)
			return
		}
		fmt.Fprintf(b, "%s.Result(\n%s)\n", displayAlias, value)
		return
	}
	if x, ok := e.Stmt.(*ast.ExprStmt); ok && last && r.hasValue(ch, x.X) && (!standsAlone(ch, x.X) || len(e.Values) > 1) {
		// The values of a hidden last expression are computed all the same.
		b.WriteString("_" + strings.Repeat(", _", len(e.Values)) + " = 0,\n")
	}
	r.emitStatement(b, ch, e, edits)
}

// codeEdits returns what is changed in all code, wherever it stands, and adds the
// imports that this needs.
func (r *rewriter) codeEdits(ch checked, root ast.Node, src *Source, imports map[string]Import) []edit {
	edits := guardEdits(ch, root, src, imports)
	edits = append(edits, r.endlessEdits(root, src)...)
	return append(edits, r.localTypeEdits(ch, root, src)...)
}

// emitStatement writes a statement and the stores behind it. Variables that
// have no local copy are declared in a block of their own and copied out, so
// that the user's text stands as written.
func (r *rewriter) emitStatement(b *strings.Builder, ch checked, e *entryItem, edits []edit) {
	block := false
	for _, v := range e.vars {
		block = block || r.locals[v.name] == nil
	}
	if block {
		b.WriteString("{\n")
	}
	render(b, r.src, e.Start, e.End, "", edits)
	b.WriteString("//line " + generatedFile + ":1\n")
	stored := map[string]bool{}
	for _, v := range e.vars {
		if v.decl != nil {
			stored[v.name] = true
			fmt.Fprintf(b, "*%s = %s\n", pointerName(v.name), v.name)
		}
	}
	for _, name := range r.topLevelStores(e) {
		if !stored[name] {
			fmt.Fprintf(b, "*%s = %s\n", pointerName(name), name)
		}
	}
	if block {
		b.WriteString("}\n")
	}
}
