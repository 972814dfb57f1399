package assembly

// Stack is where the code at an address stands in the source, innermost first:
// behind the place in a function that was inlined comes that of its call. It is nil
// where no Go function is. It decodes no instruction.
func (p *Program) Stack(addr uint64) []Position {
	i := p.covering(addr)
	if i < 0 {
		return nil
	}
	at := p.tables.stack(p.funcs[i], addr-p.funcs[i].entry)
	for j := range at {
		at[j].Func = p.rename(at[j].Func)
	}
	return at
}

// FirstLine is the line on which the function at an address begins; 0: none is there.
func (p *Program) FirstLine(addr uint64) int {
	if i := p.covering(addr); i >= 0 {
		return p.funcs[i].startLine
	}
	return 0
}

// Depth is how many bytes the function at an address has on the stack when it comes
// to that instruction, its return address not included; -1: no Go function is there,
// or none that tells.
func (p *Program) Depth(addr uint64) int {
	i := p.covering(addr)
	if i < 0 {
		return -1
	}
	return p.tables.value(p.tables.u32(p.funcs[i].at+pcspAt), addr-p.funcs[i].entry)
}

// pcspAt is where runtime._func has its table of stack depths.
const pcspAt = 16
