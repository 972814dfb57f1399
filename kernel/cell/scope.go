package cell

import (
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"sort"
	"strconv"
)

// PackagePath is the import path under which every version of the session's
// package is compiled, so that types keep their identity from cell to cell.
// Its package name is main, which is what %T and tracebacks show.
const PackagePath = "hpgo/session"

// versionMark separates a name from the number of its version in generated
// symbols (Point, Pointʹ2, ...). It is a letter to Go (category Lm) and close
// to what mathematics writes for "the next one".
const versionMark = "ʹ"

// Scope is the set of declarations that a session has at one moment: what the
// next cell sees. A Scope is never changed once a cell has been built from it:
// Rewrite works on a copy, which the session keeps only when the cell was
// compiled and loaded.
type Scope struct {
	Fset  *token.FileSet
	decls map[string]*Decl // by key: name, or "T.M" for methods
	order []string         // keys in order of declaration
	// versions counts the symbols ever given to a name, so that no later
	// version meets the data of an earlier one.
	versions map[string]int
	imports  map[string]Import // name -> import in force for the next cell
	blank    []Import          // imports for side effects: import _ "image/png"
	cgo      []cgoPreamble
	inits    []*initializer    // in order of declaration; only in fresh-process mode
	aside    []aside           // what no longer compiled, to be tried again
	lost     map[string]string // variables that are gone -> how, for messages
}

// Import is one import as a cell sees it.
type Import struct {
	Name string // the name used in the source: "fmt", an alias, "_" or "."
	Path string
	Auto bool // added because the cell used the name
}

// Kind tells what a declaration declares.
type Kind int

// The kinds of declarations of a scope.
const (
	KindVar Kind = iota
	KindConst
	KindType
	KindFunc
	KindMethod
)

// String returns the keyword of the kind.
func (k Kind) String() string {
	return [...]string{"var", "const", "type", "func", "method"}[k]
}

// Decl is one declaration of the session. Consts of one group share a Decl,
// which keeps iota right.
type Decl struct {
	Kind   Kind
	Name   string   // for methods the method's name
	Recv   string   // for methods the receiver's type name
	Names  []string // for const groups all names
	Consts []Const  // their types and values, in the order of Names
	Cell   int      // number of the cell that declared it
	Symbol string   // name in the generated source

	src        *Source
	start, end int      // offsets of its text in the cell, doc comment and directives included
	prefix     string   // keyword put before text cut from a group: "type "
	node       ast.Decl // GenDecl with one spec (const: the group), FuncDecl; nil for variables

	// variables
	doc    string // the comment above the declaration
	Type   string // as spelled for the package file, with import aliases
	pkgs   []Import
	deps   map[string]string // session types in its type -> their layout
	Memory bool              // its address is known elsewhere: never a local copy

	// types
	Loaded    bool   // some loaded cell contained this version
	layout    string // symbol of the first version with this memory layout
	layoutKey string // what makes two layouts the same
	key       string // what makes two definitions the same

	transient bool // init and main: gone after the cell

	// refs are the identifiers of the text that mean something of the session
	// or an imported package, found by the last successful check.
	refs []ref
}

// Source is the text of one cell with its place in the session's position space.
type Source struct {
	Cell int
	Text string
	file *token.File // token.Pos = file.Base() + byte offset
	made *patchwork  // of a composed text; nil
}

// ref is an identifier of a declaration that means something of the session's
// package or names an imported package.
type ref struct {
	id   *ast.Ident
	off  int    // byte offset in the cell's text
	size int    // its length there
	key  string // session declaration it refers to, or ""
	pkg  string // import path it names, or ""
	dot  bool   // it came through a dot import of pkg
	// local: it means the cell's own new variable, not an older one of the name
	local   bool
	inEntry bool // it stands in the entry function
	// embedded: it names a struct's field too, so it must stay as written
	embedded bool
	again    bool // it stands in an initialiser that runs again
}

// NewScope returns an empty scope.
func NewScope() *Scope {
	return &Scope{
		Fset:     newFileSet(),
		decls:    map[string]*Decl{},
		versions: map[string]int{},
		imports:  map[string]Import{},
	}
}

// clone returns a copy whose maps and declarations can be changed freely.
func (s *Scope) clone() *Scope {
	c := &Scope{
		Fset:     s.Fset,
		decls:    make(map[string]*Decl, len(s.decls)),
		order:    slices.Clone(s.order),
		versions: maps.Clone(s.versions),
		imports:  maps.Clone(s.imports),
		blank:    slices.Clone(s.blank),
		cgo:      slices.Clone(s.cgo),
		inits:    slices.Clone(s.inits),
		aside:    slices.Clone(s.aside),
		lost:     maps.Clone(s.lost),
	}
	copies := map[*Decl]*Decl{} // the names of a const group share one
	for k, d := range s.decls {
		if copies[d] == nil {
			dd := *d
			copies[d] = &dd
		}
		c.decls[k] = copies[d]
	}
	return c
}

