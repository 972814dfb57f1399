package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"runtime"
	"slices"
	"sort"
	"strings"
	"unicode"
)

// goarch decides the sizes of types; cells run on the machine they are checked on.
const goarch = runtime.GOARCH

// importAlias returns the name under which generated code imports a path: a
// fixed function of the path, so that spelled types stay valid for ever.
func importAlias(path string) string {
	var b strings.Builder
	b.WriteString("hpgo__")
	for _, c := range path {
		switch {
		case c == '/':
			b.WriteByte('_')
		case c < 0x80 && (unicode.IsLetter(c) || unicode.IsDigit(c)):
			b.WriteRune(c)
		default:
			fmt.Fprintf(&b, "_%x_", c)
		}
	}
	return b.String()
}

var aliasName = regexp.MustCompile(`hpgo__[A-Za-z0-9_]+`)

// plainAliases puts the names of packages in the place of generated aliases.
func plainAliases(text string) string {
	return aliasName.ReplaceAllStringFunc(text, func(s string) string {
		return guessName(strings.ReplaceAll(strings.TrimPrefix(s, "hpgo__"), "_", "/"))
	})
}

// typeNewVars takes the types of the cell's new variables from the checked
// entry function and spells them.
func (r *rewriter) typeNewVars(ch checked) Errors {
	var errs Errors
	for _, v := range r.newVars {
		obj := ch.scope.Lookup(v.name)
		if obj == nil {
			continue
		}
		v.obj, v.typ = obj, obj.Type()
		d := &Decl{Kind: KindVar, Name: v.name, Cell: r.n, src: r.src, doc: v.doc}
		sp := speller{pkg: ch.pkg, deps: map[string]string{}}
		d.Type = sp.spell(v.typ)
		if sp.problem != "" {
			errs = append(errs, r.diag(obj.Pos(), fmt.Sprintf("%s can't live on after the cell: %s", v.name, sp.problem)))
			continue
		}
		d.pkgs, d.deps = sp.imports(), sp.deps
		v.decl = d
		r.symbolForVar(ch, v)
	}
	return errs
}

// symbolForVar keeps the symbol of a variable that is declared again with the
// same type, and gives a new one otherwise.
func (r *rewriter) symbolForVar(ch checked, v *newVar) {
	old, ok := r.old.decls[v.name]
	if ok && old.Kind == KindVar {
		if o := ch.pkg.Scope().Lookup(v.name); o != nil && types.Identical(o.Type(), v.typ) {
			v.decl.Symbol = old.Symbol
			v.decl.Memory = old.Memory
			return
		}
	}
	if v.decl.Symbol == "" {
		v.decl.Symbol = r.scope.newSymbol(v.name)
	}
}

// speller writes types as Go source for the generated package file.
type speller struct {
	pkg     *types.Package
	deps    map[string]string // session types met
	paths   map[string]bool
	problem string
}

// spell returns the source text of a type.
func (s *speller) spell(t types.Type) string {
	s.paths = map[string]bool{}
	s.walk(t, map[types.Type]bool{})
	return types.TypeString(t, func(p *types.Package) string {
		if p == s.pkg {
			return ""
		}
		s.paths[p.Path()] = true
		return importAlias(p.Path())
	})
}

