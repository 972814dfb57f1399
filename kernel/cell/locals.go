package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// A top-level variable is a package variable, so a loop written at the top
// level would load and store memory where the same loop in a function uses
// registers. The entry function therefore works on local copies of the
// variables that nothing else can see while it runs. Every assignment to such a
// copy is followed by a store to the package variable, which costs no load and
// leaves the exact state behind when the cell panics in the middle (pureloop.go
// says where the store can wait).

// maxLocalSize is the largest variable, in bytes, that is worth a copy.
const maxLocalSize = 64

// local is a variable with a copy in the entry function.
type local struct {
	name   string
	symbol string
	isNew  bool
	writes []int // offsets in the cell after which the copy is stored back
	nested map[int]bool
	held   []Held // by loops
}

// candidate is a variable that may get a local copy.
type candidate struct {
	local
	obj  types.Object
	decl *Decl
	why  string // why it must stay in memory; "" while it needn't
}

// chooseLocals decides which variables of the cell get local copies.
func (r *rewriter) chooseLocals(ch checked) {
	r.inMemory = map[string]string{}
	cands := r.localCandidates(ch)
	visible, lasting := r.visibleElsewhere(ch)
	for name := range visible {
		if c := cands[name]; c != nil {
			c.why = whyReached
		}
		if d := r.scope.decls[name]; lasting && d != nil && d.Kind == KindVar {
			d.Memory = true
		}
		if v := r.findNewVar(name); lasting && v != nil && v.decl != nil {
			v.decl.Memory = true
		}
	}
	for i := range r.entry {
		w := localWalker{r: r, ch: ch, cands: cands, loops: pureLoops{ch: ch, known: map[ast.Node]bool{}}}
		for _, n := range r.entry[i].nodes() {
			w.walk(n, nil)
		}
	}
	r.locals = map[string]*local{}
	for name, c := range cands {
		v := r.findNewVar(name)
		if v != nil {
			v.judged = true
		}
		if c.why != "" {
			if c.sticky() && c.decl != nil {
				c.decl.Memory = true
			}
			r.inMemory[name] = c.why
			continue
		}
		if v != nil {
			v.local = true
		}
		l := c.local
		r.locals[name] = &l
	}
	r.keepTogether()
}

// keepTogether takes their copies from variables whose statement also declares one
// that has none: such a statement stands in a block of its own, behind which they
// would be out of scope.
func (r *rewriter) keepTogether() {
	for i := range r.entry {
		vars := r.entry[i].vars
		if !slices.ContainsFunc(vars, func(v *newVar) bool { return r.locals[v.name] == nil }) {
			continue
		}
		for _, v := range vars {
			if r.locals[v.name] != nil {
				delete(r.locals, v.name)
				v.local = false
				r.inMemory[v.name] = whyTogether
			}
		}
	}
}

// sticky reports whether the reason outlives the cell: somebody may keep the
// variable's address.
func (c *candidate) sticky() bool {
	return c.why == whyCaptured || c.why == whyAddress
}

// InMemory says of variables whether they have no local copies any more.
func (s *Scope) InMemory(names []string) map[string]bool {
	memory := map[string]bool{}
	for _, name := range names {
		if d := s.decls[name]; d != nil {
			memory[name] = d.Memory
		}
	}
	return memory
}

// SetInMemory makes it so again, after code that took addresses and kept none.
func (s *Scope) SetInMemory(memory map[string]bool) {
	for name, is := range memory {
		if d := s.decls[name]; d != nil {
			d.Memory = is
		}
	}
}

const (
	whyCaptured = "a closure or goroutine uses it"
	whyAddress  = "its address is taken"
	whyForm     = "it is assigned in the head of a statement"
	whyReached  = "a function of the session that the cell uses mentions it"
	whyTogether = "it is declared together with a variable that stays in memory"
	whyEarlier  = "something that outlives an earlier cell may use it"
)

func (r *rewriter) findNewVar(name string) *newVar {
	for _, v := range r.newVars {
		if v.name == name {
			return v
		}
	}
	return nil
}

// localCandidates returns the variables that the entry function mentions and
// whose kind makes a copy worth while.
func (r *rewriter) localCandidates(ch checked) map[string]*candidate {
	cands := map[string]*candidate{}
	sizes := types.SizesFor("gc", goarch)
	both := map[string]bool{}
	for i := range r.entry {
		for _, rf := range r.entry[i].refs {
			if rf.key != "" && !rf.local && r.findNewVar(rf.key) != nil {
				both[rf.key] = true // read as an older variable before it is declared anew
			}
		}
	}
	add := func(name, symbol string, obj types.Object, d *Decl, isNew bool) {
		if obj == nil || d == nil || both[name] {
			return
		}
		if d.Memory {
			r.inMemory[name] = whyEarlier
			return
		}
		switch obj.Type().Underlying().(type) {
		case *types.Array, *types.Struct, *types.Signature:
			return
		}
		if sizes.Sizeof(obj.Type()) <= maxLocalSize {
			cands[name] = &candidate{local: local{name: name, symbol: symbol, isNew: isNew, nested: map[int]bool{}}, obj: obj, decl: d}
		}
	}
	for _, v := range r.newVars {
		if v.decl != nil {
			add(v.name, v.decl.Symbol, v.obj, v.decl, true)
		}
	}
	for i := range r.entry {
		for _, rf := range r.entry[i].refs {
			d := r.scope.decls[rf.key]
			if d != nil && d.Kind == KindVar && !rf.local && cands[rf.key] == nil && r.findNewVar(rf.key) == nil {
				add(rf.key, d.Symbol, ch.pkg.Scope().Lookup(rf.key), d, false)
			}
		}
	}
	return cands
}

