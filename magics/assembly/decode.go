package assembly

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// arch decodes the instructions of an architecture.
type arch interface {
	name() string
	// decode decodes the instruction at the start of code.
	decode(code []byte, pc uint64, names func(uint64) (string, uint64)) raw
	// padding is the length of code without what fills the space behind a function.
	padding(code []byte) int
	// slot is the address in which a stub that the loader calls through keeps that
	// of the function.
	slot(code []byte, pc uint64) (uint64, bool)
}

// raw is an instruction as an architecture decodes it.
type raw struct {
	size        int
	text, gnu   string
	target      uint64 // of a jump or call whose address it has
	jumps       bool
	calls       bool
	indirect    bool // the address is in a register or in memory
	conditional bool
	vector      int
	packed      bool
}

// decode decodes the i-th function.
func (p *Program) decode(i int) (*Function, error) {
	r := p.funcs[i]
	code, err := p.bytes(r.entry, int(p.end(i)-r.entry))
	if err != nil {
		return nil, fmt.Errorf("read the machine code of %s: %w", p.tables.name(r.nameOff), err)
	}
	code = code[:p.arch.padding(code)]
	f := &Function{Name: p.rename(p.tables.name(r.nameOff)), Arch: p.arch.name(), Entry: r.entry, Size: len(code), Line: r.startLine}
	f.File, _ = p.tables.place(r, 0)
	var last []Position
	for at := 0; at < len(code); {
		got := p.arch.decode(code[at:], r.entry+uint64(at), p.nameAt)
		in := Instruction{Offset: at, Size: got.size, Text: got.text, GNU: got.gnu, Target: -1, Conditional: got.conditional, Vector: got.vector, Packed: got.packed}
		p.link(f, &in, got)
		if in.Call == Indirect {
			in.Via = f.via(in.Text)
		}
		stack := p.renamed(p.tables.stack(r, uint64(at)))
		if slices.Equal(stack, last) {
			stack = last
		}
		in.Stack, last = stack, stack
		f.Instructions = append(f.Instructions, in)
		at += got.size
	}
	if at := f.own(); at.File != "" {
		f.File = at.File
	}
	return f, nil
}

// own is a place of the function itself, which its first instruction needn't be.
func (f *Function) own() Position {
	for i := range f.Instructions {
		if at := f.Instructions[i].At(); at.File != "" {
			return at
		}
	}
	return Position{}
}

func (p *Program) renamed(stack []Position) []Position {
	for i := range stack {
		stack[i].Func = p.rename(stack[i].Func)
	}
	return stack
}

// link says where an instruction leads.
func (p *Program) link(f *Function, in *Instruction, got raw) {
	switch {
	case got.indirect && (got.calls || got.jumps):
		in.Call = Indirect
		if name, ok := strings.CutSuffix(p.slotName(got), "@GOT"); ok {
			in.Call = name
		}
		if got.jumps && in.Call == Indirect {
			in.Call = "" // of a switch's table
		}
	case !got.jumps && !got.calls:
	case got.jumps && got.target >= f.Entry && got.target < f.Entry+uint64(f.Size):
		in.Target = int(got.target - f.Entry)
		address, offset := fmt.Sprintf("%#x", got.target), fmt.Sprintf("%#x", in.Target)
		if in.Target == 0 {
			address, offset = f.Name+"(SB)", "0x0"
		}
		in.Text = strings.Replace(in.Text, address, offset, 1)
		in.GNU = strings.Replace(in.GNU, fmt.Sprintf("%#x", got.target), offset, 1)
	default:
		if name, base := p.nameAt(got.target); name != "" && base == got.target {
			in.Call = name
		} else {
			in.Call = fmt.Sprintf("%#x", got.target)
		}
	}
}

// slotName names the place in memory that holds the address of an indirect call.
func (p *Program) slotName(got raw) string {
	if got.target == 0 {
		return ""
	}
	name, _ := p.nameAt(got.target)
	return name
}

var (
	indirectCall = regexp.MustCompile(`^CALL (?:\((\w+)\)|(\w+)|(0x[0-9a-f]+|0)\((\w+)\))$`)
	registerMove = regexp.MustCompile(`^MOV[QD] ([A-Z]\w*), \w+$`)
	loadOfCode   = regexp.MustCompile(`^MOV[QD] (0x[0-9a-f]+|\d+)?\((\w+)\), (\w+)$`)
)

const (
	// firstMethod is the offset of the first method in a runtime.itab.
	firstMethod = 24
	// callDistance is how far before a call its address is looked for.
	callDistance = 16
)

// via finds out through what an indirect call goes. The code of a function value
// stands at its beginning, that of a method at 24 or more in the interface's table.
func (f *Function) via(call string) Via {
	m := indirectCall.FindStringSubmatch(call)
	if m == nil {
		return ""
	}
	if m[4] != "" {
		return viaOffset(m[3], m[4])
	}
	register := m[1] + m[2]
	for i := len(f.Instructions) - 1; i >= max(0, len(f.Instructions)-callDistance); i-- {
		in := &f.Instructions[i]
		if in.Call != "" {
			break // which may change all registers
		}
		if strings.HasSuffix(in.Text, ", "+register) {
			if from := registerMove.FindStringSubmatch(in.Text); from != nil {
				register = from[1]
				continue
			}
			if load := loadOfCode.FindStringSubmatch(in.Text); load != nil {
				return viaOffset(load[1], load[2])
			}
			break
		}
	}
	return ""
}

func viaOffset(offset, base string) Via {
	n, err := strconv.ParseUint(offset, 0, 32)
	switch {
	case base == "SP" || base == "RSP" || err != nil && offset != "":
		return ""
	case n == 0:
		return Closure
	case n >= firstMethod:
		return Interface
	}
	return ""
}
