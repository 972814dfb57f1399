package assembly

import (
	"fmt"
	"strings"

	"golang.org/x/arch/x86/x86asm"
)

// amd64 decodes the instructions of x86-64.
type amd64 struct{}

func (amd64) name() string { return "amd64" }

// padding leaves out the breakpoints behind a function.
func (amd64) padding(code []byte) int {
	n := len(code)
	for n > 0 && code[n-1] == 0xcc {
		n--
	}
	return n
}

func (amd64) decode(code []byte, pc uint64, names func(uint64) (string, uint64)) raw {
	in, err := x86asm.Decode(code, 64)
	if err != nil || in.Len == 0 || in.Op == 0 {
		return raw{size: 1, text: fmt.Sprintf("BYTE $%#02x", code[0]), gnu: fmt.Sprintf(".byte 0x%02x", code[0])}
	}
	r := raw{size: in.Len, text: x86asm.GoSyntax(in, pc, names), gnu: x86asm.GNUSyntax(in, pc, names)}
	op := in.Op.String()
	// The decoder tells this instruction from the one for strings of that name.
	r.text = strings.Replace(r.text, "MOVSD_XMM", "MOVSD", 1)
	r.jumps = strings.HasPrefix(op, "J") || strings.HasPrefix(op, "LOOP")
	r.conditional = r.jumps && op != "JMP"
	r.calls = op == "CALL"
	if r.jumps || r.calls {
		switch arg := in.Args[0].(type) {
		case x86asm.Rel:
			r.target = pc + uint64(in.Len) + uint64(int64(arg))
		case x86asm.Mem:
			r.indirect = true
			if arg.Base == x86asm.RIP && arg.Index == 0 {
				r.target = pc + uint64(in.Len) + uint64(arg.Disp)
			}
		default:
			r.indirect = true
		}
		return r
	}
	r.vector, r.packed = vectorOf(in, op)
	return r
}

// vectorOf is how wide an instruction's vector registers are, and whether it
// computes with their elements. Floating-point numbers by themselves are in these
// registers, too: operations whose names end in SS and SD are of one number.
func vectorOf(in x86asm.Inst, op string) (width int, packed bool) {
	for _, arg := range in.Args {
		r, ok := arg.(x86asm.Reg)
		if !ok {
			continue
		}
		switch {
		case r >= x86asm.X0 && r <= x86asm.X31:
			width = max(width, 128)
		case r >= x86asm.Y0 && r <= x86asm.Y31:
			width = max(width, 256)
		case r >= x86asm.Z0 && r <= x86asm.Z31:
			width = max(width, 512)
		}
	}
	plain := strings.TrimPrefix(op, "V")
	switch {
	case width == 0, strings.HasSuffix(plain, "SS"), strings.HasSuffix(plain, "SD"), strings.HasPrefix(plain, "CVT"), strings.Contains(plain, "2S"):
		return 0, false
	case plain == "MOVQ" || plain == "MOVD":
		return 0, false // one number
	case strings.HasPrefix(plain, "MOV"), plain == "ZEROUPPER", strings.HasPrefix(plain, "LDDQU"):
		return width, false
	case clears(in, plain):
		return width, false
	}
	return width, true
}

// clears reports whether an instruction sets a register to zero.
func clears(in x86asm.Inst, op string) bool {
	if op != "XORPS" && op != "XORPD" && !strings.HasPrefix(op, "PXOR") {
		return false
	}
	first := in.Args[0]
	for _, arg := range in.Args[1:] {
		if arg != nil && arg != first {
			return false
		}
	}
	return true
}

// slot reads jmp *slot(%rip), perhaps behind an endbr64.
func (amd64) slot(code []byte, pc uint64) (uint64, bool) {
	for range 2 {
		in, err := x86asm.Decode(code, 64)
		if err != nil {
			return 0, false
		}
		if mem, ok := in.Args[0].(x86asm.Mem); ok && in.Op == x86asm.JMP && mem.Base == x86asm.RIP {
			return pc + uint64(in.Len) + uint64(mem.Disp), true
		}
		if in.Len != 4 || code[0] != 0xf3 {
			return 0, false
		}
		code, pc = code[in.Len:], pc+uint64(in.Len)
	}
	return 0, false
}
