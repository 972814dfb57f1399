package cell

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// Env is what Rewrite needs to know of the world outside the text.
type Env struct {
	// Importer finds the types of an imported package by its import path.
	Importer types.Importer
	// Candidates returns the import paths, best first, that a name used like a
	// package could mean; selectors are the names used with it.
	Candidates func(name string, selectors []string) []string
	// Fresh says that each cell runs in a process of its own, where the statements
	// that declared the variables which the cell needs run again.
	Fresh bool
	// Carried are values that variables get after their statements have run again: by
	// name the index in CarriedFile, which package handover has written.
	Carried     map[string]int
	CarriedFile string
	// Plain asks for Unit.Plain; it needs Fresh.
	Plain Plain
	// Count asks for counters; nil: none.
	Count *Count
	// Regions are functions and methods whose calls are regions of package prof.
	Regions []string
	// Calls are those whose calls a trace notes when they are long (prof.Call).
	Calls []string
	// Reach leaves out functions and variables that the cell can't come to, which
	// would only be compiled for the linker to drop.
	Reach bool
}

// Unit is one compilable version of the session's package.
type Unit struct {
	Cell    int
	Files   []File   // Go source, all of package main
	Imports []string // import paths of all files, sorted
	Exports []string // symbols of the variables, shared between versions
	Run     bool     // false: declarations only, nothing to call
	Slow    string   // why the unit needs the go command (import "C", embed); "" for the fast path
	Embed   []string // patterns of //go:embed lines, relative to the working directory
	Notes   []string // what the user should be told: variables dropped, functions set aside
	Hash    string   // of the code: units with equal hashes do the same
	Next    *Scope   // the scope after this cell, to keep when it was loaded
	// InMemory says why variables that the cell uses got no local copy, so that
	// loops over them are slower than they would be in a function.
	InMemory map[string]string
	Held     []Held // variables that loops hold back
	// OwnFlags are the command-line flags that the cell defines, sorted.
	OwnFlags []string
	Types    map[string]string
	Plain    []File // the program without anything of hpgo, if Env asks for it
	// Again are the session's variables whose statements the unit runs again.
	Again []string
	// Counters are what the unit counts, by cell and line, if Env asks for it.
	Counters []Counter
	// Counted are the packages that it has a copy of its own of: those that it counts
	// in, and carriers.
	Counted []*CountedPackage

	steps []step
	old   *Scope // before the cell
}

// File is one generated source file.
type File struct {
	Name string
	Text string
	Cgo  bool // it imports "C"
}

// UsesC reports whether C is part of the unit.
func (u *Unit) UsesC() bool {
	return slices.ContainsFunc(u.Files, func(f File) bool { return f.Cgo })
}

// EntryName is the exported function of the generated package that runs the
// cell's statements.
const EntryName = "HpgoCell"

// generatedFile is the file name of generated lines; frames there are not shown.
const generatedFile = "hpgo_generated.go"

// rewriter holds the state of one Rewrite.
type rewriter struct {
	env   Env
	scope *Scope // the copy being built
	old   *Scope // as it was before the cell
	cell  *Cell
	src   *Source
	n     int

	entry   []entryItem
	newVars []*newVar
	inits   []string // generated names of the cell's init functions
	hasMain bool
	ticks   bool    // a loop calls tickName
	shows   bool    // the last expression has a value that is shown
	gone    []*Decl // functions that don't last: init, main
	// embedDecls are the package-level variables that //go:embed fills.
	embedDecls string
	notes      []string
	setAside   map[string]string // key -> why it no longer compiles
	retried    []aside           // what was set aside before this cell
	varFile    *ast.File         // the variables, as checked last
	autos      map[string]Import
	locals     map[string]*local
	inMemory   map[string]string

	reached    map[string]bool // reachable
	counts     *counting
	entryLines map[int]linePlace // lines of the cell's statements that were met

	again     checked // with the initialisers, in fresh-process mode
	againRefs map[*initializer][]ref
}

// entryItem is one statement or variable declaration of the entry function.
type entryItem struct {
	Item
	vars  []*newVar // the variables it declares
	refs  []ref
	embed []string // //go:embed lines above it
}

// newVar is a top-level variable declared by this cell.
type newVar struct {
	name   string
	typ    types.Type
	obj    types.Object // its local object in the checked entry function
	decl   *Decl        // as it goes into the scope
	local  bool         // lives in a local copy while the cell runs
	doc    string       // the comment above its declaration
	judged bool         // all its uses in the cell were looked at
}