// visibleElsewhere returns the names that functions reachable from the cell
// mention. Lasting is true when such code may still run after the cell, as a
// goroutine or through a stored function value.
func (r *rewriter) visibleElsewhere(ch checked) (visible map[string]bool, lasting bool) {
	visible = map[string]bool{}
	t := newTrail()
	for i := range r.entry {
		t.follow(r.entry[i].refs)
		for _, n := range r.entry[i].nodes() {
			lasting = lasting || outlives(ch, n)
		}
	}
	for _, d := range r.scope.Decls() {
		// A method can be reached through any interface value.
		if d.transient || d.Kind == KindMethod {
			t.add(d.declKey())
		}
	}
	for d := range t.declarations(r.scope) {
		if d.Kind != KindFunc && d.Kind != KindMethod {
			continue
		}
		lasting = lasting || outlives(ch, d.node)
		for _, rf := range d.refs {
			visible[rf.key] = true
		}
		t.follow(d.refs)
	}
	return visible, lasting
}

// outlives reports whether code starts goroutines or passes functions around.
func outlives(ch checked, n ast.Node) bool {
	found := false
	called := map[ast.Node]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt, *ast.FuncLit:
			found = true
		case *ast.CallExpr:
			called[ast.Unparen(n.Fun)] = true
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok {
				called[sel.Sel] = true
			}
		case *ast.SelectorExpr:
			called[n.Sel] = called[n.Sel] || called[n]
		case *ast.FuncDecl:
			called[n.Name] = true
		case *ast.Ident:
			if _, ok := ch.info.Uses[n].(*types.Func); ok && !called[n] {
				found = true
			}
		}
		return !found
	})
	return found
}

// localWalker looks at every use of the candidates in one entry item.
type localWalker struct {
	r     *rewriter
	ch    checked
	cands map[string]*candidate
	loops pureLoops
}

// walk visits a tree with the stack of the nodes above.
func (w *localWalker) walk(root ast.Node, stack []ast.Node) {
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if id, ok := n.(*ast.Ident); ok {
			w.use(id, stack)
		}
		stack = append(stack, n)
		return true
	})
}

// use judges one mention of a candidate.
func (w *localWalker) use(id *ast.Ident, stack []ast.Node) {
	c := w.cands[id.Name]
	if c == nil || c.why != "" {
		return
	}
	obj := w.ch.info.Uses[id]
	if obj == nil {
		obj = w.ch.info.Defs[id]
	}
	if obj != c.obj {
		return
	}
	for _, n := range stack {
		if _, ok := n.(*ast.FuncLit); ok {
			c.why = whyCaptured
			return
		}
	}
	if len(stack) == 0 {
		return
	}
	w.useIn(c, id, stack)
}

// useIn judges a mention by the node around it.
func (w *localWalker) useIn(c *candidate, id *ast.Ident, stack []ast.Node) {
	i := len(stack) - 1
	for i > 0 {
		if _, ok := stack[i].(*ast.ParenExpr); !ok {
			break
		}
		i--
	}
	switch p := stack[i].(type) {
	case *ast.UnaryExpr:
		if p.Op == token.AND {
			c.why = whyAddress
		}
	case *ast.SelectorExpr:
		if sel := w.ch.info.Selections[p]; sel != nil && sel.Kind() == types.MethodVal && pointerReceiver(sel) {
			c.why = whyAddress // an implicit &v
		}
	case *ast.AssignStmt:
		if assigns(p, id) {
			if len(p.Lhs) > 1 && !allNames(p.Lhs) {
				c.why = whyForm // a, m[k] = 1, 2 may fail between the two
			}
			w.store(c, p, p.End(), stack[:i], p.Tok == token.DEFINE)
		}
	case *ast.IncDecStmt:
		w.store(c, p, p.End(), stack[:i], false)
	case *ast.RangeStmt:
		if p.Tok == token.ASSIGN && (p.Key == ast.Expr(id) || p.Value == ast.Expr(id)) && !w.sink(c, stack[:i+1]) {
			c.why = whyForm
		}
	}
}

// pointerReceiver reports whether a method call takes the address of its operand.
func pointerReceiver(sel *types.Selection) bool {
	fn, ok := sel.Obj().(*types.Func)
	if !ok {
		return false
	}
	recv := fn.Type().(*types.Signature).Recv()
	_, ptr := types.Unalias(recv.Type()).(*types.Pointer)
	_, already := sel.Recv().Underlying().(*types.Pointer)
	return ptr && !already
}

func assigns(as *ast.AssignStmt, id *ast.Ident) bool {
	for _, lhs := range as.Lhs {
		if ast.Unparen(lhs) == ast.Expr(id) {
			return true
		}
	}
	return false
}

func allNames(exprs []ast.Expr) bool {
	for _, x := range exprs {
		if _, ok := x.(*ast.Ident); !ok {
			return false
		}
	}
	return true
}
