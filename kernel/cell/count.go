package cell

import (
	"cmp"
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// Count says what a unit counts while it runs: how often lines and functions were
// executed. The counters are increments in the generated source, so a unit with
// counters is slower than one without and not meant to be timed.
//
// Hits of a line are the executions of the first statement or operand that begins
// on it, which is what Python's line_profiler reports:
//
//   - the header of a loop counts evaluations: entries and completed bodies, and
//     for a loop without a condition the rounds that were begun;
//   - else if, and case as long as no earlier one was chosen, count evaluations;
//     default and the cases of a select count how often they were chosen;
//   - lines on which a statement goes on count as the statement, but what stands
//     behind && or || on a line of its own counts how often it was evaluated;
//   - lines without anything to execute (braces, else, labels, types, constants)
//     have no hits.
//
// A statement over several lines counts once on its first line, where Python counts
// again when a call comes back to it.
type Count struct {
	Lines, Calls Counted
	Packages     []*CountedPackage // other packages that are counted in
	// Carriers are packages without counters through which code of the session calls
	// those that have some.
	Carriers []*CountedPackage
}

// Counted is a set of functions.
type Counted struct {
	Keys  []string // functions and methods of the session: "f", "T.m"; "(*T).m" means the same
	Cells []int    // all functions that these cells declared
	All   bool     // every function of the session
	Entry bool     // the statements of the cell itself
}

// CountKind tells what a Counter counts.
type CountKind int

// The kinds of counters.
const (
	CountHits  CountKind = iota // executions of a line
	CountCalls                  // calls of a function
	// CountPrimitive: calls of a function that were not made, directly or through
	// others, by the function itself.
	CountPrimitive
)

// Counter is a place that a unit counts. Its value is the sum of some of the
// unit's counts, less some others.
type Counter struct {
	Func        string // "f", "T.m"; "" for the cell's own statements
	Lit         bool   // of a function literal inside Func; Line is that of its func
	Kind        CountKind
	Cell        int
	File        string // of a function of a package; "" for the session's
	Line        int    // of calls: where the function is declared
	Plus, Minus []int
}

// Value computes the counter from the counts of its unit, as the harness reports
// them (magics/harness, Counting).
func (c Counter) Value(counts []uint64) uint64 {
	var v uint64
	for _, i := range c.Plus {
		v += counts[i]
	}
	for _, i := range c.Minus {
		v -= counts[i]
	}
	return v
}

// Names of what counting adds to the generated source.
const (
	countsName   = "hpgo__n"
	hitName      = "hpgo__hit"
	atomicAlias  = "hpgo__atomic"
	atomicPath   = "sync/atomic"
	harnessPath  = "hpgo/magics/harness"
	harnessAlias = "hpgo__harness"
)

// Orders of the edits that counting makes, among all edits at one offset.
const (
	orderSeam   = -9 // a line directive, which begins a line
	orderBody   = -4 // behind the brace or colon that begins a body
	orderBefore = -3 // ahead of a statement
	orderClose  = 2  // behind a statement
	orderEnd    = 4  // ahead of the brace that ends a body
)

// counting collects the counters of one unit.
type counting struct {
	what     *Count
	name     string // of the array of counts
	graph    *callGraph
	counters []Counter
	slots    int
}

// has reports whether a set contains a function that a cell declared.
func (c *Counted) has(key string, cell int) bool {
	return c.All || slices.Contains(c.Cells, cell) || slices.ContainsFunc(c.Keys, func(k string) bool { return plainKey(k) == key })
}

// plainKey turns (*T).m into T.m.
func plainKey(key string) string {
	if rest, ok := strings.CutPrefix(key, "(*"); ok {
		return strings.Replace(rest, ")", "", 1)
	}
	return key
}

// slot returns the index of a new count.
func (c *counting) slot() int {
	c.slots++
	return c.slots - 1
}

// startCounting prepares counting, if it was asked for.
func (r *rewriter) startCounting(ch checked) {
	if r.env.Count != nil {
		r.counts = &counting{what: r.env.Count, name: countsName, graph: newCallGraph(r, ch)}
		r.entryLines = map[int]linePlace{}
	}
}

// countFunc returns the edits that count in a function of the session.
func (r *rewriter) countFunc(ch checked, d *Decl, fn *ast.FuncDecl, imports map[string]Import) []edit {
	if r.counts == nil || fn.Body == nil {
		return nil
	}
	key := d.declKey()
	if d.transient {
		key = "main"
		if d.Name != "hpgo__main" {
			key = "init"
		}
	}
	w := &countWalker{c: r.counts, ch: ch, src: d.src, key: key, lines: map[int]linePlace{}, pure: pureLoops{ch: ch},
		hits: r.counts.what.Lines.has(key, d.src.Cell), calls: r.counts.what.Calls.has(key, d.src.Cell)}
	if !w.hits && !w.calls {
		return nil
	}
	w.function(d.declKey(), fn, fn.Body)
	w.finish(imports)
	return w.edits
}

// countItem returns the edits that count in a statement of the cell itself, and
// what stands ahead of it.
func (r *rewriter) countItem(ch checked, e *entryItem, imports map[string]Import) (ahead string, edits []edit) {
	if r.counts == nil || e.Stmt == nil && e.Decl == nil {
		return "", nil
	}
	what := r.counts.what
	w := &countWalker{c: r.counts, ch: ch, src: r.src, lines: r.entryLines, pure: pureLoops{ch: ch}, hits: what.Lines.Entry, calls: what.Calls.Entry}
	if !w.hits && !w.calls {
		return "", nil
	}
	w.first = e.Code
	stmt := e.Stmt
	if stmt == nil {
		stmt = &ast.DeclStmt{Decl: e.Decl}
	}
	w.gotos = gotosIn(stmt)
	v := sum{}
	if w.hits {
		v = w.list([]ast.Stmt{stmt})
	} else {
		w.closures(stmt)
	}
	for _, x := range e.nodes()[1:] {
		w.expr(x, v)
	}
	w.finish(imports)
	return w.ahead, w.edits
}

// emitCounts writes the counts and the code that reports them, and returns what
// the entry function begins with.
func (r *rewriter) emitCounts(b *strings.Builder, imports map[string]Import) string {
	if r.counts == nil {
		return ""
	}
	imports[harnessAlias] = Import{Name: harnessAlias, Path: harnessPath}
	imports[atomicAlias] = Import{Name: atomicAlias, Path: atomicPath}
	fmt.Fprintf(b, "var %s [%d]uint64\n", countsName, max(r.counts.slots, 1))
	fmt.Fprintf(b, "func %s(p *uint64) bool { *p++; return true }\n", hitName)
	fmt.Fprintf(b, "func %sShared(p *uint64) bool { %s.AddUint64(p, 1); return true }\n", hitName, atomicAlias)
	arrays := countsName + "[:]"
	for i, p := range r.env.Count.Packages {
		alias := fmt.Sprintf("hpgo__counted%d", i)
		imports[alias] = Import{Name: alias, Path: p.Path}
		arrays += ", " + alias + "." + packageCounts + "[:]"
	}
	return fmt.Sprintf("defer %s.Counting(%s)()\n", harnessAlias, arrays)
}

// counters returns what the unit counts, in order of the source.
func (r *rewriter) counters() []Counter {
	if r.counts == nil {
		return nil
	}
	list := r.counts.counters
	slots := max(r.counts.slots, 1)
	for _, p := range r.env.Count.Packages {
		for _, c := range p.counters {
			c.Plus, c.Minus = shifted(c.Plus, slots), shifted(c.Minus, slots)
			list = append(list, c)
		}
		slots += p.slots
	}
	slices.SortStableFunc(list, func(a, b Counter) int {
		return cmp.Or(cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Kind, b.Kind))
	})
	return list
}