// Rewrite turns a parsed cell into the next version of the session's package.
// Errors in the cell's own text come back as Errors, in cell coordinates; the
// scope is not changed.
func Rewrite(env Env, scope *Scope, n int, c *Cell) (*Unit, Errors) {
	r := &rewriter{env: env, scope: scope.clone(), old: scope, cell: c, n: n,
		src: c.source, setAside: map[string]string{}, autos: map[string]Import{}}
	c.source.Cell = n
	r.restoreAside()
	if errs := r.declare(); len(errs) > 0 {
		return nil, errs
	}
	r.autoImport()
	r.dropInitializers()
	ch, errs := r.resolve()
	if len(errs) > 0 {
		return nil, errs
	}
	if errs := r.settleVersions(&ch); len(errs) > 0 {
		return nil, errs
	}
	if r.dropInitializers() { // functions that they need were set aside
		if ch, errs = r.resolve(); len(errs) > 0 {
			return nil, errs
		}
	}
	r.noteReturned()
	r.collectRefs(ch)
	r.noteConsts(ch)
	r.chooseLocals(ch)
	own := r.ownFlags(ch)
	r.startCounting(ch)
	u := r.emit(ch)
	u.Counters = r.counters()
	if env.Count != nil {
		u.Counted = slices.Concat(env.Count.Packages, env.Count.Carriers)
	}
	u.OwnFlags, u.InMemory, u.Held = own, r.inMemory, r.heldVars()
	u.steps, u.old = r.steps(), r.old
	r.commitVars()
	r.keepInitializers()
	u.Next = r.scope
	if env.Plain != NoPlain {
		u.Plain = r.plain()
	}
	return u, nil
}

// resolve type-checks until nothing of earlier cells fails: what no longer
// compiles with this cell's declarations is set aside with a note.
func (r *rewriter) resolve() (checked, Errors) {
	for {
		// Checking may put aliases in the place of names, so look before.
		two := r.twoPass()
		ch := r.check(checkOptions{stripBodies: two})
		if r.dropBroken(ch) {
			continue
		}
		errs := r.cellErrors(ch)
		if len(errs) > 0 {
			return ch, r.moreErrors(two, errs)
		}
		if errs := r.typeNewVars(ch); len(errs) > 0 {
			return ch, errs
		}
		if !two {
			return ch, nil
		}
		r.aliasTaken(ch)
		ch = r.check(checkOptions{withNew: true})
		if r.dropBroken(ch) {
			continue
		}
		return ch, r.cellErrors(ch)
	}
}

// twoPass reports whether some function mentions a variable whose type only the
// entry function tells: then bodies are checked in a second pass.
func (r *rewriter) twoPass() bool {
	if len(r.newVars) == 0 {
		return false
	}
	names := map[string]bool{}
	for _, v := range r.newVars {
		names[v.name] = true
	}
	found := false
	for _, d := range r.scope.Decls() {
		fn, ok := d.node.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && names[id.Name] {
				found = true
			}
			return !found
		})
	}
	return found
}

// moreErrors adds the errors of function bodies to those of the statements, so
// that the user sees all at once even when bodies were not checked yet.
func (r *rewriter) moreErrors(two bool, errs Errors) Errors {
	if !two {
		return errs
	}
	unknown := map[string]bool{}
	for _, v := range r.newVars {
		unknown[v.name] = true
	}
	for _, e := range r.cellErrors(r.check(checkOptions{})) {
		if name, ok := strings.CutPrefix(e.Msg, "undefined: "); ok && unknown[name] {
			continue
		}
		errs = append(errs, e)
	}
	errs.Sort()
	return errs.Dedupe()
}

// commitVars puts the cell's variables into the scope and marks everything that
// the loaded package contains.
func (r *rewriter) commitVars() {
	for _, v := range r.newVars {
		v.decl.Memory = v.decl.Memory || !v.judged
		r.scope.removeName(v.name)
		r.scope.put(v.name, v.decl)
	}
	if !r.runs() || r.env.Fresh { // in a fresh process nothing is loaded yet
		return
	}
	for _, d := range r.scope.Decls() {
		if d.Kind == KindType {
			d.Loaded = true
		}
	}
}

// runs reports whether the cell has anything to execute.
func (r *rewriter) runs() bool {
	return len(r.entry) > 0 || len(r.inits) > 0 || r.hasMain || len(r.autosBlank()) > 0
}

// autosBlank returns the side-effect imports that this cell adds.
func (r *rewriter) autosBlank() []Import {
	return r.scope.blank[len(r.old.blank):]
}

// cellImports returns the imports that the cell's own text may use.
func (r *rewriter) cellImports() map[string]Import {
	m := maps.Clone(r.scope.imports)
	for k, v := range r.autos {
		if _, ok := m[k]; !ok {
			m[k] = v
		}
	}
	return m
}
