package cell

import (
	"fmt"
	"go/ast"
	"slices"
)

// How generated code names regions of the program.
const (
	profAlias = "hpgo__prof"
	profPath  = "hpgo/magics/prof"
)

// regionEdits makes each call of a function a region of package prof, or a call that
// a trace notes, if the unit is to have it as one.
func (r *rewriter) regionEdits(d *Decl, fn *ast.FuncDecl, imports map[string]Import) []edit {
	key := d.declKey()
	begin := ""
	switch named := func(k string) bool { return plainKey(k) == key }; {
	case fn.Body == nil || d.transient:
	case slices.ContainsFunc(r.env.Regions, named):
		begin = "Start"
	case slices.ContainsFunc(r.env.Calls, named):
		begin = "Call"
	}
	if begin == "" {
		return nil
	}
	imports[profAlias] = Import{Name: profAlias, Path: profPath}
	off := d.offset(fn.Body.Lbrace) + 1
	return []edit{{off: off, end: off, text: fmt.Sprintf("defer %s.%s(%q).End();", profAlias, begin, key), order: orderBody}}
}
