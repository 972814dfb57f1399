package machine

import (
	"context"
	"fmt"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/assembly"
	"hpgo/magics/magic"
)

// machineCode is the code that ran: a second compilation of the same program, which
// gives the same, and the program that it was loaded into.
type machineCode struct {
	open      []*assembly.Program
	worker    string                        // the program's file, opened when something isn't in the others
	functions map[string]*assembly.Function // by linker name; nil: there is none
	release   func()
}

// readCode compiles the program that was sampled once more, for its machine code.
func readCode(ctx context.Context, h magic.Host, p magic.Program) (*machineCode, error) {
	if flags := h.Setting("goflags"); len(flags) > 0 {
		return nil, fmt.Errorf("with %%goflags %s code isn't compiled as for live cells", strings.Join(flags, " "))
	}
	got, err := h.Explain(ctx, p)
	if err != nil {
		return nil, err
	}
	c := &machineCode{functions: map[string]*assembly.Function{}, worker: got.Worker, release: got.Close}
	for _, file := range got.Objects {
		if err := c.add(file); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, nil
}

func (c *machineCode) add(file string) error {
	program, err := assembly.Open(file)
	if err != nil {
		return err
	}
	program.Rename = readable
	c.open = append(c.open, program)
	return nil
}

// close removes the files, which were only read from.
func (c *machineCode) close() {
	for _, p := range c.open {
		p.Close()
	}
	c.release()
}

// readable is a linker's name without what marks the session's versions of it.
func readable(name string) string {
	return cell.PlainName(strings.ReplaceAll(name, cell.PackagePath+".", "main."))
}

// function decodes a function by the linker's name; nil: its code isn't there.
func (c *machineCode) function(linker string) *assembly.Function {
	name := readable(linker)
	if f, ok := c.functions[name]; ok {
		return f
	}
	f := c.find(c.open, name)
	if f == nil && c.worker != "" {
		known := len(c.open)
		if c.add(c.worker) == nil { // without it, the code of packages has no text
			f = c.find(c.open[known:], name)
		}
		c.worker = ""
	}
	c.functions[name] = f
	return f
}

func (c *machineCode) find(in []*assembly.Program, name string) *assembly.Function {
	for _, p := range in {
		if f, err := p.Function(name); err == nil {
			return f
		}
	}
	return nil
}

// instruction is the instruction of a place; nil: its code isn't there.
func (c *machineCode) instruction(p *place) *assembly.Instruction {
	if c == nil || p.offset < 0 {
		return nil
	}
	f := c.function(p.code)
	if f == nil {
		return nil
	}
	i := f.Index(p.offset)
	if i < 0 {
		return nil
	}
	return &f.Instructions[i]
}
