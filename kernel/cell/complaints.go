package cell

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"
)

// What the type-checker says becomes diagnostics in cell coordinates, in the
// words of a notebook.

// wordError completes a checker's message with what a notebook user can do.
func (r *rewriter) wordError(msg string) string {
	if why := r.whyGone(msg); why != "" {
		return msg + " (" + why + ")"
	}
	name, ok := strings.CutPrefix(msg, "undefined: ")
	if !ok {
		return msg
	}
	if r.isNewVar(name) {
		return msg + " (it is declared further down in this cell)"
	}
	s := r.similar(name)
	if pkg, member, ok := strings.Cut(name, "."); ok {
		s = r.similarMember(pkg, member)
	}
	if s != "" {
		return msg + " (did you mean " + s + "?)"
	}
	return msg
}

// attach returns an error to append to a list. The checker reports the second
// and later parts of an error as errors of their own, which begin with a tab:
// they complete the one before.
func (r *rewriter) attach(errs []types.Error, e types.Error) []types.Error {
	e.Msg = plainAliases(e.Msg)
	part, ok := strings.CutPrefix(e.Msg, "\t")
	if !ok || len(errs) == 0 {
		return []types.Error{e}
	}
	prev := &errs[len(errs)-1]
	if strings.HasPrefix(part, "other declaration of ") {
		if src := r.sourceAt(e.Pos); src != nil {
			line, _ := src.position(int(e.Pos) - src.file.Base())
			part = fmt.Sprintf("first declared in line %d", line)
			if src != r.src {
				part = fmt.Sprintf("declared in cell %d:%d", src.Cell, line)
			}
			prev.Msg = strings.TrimSuffix(prev.Msg, " in this block") + " (" + part + ")"
			return nil
		}
	}
	prev.Msg += ": " + part
	return nil
}

// sourceAt returns the cell that contains a position, or nil.
func (r *rewriter) sourceAt(p token.Pos) *Source {
	f := r.scope.Fset.File(p)
	if f == r.src.file {
		return r.src
	}
	for _, d := range r.scope.decls {
		if d.src != nil && d.src.file == f {
			return d.src
		}
	}
	return nil
}

// ignorable reports errors that a notebook cell may make: unused imports.
func ignorable(e types.Error) bool {
	return strings.Contains(e.Msg, "imported and not used") || strings.Contains(e.Msg, "imported as") && strings.Contains(e.Msg, "and not used")
}

// unusedResult recognises the complaint about the last expression, which is
// what a notebook shows.
func (r *rewriter) unusedResult(e types.Error) bool {
	if !strings.HasSuffix(e.Msg, "is not used") {
		return false
	}
	it, ok := r.cell.LastExpr()
	if !ok && r.cell.Hidden && len(r.cell.Items) > 0 {
		it = r.cell.Items[len(r.cell.Items)-1]
		ok = it.Stmt != nil
	}
	off := int(e.Pos) - r.src.file.Base()
	return ok && it.Start <= off && off <= it.End
}

// wordLength returns the length of the identifier or token at an offset.
func (r *rewriter) wordLength(off int) int {
	n := 0
	for _, c := range r.cell.Text[min(max(off, 0), len(r.cell.Text)):] {
		if !isIdentRune(c) {
			break
		}
		n += len(string(c))
	}
	return max(n, 1)
}

// cellErrors returns the errors in the cell's own text as diagnostics.
func (r *rewriter) cellErrors(ch checked) Errors {
	var errs Errors
	for _, e := range ch.errs {
		if r.unusedResult(e) {
			continue
		}
		pos := e.Pos
		if f := r.scope.Fset.File(pos); f != r.src.file {
			pos = r.src.file.Pos(0)
		}
		msg := r.wordError(e.Msg)
		if msg == e.Msg && noMember.MatchString(msg) && !strings.Contains(msg, ", but does have") {
			if s := r.similarField(ch, pos); s != "" {
				msg += " (did you mean " + s + "?)"
			}
		}
		d := r.diag(pos, msg)
		d.EndCol = d.Col + r.wordLength(int(pos)-r.src.file.Base())
		errs = append(errs, d)
	}
	errs.Sort()
	return errs.Dedupe()
}
