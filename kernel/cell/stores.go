package cell

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"sort"
	"strings"
)

// Where the local copies of variables are stored: found by the localWalker
// (locals.go), written by the emitter.

// Held is a variable that is stored only when a loop has ended: an interrupt in
// the loop, between two lines of the cell, leaves the value from before it.
type Held struct {
	Name        string
	First, Last int // lines
}

// heldVars returns what the loops of the cell hold back, in order.
func (r *rewriter) heldVars() []Held {
	var all []Held
	for _, l := range r.locals {
		all = append(all, l.held...)
	}
	slices.SortFunc(all, func(a, b Held) int {
		return cmp.Or(cmp.Compare(a.First, b.First), strings.Compare(a.Name, b.Name), cmp.Compare(a.Last, b.Last))
	})
	return slices.Compact(all)
}

// store notes that a candidate is assigned by a statement. Only a statement in
// a list of statements leaves room for the store behind it.
func (w *localWalker) store(c *candidate, s ast.Stmt, end token.Pos, above []ast.Node, define bool) {
	if w.sink(c, above) {
		return
	}
	off := int(end) - w.r.src.file.Base()
	if len(above) == 0 {
		if !define {
			c.writes = append(c.writes, off)
		}
		return // a := of the item itself is stored by the emitter
	}
	switch p := above[len(above)-1].(type) {
	case *ast.BlockStmt:
	case *ast.CaseClause:
	case *ast.CommClause:
		if p.Comm == s {
			c.why = whyForm
		}
	default:
		c.why = whyForm
	}
	c.writes = append(c.writes, off)
	c.nested[off] = true
}

// sink stores a candidate behind the pure loop around an assignment, and reports
// whether there is one.
func (w *localWalker) sink(c *candidate, stack []ast.Node) bool {
	i := w.loops.around(stack)
	if i < 0 {
		return false
	}
	end := stack[i].End()
	file := w.r.src.file
	c.held = append(c.held, Held{Name: c.name, First: file.Line(stack[i].Pos()), Last: file.Line(end)})
	for i > 0 { // behind L: for ... is behind the for
		if _, ok := stack[i-1].(*ast.LabeledStmt); !ok {
			break
		}
		i--
	}
	off := int(end) - w.r.src.file.Base()
	c.writes = append(c.writes, off)
	if i > 0 {
		c.nested[off] = true
	}
	return true
}

// pointerName names the pointer to a variable's memory in the entry function.
func pointerName(name string) string { return "hpgo__p_" + name }

// topLevelStores returns the local copies that the item itself assigns.
func (r *rewriter) topLevelStores(e *entryItem) []string {
	var names []string
	for name, l := range r.locals {
		for _, off := range l.writes {
			if off > e.Start && off <= e.End && !l.nested[off] {
				names = append(names, name)
				break
			}
		}
	}
	sort.Strings(names)
	return names
}

// storeEdits inserts the stores behind assignments nested in the item.
func (r *rewriter) storeEdits(e *entryItem) []edit {
	byOff := map[int][]string{}
	for name, l := range r.locals {
		for _, off := range l.writes {
			if l.nested[off] && off > e.Start && off <= e.End && !slices.Contains(byOff[off], name) {
				byOff[off] = append(byOff[off], name)
			}
		}
	}
	var edits []edit
	for off, names := range byOff {
		sort.Strings(names)
		var b strings.Builder
		for _, n := range names {
			fmt.Fprintf(&b, "; *%s = %s", pointerName(n), n)
		}
		edits = append(edits, edit{off: off, end: off, text: b.String(), order: 1})
	}
	return edits
}
