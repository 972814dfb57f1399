package assembly

import (
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/arch/arm64/arm64asm"
)

// arm64 decodes the instructions of AArch64.
type arm64 struct{}

func (arm64) name() string { return "arm64" }

const arm64Size = 4 // bytes of an instruction

// padding leaves out the zeros behind a function.
func (arm64) padding(code []byte) int {
	n := len(code) / arm64Size * arm64Size
	for n > 0 && binary.LittleEndian.Uint32(code[n-arm64Size:]) == 0 {
		n -= arm64Size
	}
	return n
}

func (arm64) decode(code []byte, pc uint64, names func(uint64) (string, uint64)) raw {
	word := binary.LittleEndian.Uint32(code)
	in, err := arm64asm.Decode(code)
	if err != nil {
		return raw{size: arm64Size, text: fmt.Sprintf("WORD $%#08x", word), gnu: fmt.Sprintf(".inst 0x%08x", word)}
	}
	r := raw{size: arm64Size, text: arm64asm.GoSyntax(in, pc, names, nil), gnu: strings.ToLower(arm64asm.GNUSyntax(in))}
	switch in.Op {
	case arm64asm.BL:
		r.calls = true
	case arm64asm.BLR:
		r.calls, r.indirect = true, true
	case arm64asm.BR:
		r.jumps, r.indirect = true, true
	case arm64asm.B:
		_, cond := in.Args[0].(arm64asm.Cond)
		r.jumps, r.conditional = true, cond
	case arm64asm.CBZ, arm64asm.CBNZ, arm64asm.TBZ, arm64asm.TBNZ:
		r.jumps, r.conditional = true, true
	}
	for _, arg := range in.Args {
		if rel, ok := arg.(arm64asm.PCRel); ok && (r.jumps || r.calls) {
			r.target = pc + uint64(int64(rel))
			// The decoder's text has the distance.
			r.text = strings.Replace(r.text, fmt.Sprintf("%d(PC)", int64(rel)/arm64Size), fmt.Sprintf("%#x", r.target), 1)
			r.gnu = strings.Replace(r.gnu, fmt.Sprintf(".%+#x", int64(rel)), fmt.Sprintf("%#x", r.target), 1)
			r.gnu = strings.Replace(r.gnu, fmt.Sprintf(".+%#x", uint64(rel)), fmt.Sprintf("%#x", r.target), 1)
		}
	}
	if strings.Contains(in.String(), ".16B") || strings.Contains(in.String(), ".2D") || strings.Contains(in.String(), ".4S") || strings.Contains(in.String(), ".8H") {
		r.vector = 128
		r.packed = !strings.HasPrefix(r.text, "VMOV") && !strings.HasPrefix(r.text, "VLD") && !strings.HasPrefix(r.text, "VST")
	}
	return r
}

// slot reads adrp x16, page; ldr x17, [x16, #slot].
func (arm64) slot(code []byte, pc uint64) (uint64, bool) {
	page, err := arm64asm.Decode(code)
	if err != nil || page.Op != arm64asm.ADRP {
		return 0, false
	}
	rel, ok := page.Args[1].(arm64asm.PCRel)
	load := binary.LittleEndian.Uint32(code[arm64Size:])
	if !ok || load&0xffc00000 != 0xf9400000 { // ldr of 64 bits with an unsigned offset
		return 0, false
	}
	return pc&^0xfff + uint64(int64(rel)) + uint64(load>>10&0xfff)*8, true
}
