package profiling

import (
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
)

// literals is what the compiler adds to the name of a function for those that are
// written inside it.
var literals = regexp.MustCompile(`\.func\d+(\.\d+)*$`)

// functionName is the name of a function as the user knows it.
func functionName(name string) string {
	if rest, ok := strings.CutPrefix(name, cell.PackagePath+"."+cell.EntryName); ok && (rest == "" || literals.MatchString(rest)) {
		return theCell
	}
	return shortName(name)
}

// shortFile is a file's name with its directory; cells keep theirs.
func shortFile(file string) string {
	if strings.HasPrefix(file, "cell ") {
		return file
	}
	return path.Join(path.Base(path.Dir(file)), path.Base(file))
}

// theCell is the name under which the statement's own lines are shown.
const theCell = "(the cell)"

// shortName is a linker name as a reader of Go knows it.
func shortName(name string) string {
	if name == "" {
		return "code that isn't Go"
	}
	name = strings.TrimPrefix(name, cell.PackagePath+".")
	return cell.PlainName(name[strings.LastIndexByte(name, '/')+1:])
}

// sourceFile is a file as the table names it: of packages with the import path.
func sourceFile(f magic.Function) string {
	if f.Package == "" {
		return f.File
	}
	return f.Package + "/" + filepath.Base(f.File)
}

// packageOf is the import path in a linker name.
func packageOf(name string) string {
	slash := strings.LastIndexByte(name, '/') + 1
	if i := strings.IndexAny(name, "[("); i >= 0 && i < slash {
		slash = strings.LastIndexByte(name[:i], '/') + 1
	}
	dot := strings.IndexByte(name[slash:], '.')
	if dot < 0 {
		return ""
	}
	return strings.ReplaceAll(name[:slash+dot], "%2e", ".")
}

// linkName is a function's name as the linker has it.
func linkName(f magic.Function) string {
	if f.Package == "" {
		return cell.PackagePath + "." + f.Name
	}
	_, own, _ := strings.Cut(f.Name, ".")
	return f.Package + "." + own
}

// within reports whether a frame lies in a function's source: so do its closures.
func within(fr harness.AllocFrame, f magic.Function) bool {
	if fr.Line < f.First || fr.Line >= f.First+len(f.Lines) {
		return false
	}
	if f.Package == "" {
		return fr.File == f.File
	}
	return strings.HasPrefix(fr.Function, f.Package+".") && filepath.Base(fr.File) == filepath.Base(f.File)
}
