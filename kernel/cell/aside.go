package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// What no longer compiles with the declarations of a later cell is set aside:
// it leaves the scope with a note, and each later cell tries it again, so that
// it comes back when what it needs does.

// aside is a declaration that was set aside.
type aside struct {
	decl *Decl
	keys []string // under which it stood in the scope
	why  string
	// quiet is set when it only waits for a variable that the user knows is gone
	quiet bool
}

// restoreAside puts what was set aside back into the scope for another try,
// types ahead of their methods.
func (r *rewriter) restoreAside() {
	r.retried = r.scope.aside
	r.scope.aside = nil
	for _, a := range r.retried {
		d := *a.decl
		if d.Kind == KindMethod {
			if t, ok := r.scope.decls[d.Recv]; !ok || t.Kind != KindType {
				r.scope.aside = append(r.scope.aside, a)
				continue
			}
		}
		for _, k := range a.keys {
			if _, taken := r.scope.decls[k]; !taken {
				r.scope.put(k, &d)
			}
		}
	}
}

// dropBroken sets aside the declarations of earlier cells that no longer
// compile and reports whether there were any.
func (r *rewriter) dropBroken(ch checked) bool {
	dropped := false
	for _, e := range ch.errs {
		if v := r.varAt(e.Pos); v != "" {
			r.dropVars("its type was redefined", v)
			dropped = true
			continue
		}
		d := r.ownerOf(e.Pos)
		if d == nil || r.setAside[d.declKey()] != "" {
			continue
		}
		r.putAside(d, e.Msg)
		dropped = true
	}
	return dropped
}

// putAside takes a declaration out of the scope; a type takes its methods and
// variables along.
func (r *rewriter) putAside(d *Decl, why string) {
	key := d.declKey()
	quiet := false
	if name, ok := strings.CutPrefix(why, "undefined: "); ok && r.scope.lost[name] != "" {
		why, quiet = why+", which "+r.scope.lost[name], true
	} else if !r.wasAside(key) {
		r.notes = append(r.notes, fmt.Sprintf("%s %s (cell %d) no longer compiles and was set aside: %s", d.Kind, key, d.Cell, why))
	}
	a := aside{decl: d, why: why, quiet: quiet}
	for k, other := range r.scope.decls {
		if other == d {
			a.keys = append(a.keys, k)
			r.setAside[k] = why
		}
	}
	slices.Sort(a.keys)
	r.setAside[key] = why
	r.scope.aside = append(r.scope.aside, a)
	if d.Kind != KindType {
		for _, k := range a.keys {
			r.scope.remove(k)
		}
		return
	}
	for _, m := range r.scope.methods(d.Name) {
		r.setAside[m.declKey()] = why
		r.scope.aside = append(r.scope.aside, aside{decl: m, keys: []string{m.declKey()}, why: why})
	}
	r.scope.removeName(key)
	for _, v := range r.scope.Vars() {
		if _, ok := v.deps[key]; ok {
			r.dropVars("its type was set aside", v.Name)
		}
	}
}

// wasAside reports whether a declaration stood aside before this cell.
func (r *rewriter) wasAside(key string) bool {
	return slices.ContainsFunc(r.retried, func(a aside) bool { return a.decl.declKey() == key })
}

// noteReturned tells what came back.
func (r *rewriter) noteReturned() {
	for _, a := range r.retried {
		d := r.scope.decls[a.keys[0]]
		if !a.quiet && d != nil && d.node == a.decl.node && d.Cell != r.n {
			r.notes = append(r.notes, fmt.Sprintf("%s %s (cell %d) compiles again", d.Kind, d.declKey(), d.Cell))
		}
	}
}

// dropVars forgets variables; the user is told of those that the cell doesn't
// declare again.
func (r *rewriter) dropVars(why string, names ...string) {
	var told []string
	for _, n := range names {
		r.scope.removeName(n)
		if !r.isNewVar(n) {
			r.scope.lost = maps.Clone(r.scope.lost)
			if r.scope.lost == nil {
				r.scope.lost = map[string]string{}
			}
			r.scope.lost[n] = "was dropped: " + why
			told = append(told, n)
		}
	}
	switch {
	case len(told) == 1:
		r.notes = append(r.notes, told[0]+" was dropped: "+why)
	case len(told) > 1:
		why = strings.Replace(why, "its type was", "their types were", 1)
		r.notes = append(r.notes, strings.Join(told, ", ")+" were dropped: "+why)
	}
}

// varAt returns the variable whose spelled type contains a position of the
// generated file of variables, or "".
func (r *rewriter) varAt(p token.Pos) string {
	if r.varFile == nil {
		return ""
	}
	for _, d := range r.varFile.Decls {
		gen, ok := d.(*ast.GenDecl)
		if ok && gen.Tok == token.VAR && d.Pos() <= p && p <= d.End() {
			if name := gen.Specs[0].(*ast.ValueSpec).Names[0].Name; r.scope.decls[name] != nil {
				return name
			}
		}
	}
	return ""
}

// ownerOf returns the declaration of an earlier cell that contains a position.
func (r *rewriter) ownerOf(p token.Pos) *Decl {
	f := r.scope.Fset.File(p)
	if f == nil || f == r.src.file {
		return nil
	}
	for _, d := range r.scope.Decls() {
		if d.node != nil && d.src.file == f && d.node.Pos() <= p && p <= d.node.End() {
			return d
		}
	}
	return nil
}

var noMember = regexp.MustCompile(`type \*?(\S+) has no field or method (\w+)`)

// whyGone explains a name that the session doesn't have any more, or returns "".
func (r *rewriter) whyGone(msg string) string {
	name, ok := strings.CutPrefix(msg, "undefined: ")
	if m := noMember.FindStringSubmatch(msg); !ok && m != nil {
		name = m[1] + "." + m[2]
	}
	if why := r.setAside[name]; why != "" {
		return "it was set aside: " + why
	}
	if why := r.scope.lost[name]; why != "" {
		return "it " + why
	}
	return ""
}
