package build

import "slices"

// mode says for what kind of object a module's packages are compiled. Packages
// of different modes can't be linked together, so a module has one mode for its
// life and its own table of archives.
type mode struct {
	name    string
	flags   []string // build flags common to all packages
	list    []string // more flags of go list -export
	compile []string // flags of the compile tool for the session's package
	needs   []string // packages that a unit is linked with beside its imports
}

// sharedMode is for cells that are loaded into a live worker.
func sharedMode() mode {
	return mode{
		name:    byNameFlag,
		flags:   []string{byNameFlag},
		list:    []string{"-buildmode=plugin"}, // selects the code generation that plugins need
		compile: []string{"-dynlink", "-linkshared"},
		needs:   []string{"plugin", "runtime/cgo"},
	}
}

// plainMode is for cells that are whole programs. The archives are those of any
// go build, so most of them are in the build cache already.
func plainMode(cgo bool) mode {
	m := mode{name: "plain", needs: []string{"runtime", staticChild}}
	if !cgo {
		m.name = "plain without cgo"
	}
	return m
}

// staticChild is the package that runs the entry of a whole program.
const staticChild = "hpgo/kernel/worker/child"

// NewPlainModule makes the module of a session whose cells are whole programs.
// It needs no C compiler; without one, cells can't import C and packages such as
// net are compiled in their pure Go form.
func NewPlainModule(tc *Toolchain) (*Module, error) {
	_, err := FindCompiler()
	if err != nil {
		own := *tc
		own.env = append(slices.Clone(tc.env), "CGO_ENABLED=0") // the last one counts
		tc = &own
	}
	return newModule(tc, plainMode(err == nil))
}

// moduleKey identifies what decides how the standard set compiles in a mode.
func moduleKey(m mode, tc *Toolchain, source string) string {
	return keyOf(m.name, tc.Version, tc.GOROOT, source, tc.Getenv("GOEXPERIMENT"), tc.Getenv("GOAMD64"), tc.ModCache)
}
