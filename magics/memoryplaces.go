package magics

import (
	"path"
	"regexp"
	"strings"

	"hpgo/kernel/cell"
)

// literals is what the compiler adds to the name of a function for those that are
// written inside it.
var literals = regexp.MustCompile(`\.func\d+(\.\d+)*$`)

// functionName is the name of a function as the user knows it: those of the
// session without the package, others with the last part of its path.
func functionName(name string) string {
	own, ok := strings.CutPrefix(name, cell.PackagePath+".")
	if !ok {
		return name[strings.LastIndexByte(name, '/')+1:]
	}
	if rest, ok := strings.CutPrefix(own, cell.EntryName); ok && (rest == "" || literals.MatchString(rest)) {
		return "(the cell)"
	}
	return strings.ReplaceAll(cell.PlainName(own), "hpgo__main", "main")
}

// shortFile is a file's name with its directory; cells keep theirs.
func shortFile(file string) string {
	if strings.HasPrefix(file, "cell ") {
		return file
	}
	return path.Join(path.Base(path.Dir(file)), path.Base(file))
}
