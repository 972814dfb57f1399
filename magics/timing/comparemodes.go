package timing

import "slices"

// mode is a flag that makes %compare measure other things.
type mode struct {
	flag   string
	beside []string // flags that mean nothing with it
	why    string
}

// modes are the flags of which one excludes the others, and those that each leaves
// nothing to do. A line with several is told about the first.
var modes = []mode{
	{"kernel", []string{"engines", "ir", "base", "save", "check", "tol"},
		"can't stand with --kernel, which takes the rows as they are and compares their results"},
	{"ir", []string{"order", "seed", "alpha", "mde", "t", "c", "check", "tol", "engines", "procs", "fresh", "budget", "save", "base", "rerun", "keep"},
		"says nothing with --ir, which counts simulated instructions and no time"},
	{"engines", []string{"base", "save", "procs"},
		"can't stand with --engines, which builds one statement in several ways and runs each in a process of its own"},
}

// checkModes refuses flags that would be passed over.
func (c *comparison) checkModes() error {
	a, m := c.in.Args, c.in.Magic
	for _, mode := range modes {
		if !a.Has(mode.flag) {
			continue
		}
		if i := slices.IndexFunc(mode.beside, a.Has); i >= 0 {
			name := "--" + mode.beside[i]
			if len(mode.beside[i]) == 1 {
				name = name[1:]
			}
			return m.Usagef("flag %s of %s %s", name, m.Title(), mode.why)
		}
	}
	return nil
}
