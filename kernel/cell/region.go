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

// regionEdits makes each call of a function a region of package prof, if the unit
// is to have it as one.
func (r *rewriter) regionEdits(d *Decl, fn *ast.FuncDecl, imports map[string]Import) []edit {
	key := d.declKey()
	if fn.Body == nil || d.transient || !slices.ContainsFunc(r.env.Regions, func(k string) bool { return plainKey(k) == key }) {
		return nil
	}
	imports[profAlias] = Import{Name: profAlias, Path: profPath}
	off := d.offset(fn.Body.Lbrace) + 1
	return []edit{{off: off, end: off, text: fmt.Sprintf("defer %s.Start(%q).End();", profAlias, key), order: orderBody}}
}
