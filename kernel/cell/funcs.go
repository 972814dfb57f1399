package cell

import (
	"go/ast"
	"strings"
)

// Function is a function or method of the session, as it stands in its cell.
type Function struct {
	Key   string // "f", "T.m"
	Name  string // as Go spells it: "f", "(*T).m", "T.m"
	Cell  int
	First int      // the line of its func
	Lines []string // its lines, whole
}

// Function returns a function by its key; "(*T).m" means T.m.
func (s *Scope) Function(key string) (Function, bool) {
	d := s.decls[plainKey(key)]
	if d == nil || d.Kind != KindFunc && d.Kind != KindMethod {
		return Function{}, false
	}
	return d.function()
}

// Functions returns the session's functions and methods in order of declaration.
func (s *Scope) Functions() []Function {
	var all []Function
	for _, d := range s.Decls() {
		if f, ok := d.function(); ok {
			all = append(all, f)
		}
	}
	return all
}

func (d *Decl) function() (Function, bool) {
	fn, ok := d.node.(*ast.FuncDecl)
	if !ok || d.transient {
		return Function{}, false
	}
	f := Function{Key: d.declKey(), Name: d.declKey(), Cell: d.src.Cell}
	if fn.Recv != nil && len(fn.Recv.List) > 0 {
		if _, ptr := ast.Unparen(fn.Recv.List[0].Type).(*ast.StarExpr); ptr {
			f.Name = "(*" + d.Recv + ")." + d.Name
		}
	}
	first, _ := d.src.position(d.offset(fn.Pos()))
	last, _ := d.src.position(d.offset(fn.End()) - 1)
	f.First, f.Lines = first, strings.Split(d.src.Text, "\n")[first-1:last]
	return f, true
}
