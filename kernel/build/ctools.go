package build

import "os/exec"

// compilers are the names under which a C compiler driver is looked for.
var compilers = []string{"gcc", "cc", "clang"}

// linkers are the linkers that work for cells, quickest first. mold is not among
// them: the entries of its procedure linkage table load their index into R11,
// which is Go's ninth integer argument register, so calls between modules with
// that many words of arguments would get a wrong value.
var linkers = []string{"ld.gold", "ld", "ld.lld"}

// FindCompiler returns the path of the C compiler driver, or ErrNoGcc.
func FindCompiler() (string, error) { return firstOf(compilers, ErrNoGcc) }

// FindLinker returns the path of the linker, or ErrNoLinker.
func FindLinker() (string, error) { return firstOf(linkers, ErrNoLinker) }

func firstOf(names []string, missing error) (string, error) {
	for _, name := range names {
		if p, err := exec.LookPath(name); err == nil {
			return p, nil
		}
	}
	return "", missing
}
