package cell

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"strconv"
	"strings"
)

var versionElem = regexp.MustCompile(`^v[0-9]+$`)

// declareImports records an import declaration.
func (r *rewriter) declareImports(it Item) Errors {
	var errs Errors
	for _, spec := range it.Decl.(*ast.GenDecl).Specs {
		is := spec.(*ast.ImportSpec)
		p, err := strconv.Unquote(is.Path.Value)
		if err != nil {
			errs = append(errs, r.diag(is.Path.Pos(), "invalid import path "+is.Path.Value))
			continue
		}
		if p == "C" {
			if len(it.Decl.(*ast.GenDecl).Specs) > 1 {
				errs = append(errs, r.diag(is.Path.Pos(), `import "C" must stand alone, right behind its comment with C code`))
				continue
			}
			r.scope.cgo = append(r.scope.cgo, cgoPreamble{r.src, it.Start, it.End, r.n})
			r.scope.imports["C"] = Import{Name: "C", Path: "C"}
			continue
		}
		pkg, err := r.env.Importer.Import(p)
		if err != nil {
			errs = append(errs, r.diag(is.Path.Pos(), importMessage(p, err)))
			continue
		}
		im := Import{Name: pkg.Name(), Path: p}
		if is.Name != nil {
			im.Name = is.Name.Name
		}
		switch im.Name {
		case "_":
			r.scope.addBlank(im)
		case ".":
			r.scope.imports[". "+p] = im
		default:
			if d, ok := r.scope.decls[im.Name]; ok && d.Cell != r.n {
				r.scope.removeName(im.Name) // the newest meaning of a name wins
			}
			r.scope.imports[im.Name] = im
		}
	}
	return errs
}

// importMessage words a failed import with the way out. What the go command
// says of a module that it doesn't find is many lines about its proxies.
func importMessage(p string, err error) string {
	msg := err.Error()
	if !strings.Contains(strings.SplitN(p, "/", 2)[0], ".") {
		return fmt.Sprintf("cannot import %q: %s", p, msg)
	}
	if strings.Contains(msg, "finding module for package") || strings.Contains(msg, "in no module of this session") || strings.Contains(msg, "no required module") {
		msg = "it is in no module of this session, nor in the module cache"
	}
	return fmt.Sprintf("cannot import %q: %s (get it with: %%get %s)", p, msg, p)
}

// addBlank records a side-effect import once.
func (s *Scope) addBlank(im Import) {
	for _, b := range s.blank {
		if b.Path == im.Path {
			return
		}
	}
	s.blank = append(s.blank, im)
}

// guessName returns the name that an import path most likely declares; the
// checker corrects it where the package says otherwise.
func guessName(importPath string) string {
	base := path.Base(importPath)
	if versionElem.MatchString(base) && strings.Contains(importPath, "/") {
		base = path.Base(path.Dir(importPath))
	}
	base = strings.TrimPrefix(base, "go-")
	if i := strings.LastIndex(base, "."); i > 0 && versionElem.MatchString(base[i+1:]) {
		base = base[:i] // gopkg.in/yaml.v3
	}
	return strings.ReplaceAll(base, "-", "_")
}