// declKey returns the key of a declaration in its scope.
func (d *Decl) declKey() string {
	if d.Kind == KindMethod {
		return d.Recv + "." + d.Name
	}
	return d.Name
}

// Lookup returns the declaration of a name, or of "T.M" for a method.
func (s *Scope) Lookup(key string) (*Decl, bool) {
	d, ok := s.decls[key]
	return d, ok
}

// Decls returns the session's declarations in the order in which they were made;
// a const group appears once.
func (s *Scope) Decls() []*Decl {
	var out []*Decl
	seen := map[*Decl]bool{}
	for _, k := range s.order {
		if d := s.decls[k]; d != nil && !seen[d] {
			seen[d] = true
			out = append(out, d)
		}
	}
	return out
}

// Imports returns the imports in force, sorted by name.
func (s *Scope) Imports() []Import {
	out := make([]Import, 0, len(s.imports))
	for _, im := range s.imports {
		out = append(out, im)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return append(out, s.blank...)
}

// put adds a declaration under a key, replacing what stood there. The new one
// goes to the end of the order.
func (s *Scope) put(key string, d *Decl) {
	s.remove(key)
	delete(s.lost, key)
	s.decls[key] = d
	s.order = append(s.order, key)
}

// remove forgets the declaration of one key. Other names of a const group stay.
func (s *Scope) remove(key string) {
	if _, ok := s.decls[key]; !ok {
		return
	}
	delete(s.decls, key)
	s.order = slices.DeleteFunc(s.order, func(k string) bool { return k == key })
}

// removeName forgets a name with everything that hangs on it: a type goes with
// its methods.
func (s *Scope) removeName(name string) {
	if d, ok := s.decls[name]; ok && d.Kind == KindType {
		for _, m := range s.methods(name) {
			s.remove(m.declKey())
		}
	}
	s.remove(name)
}

// methods returns the methods of a type in order of declaration.
func (s *Scope) methods(typeName string) []*Decl {
	var out []*Decl
	for _, k := range s.order {
		if d := s.decls[k]; d.Kind == KindMethod && d.Recv == typeName {
			out = append(out, d)
		}
	}
	return out
}

// newSymbol returns the next unused symbol for a name.
func (s *Scope) newSymbol(name string) string {
	s.versions[name]++
	if n := s.versions[name]; n > 1 {
		return name + versionMark + strconv.Itoa(n)
	}
	return name
}

// Remove returns a scope without the named declarations, and the names that the
// session doesn't have.
func (s *Scope) Remove(names ...string) (next *Scope, unknown []string) {
	next = s.clone()
	for _, n := range names {
		next.aside = slices.DeleteFunc(next.aside, func(a aside) bool { return slices.Contains(a.keys, n) || a.decl.Recv == n })
		if _, ok := next.decls[n]; !ok {
			unknown = append(unknown, n)
			continue
		}
		next.removeName(n)
	}
	return next, unknown
}

// Vars returns the session's variables in order of declaration.
func (s *Scope) Vars() []*Decl {
	var out []*Decl
	for _, d := range s.Decls() {
		if d.Kind == KindVar {
			out = append(out, d)
		}
	}
	return out
}

// newFileSet returns a FileSet whose first file starts far enough from zero for
// the parser's prefixes.
func newFileSet() *token.FileSet {
	fs := token.NewFileSet()
	fs.AddFile(generatedFile, -1, 2*posShift)
	return fs
}

// cgoPreamble is an import "C" with the C code in the comment before it.
type cgoPreamble struct {
	src        *Source
	start, end int
	cell       int
}

// Restarted returns the scope for a new worker: the variables are gone and no
// type is loaded yet.
func (s *Scope) Restarted() *Scope {
	next := s.clone()
	next.inits = nil
	for _, d := range next.Decls() {
		switch d.Kind {
		case KindVar:
			next.remove(d.Name)
			if next.lost == nil {
				next.lost = map[string]string{}
			}
			next.lost[d.Name] = "was lost with the worker"
		case KindType:
			d.Loaded = false
		}
	}
	return next
}

// PlainName removes the version marks of generated symbols from a text.
func PlainName(text string) string {
	return versioned.ReplaceAllString(text, "")
}

var versioned = regexp.MustCompile(versionMark + `[0-9]+`)

// Source returns the text of a cell made by ParseIn.
func (c *Cell) Source() *Source { return c.source }
