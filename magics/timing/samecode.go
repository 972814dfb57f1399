package timing

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"hpgo/magics/assembly"
)

// unrun are functions, and packages of them, that code calls which runs long or not at
// all: what grows stacks, what tells of faults, and what times.
var unrun = []string{"runtime.morestack", "runtime.panic", "runtime.goPanic", "runtime.gopanic", "runtime.throw", "runtime.fatal", "testing.", "hpgo/magics/harness."}

// programCode finds functions of a program by name.
type programCode struct {
	*assembly.Program
	at      map[string]uint64
	decoded map[string]*assembly.Function
}

func openCode(path string) (*programCode, error) {
	p, err := assembly.Open(path)
	if err != nil {
		return nil, err
	}
	c := &programCode{p, map[string]uint64{}, map[string]*assembly.Function{}}
	for _, s := range p.Functions() {
		c.at[s.Name] = s.Entry
	}
	return c, nil
}

// function decodes a function; nil: the program has none of the name.
func (c *programCode) function(name string) (*assembly.Function, error) {
	f := c.decoded[name]
	if at, ok := c.at[name]; f == nil && ok {
		var err error
		if f, err = c.At(at); err != nil {
			return nil, err
		}
		c.decoded[name] = f
	}
	return f, nil
}

// loops are the functions of the session's package that hold a timed loop.
func (c *programCode) loops() ([]string, error) {
	const loop = "testing.(*B).Loop"
	var all []string
	for _, name := range c.named(func(name string) bool { return strings.HasPrefix(name, "main.main") }) {
		f, err := c.function(name)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(f.Instructions, func(in assembly.Instruction) bool {
			return in.Call == loop || slices.ContainsFunc(in.Stack, func(at assembly.Position) bool { return at.Func == loop })
		}) {
			all = append(all, name)
		}
	}
	if len(all) == 0 {
		return nil, errors.New("no function of the program has the loop")
	}
	return all, nil
}

// named are the functions whose names are chosen.
func (c *programCode) named(chosen func(name string) bool) []string {
	return slices.Collect(func(yield func(string) bool) {
		for name := range c.at {
			if chosen(name) && !yield(name) {
				return
			}
		}
	})
}

// sameCode reports whether two programs made of the same source have the same
// instructions in some functions and in all that these reach. Where in
// memory they lie, and where what they refer to does, doesn't count. Calls that
// name no function may reach any method and any literal.
func sameCode(base, other *programCode, roots []string) (bool, error) {
	todo := slices.Clone(roots)
	seen, anywhere := map[string]bool{}, false
	for len(todo) > 0 {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[name] || isUnrun(name) {
			continue
		}
		seen[name] = true
		f, err := base.function(name)
		if err != nil {
			return false, err
		}
		g, err := other.function(name)
		if err != nil {
			return false, err
		}
		switch {
		case f == nil && g == nil:
			continue // C, or what the loader finds
		case f == nil || g == nil || !slices.EqualFunc(f.Instructions, g.Instructions, sameInstruction):
			return false, nil
		}
		for _, in := range f.Instructions {
			if slices.ContainsFunc(in.Stack, func(at assembly.Position) bool { return isUnrun(at.Func) }) {
				continue
			}
			if in.Call == assembly.Indirect && !anywhere && !isRuntime(name) {
				anywhere = true
				todo = append(todo, base.named(isMethodOrLiteral)...)
			}
			if in.Call != "" && !seen[in.Call] {
				todo = append(todo, in.Call)
			}
		}
	}
	return true, nil
}

func isUnrun(name string) bool {
	return slices.ContainsFunc(unrun, func(p string) bool { return strings.HasPrefix(name, p) })
}

// isRuntime reports whether a function is the runtime's own, whose literals and
// methods are called by it alone.
func isRuntime(name string) bool {
	return strings.HasPrefix(name, "runtime.") || strings.HasPrefix(name, "internal/runtime/")
}

// isMethodOrLiteral reports whether a function may be called without its name: its
// name has two dots behind the package's path, as main.T.m and main.f.func1.
func isMethodOrLiteral(name string) bool {
	return strings.Count(name[strings.LastIndex(name, "/")+1:], ".") > 1 && !isRuntime(name)
}

// address finds what depends on where data lies: distances to what has no name,
// offsets in sections. AVX instructions, which the decoder doesn't know, have such
// distances as offsets from some register.
var address = regexp.MustCompile(`-?0x[0-9a-f]+\(IP\)|\+0x[0-9a-f]+\(SB\)|-?0x[0-9a-f]{5,}\(`)

func sameInstruction(a, b assembly.Instruction) bool {
	return a.Call == b.Call && (a.Text == b.Text || address.ReplaceAllString(a.Text, "") == address.ReplaceAllString(b.Text, ""))
}

// compareCode finds out which programs have the first one's instructions, and says so.
func (c *contest) compareCode() []string {
	base, err := openCode(c.list[0].argv[0])
	if err != nil {
		return []string{"machine code was not compared: " + err.Error()}
	}
	defer base.Close()
	loops, err := base.loops()
	if err != nil {
		return []string{"machine code was not compared: " + err.Error()}
	}
	var same, failed []string
	for _, e := range c.list[1:] {
		if !e.fit() || len(e.argv) > 1 { // an interpreter, which runs what it is given
			continue
		}
		if e.same, err = base.isIn(e.argv[0], loops); err != nil {
			failed = append(failed, e.name+": machine code was not compared: "+err.Error())
		}
		if e.same {
			same = append(same, e.name)
		}
	}
	if len(same) > 0 {
		failed = append(failed, fmt.Sprintf("%s: the same instructions as %s; what differs is where they lie in memory", strings.Join(same, ", "), c.list[0].name))
	}
	return failed
}

// isIn reports whether a program has the same code in some functions.
func (c *programCode) isIn(path string, roots []string) (bool, error) {
	other, err := openCode(path)
	if err != nil {
		return false, err
	}
	defer other.Close()
	return sameCode(c, other, roots)
}
