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

// functionName is the name of a function as the user knows it.
func functionName(name string) string {
	if rest, ok := strings.CutPrefix(name, cell.PackagePath+"."+cell.EntryName); ok && (rest == "" || literals.MatchString(rest)) {
		return theCell
	}
	return shortName(name)
}

// restoredNote tells which variables have their values back, if any.
func restoredNote(names []string) []string {
	if len(names) == 0 {
		return nil
	}
	return []string{"restored: " + strings.Join(names, ", ") + " (--keep leaves what the measured code assigns)"}
}

// shortFile is a file's name with its directory; cells keep theirs.
func shortFile(file string) string {
	if strings.HasPrefix(file, "cell ") {
		return file
	}
	return path.Join(path.Base(path.Dir(file)), path.Base(file))
}