// imports returns the imports that the spelled type needs.
func (s *speller) imports() []Import {
	var out []Import
	for p := range s.paths {
		out = append(out, Import{Name: importAlias(p), Path: p})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out
}

// walk looks for types that have no spelling outside their package or function
// and notes the session's types.
func (s *speller) walk(t types.Type, seen map[types.Type]bool) {
	if seen[t] {
		return
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Alias:
		s.named(t.Obj(), t.TypeArgs(), seen)
		if t.Obj().Pkg() == s.pkg {
			s.walk(types.Unalias(t), seen)
		}
	case *types.Named:
		s.named(t.Obj(), t.TypeArgs(), seen)
	case *types.Pointer:
		s.walk(t.Elem(), seen)
	case *types.Slice:
		s.walk(t.Elem(), seen)
	case *types.Array:
		s.walk(t.Elem(), seen)
	case *types.Chan:
		s.walk(t.Elem(), seen)
	case *types.Map:
		s.walk(t.Key(), seen)
		s.walk(t.Elem(), seen)
	case *types.Signature:
		s.tuple(t.Params(), seen)
		s.tuple(t.Results(), seen)
	case *types.Struct:
		for i := range t.NumFields() {
			s.walk(t.Field(i).Type(), seen)
		}
	case *types.Interface:
		for i := range t.NumExplicitMethods() {
			s.walk(t.ExplicitMethod(i).Type(), seen)
		}
		for i := range t.NumEmbeddeds() {
			s.walk(t.EmbeddedType(i), seen)
		}
	case *types.Basic:
		if t.Kind() == types.Invalid {
			s.problem = "its type is not known (a value from C needs a conversion to a Go type)"
		}
	}
}

func (s *speller) tuple(t *types.Tuple, seen map[types.Type]bool) {
	for i := range t.Len() {
		s.walk(t.At(i).Type(), seen)
	}
}

// named notes a named type and complains about those that can't be spelled.
func (s *speller) named(obj *types.TypeName, args *types.TypeList, seen map[types.Type]bool) {
	for i := range args.Len() {
		s.walk(args.At(i), seen)
	}
	switch {
	case obj.Pkg() == nil: // error, any, comparable
	case obj.Pkg() == s.pkg:
		if obj.Parent() != s.pkg.Scope() {
			s.problem = fmt.Sprintf("its type %s is declared inside a function; declare the type at the top level of a cell", obj.Name())
			return
		}
		s.deps[obj.Name()] = ""
	case !obj.Exported():
		s.problem = fmt.Sprintf("its type %s.%s is not exported; give it an interface type (var x I = ...) or use it inside a function", obj.Pkg().Path(), obj.Name())
	}
}

// similar returns the session or Go name closest to a misspelt one, or "".
func (r *rewriter) similar(name string) string {
	c := closest{name: name}
	for key, d := range r.scope.decls {
		if d.Kind != KindMethod && !d.transient {
			c.consider(key)
		}
	}
	for _, v := range r.newVars {
		c.consider(v.name)
	}
	for n := range r.scope.imports {
		c.consider(n)
	}
	for _, n := range types.Universe.Names() {
		c.consider(n)
	}
	return c.best
}

// similarMember is similar for a name of an imported package: pkg.Name.
func (r *rewriter) similarMember(pkgName, name string) string {
	im, ok := r.cellImports()[pkgName]
	if !ok {
		return ""
	}
	pkg, err := r.env.Importer.Import(im.Path)
	if err != nil {
		return ""
	}
	c := closest{name: name}
	for _, n := range pkg.Scope().Names() {
		if ast.IsExported(n) {
			c.consider(n)
		}
	}
	if c.best == "" {
		return ""
	}
	return pkgName + "." + c.best
}

// similarField is similar for the selector at a position of the cell: x.field
// or x.Method.
func (r *rewriter) similarField(ch checked, pos token.Pos) string {
	var sel *ast.SelectorExpr
	for _, it := range r.cell.Items {
		for _, n := range (&entryItem{Item: it}).nodes() {
			ast.Inspect(n, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Pos() == pos {
					sel = s
				}
				return sel == nil
			})
		}
	}
	if sel == nil || ch.info.TypeOf(sel.X) == nil {
		return ""
	}
	c := closest{name: sel.Sel.Name}
	members(ch.info.TypeOf(sel.X), func(obj types.Object) {
		if obj.Exported() || obj.Pkg() == ch.pkg {
			c.consider(obj.Name())
		}
	})
	if c.best == "" {
		return ""
	}
	return types.ExprString(sel.X) + "." + c.best
}

// members visits the fields of a type, those of embedded structs included, and
// its methods.
func members(t types.Type, visit func(types.Object)) {
	seen := map[types.Type]bool{}
	var walk func(t types.Type)
	walk = func(t types.Type) {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok || seen[t] {
			return
		}
		seen[t] = true
		for f := range st.Fields() {
			visit(f)
			if f.Embedded() {
				walk(f.Type())
			}
		}
	}
	walk(t)
	if _, ok := t.Underlying().(*types.Pointer); !ok && !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	for m := range types.NewMethodSet(t).Methods() {
		visit(m.Obj())
	}
}

// closest finds the name nearest to a misspelt one.
type closest struct {
	name, best string
	dist       int
}

// consider takes a name when it is nearer than those before. Short names are
// near to everything, so for them only letters out of order or of another case
// count.
func (c *closest) consider(s string) {
	limit := 1 + len(c.name)/5
	d := editDistance(c.name, s, limit)
	if s == c.name || d > limit || len(c.name) < 4 && !sameLetters(c.name, s) {
		return
	}
	if c.best == "" || d < c.dist || d == c.dist && s < c.best {
		c.best, c.dist = s, d
	}
}

// sameLetters reports whether two names differ in order and case alone.
func sameLetters(a, b string) bool {
	ra, rb := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	slices.Sort(ra)
	slices.Sort(rb)
	return slices.Equal(ra, rb)
}

// editDistance is the Levenshtein distance, with a swap of neighbours as one
// step; it may stop early and return limit+1.
func editDistance(a, b string, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	ra, rb := []rune(a), []rune(b)
	prev2, prev, cur := make([]int, len(rb)+1), make([]int, len(rb)+1), make([]int, len(rb)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(ra); i++ {
		cur[0] = i
		for j := 1; j <= len(rb); j++ {
			cost := 1
			if unicode.ToLower(ra[i-1]) == unicode.ToLower(rb[j-1]) && ra[i-1] == rb[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && ra[i-1] == rb[j-2] && ra[i-2] == rb[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(rb)]
}

func isIdentRune(c rune) bool { return c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c) }
