package cell

import (
	"go/ast"
	"go/types"
	"strings"
)

// callGraph says who may call whom in a session. Counters need it for two
// questions: may several goroutines run a function, and may it call itself. Both
// answers may be yes where the truth is no; that costs time, not exactness.
//
// Nodes are the keys of functions, function literals (*ast.FuncLit), and anyCall.
type callGraph struct {
	r         *rewriter
	ch        checked
	edges     map[any][]any
	started   []any // what goroutines run
	shared    map[any]bool
	recursive map[any]bool
	unknown   bool // nothing is known of the calls
}

// isShared reports whether several goroutines may run a node's code.
func (g *callGraph) isShared(n any) bool { return g.unknown || g.shared[n] }

// anyCall is the node of a call that doesn't tell whom it calls: it leads to all
// methods, literals, and functions that are used as values.
const anyCall = graphNode("any")

// entryNode is the cell's own code.
const entryNode = graphNode("entry")

type graphNode string

func newCallGraph(r *rewriter, ch checked) *callGraph {
	g := &callGraph{r: r, ch: ch, edges: map[any][]any{}}
	for _, d := range r.scope.Decls() {
		if d.Kind == KindMethod {
			g.edge(anyCall, d.declKey())
		}
		if fn, ok := d.node.(*ast.FuncDecl); ok && fn.Body != nil {
			g.walk(d.declKey(), fn.Body)
		}
	}
	for i := range r.entry {
		for _, n := range r.entry[i].nodes() {
			g.walk(entryNode, n)
		}
	}
	g.shared = map[any]bool{}
	for _, n := range g.started {
		g.reach(n, g.shared)
	}
	g.recursive = map[any]bool{}
	for n := range g.edges {
		seen := map[any]bool{}
		for _, next := range g.edges[n] {
			g.reach(next, seen)
		}
		g.recursive[n] = seen[n]
	}
	return g
}

func (g *callGraph) edge(from, to any) { g.edges[from] = append(g.edges[from], to) }

// reach adds a node and all that it may lead to.
func (g *callGraph) reach(n any, seen map[any]bool) {
	if seen[n] {
		return
	}
	seen[n] = true
	for _, next := range g.edges[n] {
		g.reach(next, seen)
	}
}

// walk adds the calls of a function's code.
func (g *callGraph) walk(from any, root ast.Node) {
	called := map[ast.Node]bool{}
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			g.edge(from, n)
			g.edge(anyCall, n)
			g.walk(n, n.Body)
			return false
		case *ast.GoStmt:
			g.started = append(g.started, g.targets(n.Call)...)
		case *ast.RangeStmt:
			if t := g.ch.info.TypeOf(n.X); t != nil {
				if _, ok := t.Underlying().(*types.Signature); ok {
					g.edge(from, anyCall)
				}
			}
		case *ast.CallExpr:
			for _, t := range g.targets(n) {
				g.edge(from, t)
			}
			if id := calledName(n); id != nil {
				called[id] = true
			}
		case *ast.Ident:
			if fn, ok := g.ch.info.Uses[n].(*types.Func); ok && !called[n] && fn.Pkg() == g.ch.pkg {
				g.edge(anyCall, funcKey(fn))
			}
		}
		return true
	})
}

// calledName returns the identifier that names a called function; nil: a value is
// called.
func calledName(call *ast.CallExpr) *ast.Ident {
	fun := ast.Unparen(call.Fun)
	switch f := fun.(type) {
	case *ast.IndexExpr:
		fun = f.X
	case *ast.IndexListExpr:
		fun = f.X
	}
	switch f := fun.(type) {
	case *ast.Ident:
		return f
	case *ast.SelectorExpr:
		return f.Sel
	}
	return nil
}

// targets returns what a call may run, and notes what it may start.
func (g *callGraph) targets(call *ast.CallExpr) []any {
	if tv := g.ch.info.Types[call.Fun]; tv.IsType() || tv.IsBuiltin() {
		return nil
	}
	if lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
		return []any{lit}
	}
	id := calledName(call)
	if id == nil {
		return []any{anyCall}
	}
	fn, ok := g.ch.info.Uses[id].(*types.Func)
	switch {
	case !ok, interfaceMethod(fn):
		return []any{anyCall}
	case fn.Pkg() == g.ch.pkg:
		return []any{funcKey(fn)}
	case fn.Pkg() == nil:
		return nil // error.Error of the universe is an interface's
	}
	_, starts := starters[fn.FullName()]
	switch name := fn.FullName(); {
	case starts, name == "runtime.SetFinalizer", name == "runtime.AddCleanup":
		g.started = append(g.started, anyCall)
	case hasRoot(neverCalls, fn.Pkg().Path()):
		return nil
	case !hasRoot(startNothing, fn.Pkg().Path()):
		g.started = append(g.started, anyCall)
	}
	return []any{anyCall}
}

// funcKey returns the scope's key of a function or method of the session.
func funcKey(fn *types.Func) string {
	recv := fn.Type().(*types.Signature).Recv()
	if recv == nil {
		return fn.Name()
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if named, ok := t.(*types.Named); ok {
		return named.Obj().Name() + "." + fn.Name()
	}
	return fn.Name()
}

// neverCalls are packages of the standard library that don't call what they are
// given; startNothing are those that may, but on no goroutine of their own.
var (
	neverCalls   = []string{"crypto", "hash", "html", "math", "os", "path", "runtime", "strconv", "time", "unicode", "unsafe"}
	startNothing = []string{"bufio", "bytes", "cmp", "compress", "container", "context", "encoding", "errors", "fmt", "io", "iter", "log", "maps", "reflect",
		"regexp", "slices", "sort", "strings", "sync", "text", "hpgo/kernel/display", "hpgo/plots", "hpgo/magics/harness"}
)

// hasRoot reports whether a path is one of some packages or below it.
func hasRoot(roots []string, path string) bool {
	for _, r := range roots {
		if path == r || strings.HasPrefix(path, r+"/") {
			return true
		}
	}
	return false
}
