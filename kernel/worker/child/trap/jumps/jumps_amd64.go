package jumps

import "encoding/binary"

// Find returns the jumps and calls in code, by address; false when an instruction is
// not understood.
func Find(code []byte) (jumps []Jump, calls []Call, ok bool) {
	for at := 0; at < len(code); {
		in := decode(code[at:])
		if in.size == 0 {
			// Go pads functions behind their last instruction; a piece of one there
			// is cut by the end.
			return jumps, calls, len(code)-at < maxInstruction
		}
		at += in.size
		if in.jumps {
			jumps = append(jumps, Jump{At: at - in.size, To: at + in.distance, Conditional: in.conditional})
		}
		if in.calls {
			calls = append(calls, Call{Back: at, To: at + in.distance, Indirect: in.indirect})
		}
	}
	return jumps, calls, true
}

// ClearsByte reports whether code has an instruction that writes the byte at an
// offset from the stack pointer: movb with a constant or a register.
func ClearsByte(code []byte, offset int) bool {
	for at := 0; at < len(code); {
		in := decode(code[at:])
		if in.size == 0 {
			return false
		}
		if storesByte(code[at:at+in.size], offset) {
			return true
		}
		at += in.size
	}
	return false
}

// storesByte judges one instruction, with or without REX: c6 /0 or 88 /r, ModRM
// with SIB, and the stack pointer as base.
func storesByte(in []byte, offset int) bool {
	if len(in) > 0 && in[0]&0xf0 == 0x40 {
		if in[0]&3 != 0 {
			return false // another base or an index
		}
		in = in[1:]
	}
	if len(in) < 4 || in[0] != 0xc6 && in[0] != 0x88 || in[2] != 0x24 {
		return false
	}
	switch in[1] & 0xc7 {
	case 0x04:
		return offset == 0
	case 0x44:
		return offset == int(int8(in[3]))
	case 0x84:
		return len(in) >= 7 && offset == int(int32(binary.LittleEndian.Uint32(in[3:])))
	}
	return false
}

// maxInstruction is the size of the longest instruction.
const maxInstruction = 15

// instruction is what has to be known of one. A size of 0: not understood.
type instruction struct {
	size               int
	jumps, conditional bool
	calls, indirect    bool
	distance           int // of a jump or call, from the end of the instruction
}

// opcodes gives the form of an opcode: what follows it.
type form byte

const (
	bare      form = iota // nothing
	operands              // ModRM
	operands8             // ModRM and a byte
	operands4             // ModRM and four bytes, two with the prefix 66
	const8                // a byte
	const4                // four bytes, two with the prefix 66
	near                  // a distance of a byte
	far                   // a distance of four bytes
	special               // see decode
)

// decode reads the instruction at the start of code (Intel's manual, volume 2,
// chapter 2 and appendix A).
func decode(code []byte) (in instruction) {
	d := decoder{code: code}
	f, op := d.opcode()
	if op == 0xff && d.byteAt(d.at)>>3&7 == 2 { // call through a register or memory
		in.calls, in.indirect = true, true
	}
	switch f {
	case operands, operands8, operands4:
		d.modRM()
	}
	switch f {
	case operands8, const8:
		d.at++
	case operands4, const4:
		d.constant()
	case near:
		d.at++
		in.distance = int(int8(d.byteAt(d.at - 1)))
	case far:
		d.at += 4
		if d.at <= len(code) {
			in.distance = int(int32(binary.LittleEndian.Uint32(code[d.at-4:])))
		}
	case special:
		d.special(op)
	}
	if d.bad || d.at > len(code) || d.at > maxInstruction {
		return instruction{}
	}
	in.size = d.at
	in.jumps = (f == near || f == far) && op != call
	in.calls = in.calls || op == call
	in.conditional = in.jumps && op != jmp8 && op != jmp32
	return in
}

const (
	call  = 0xe8
	jmp32 = 0xe9
	jmp8  = 0xeb
)

type decoder struct {
	code  []byte
	at    int
	short bool // the prefix 66 was there
	wide  bool // REX.W
	bad   bool
}

func (d *decoder) byteAt(i int) byte {
	if i >= len(d.code) {
		d.bad = true
		return 0
	}
	return d.code[i]
}

func (d *decoder) next() byte {
	d.at++
	return d.byteAt(d.at - 1)
}

// opcode skips prefixes and returns the form and the last byte of the opcode.
func (d *decoder) opcode() (form, int) {
	op := d.next()
	for isPrefix(op) {
		d.short = d.short || op == 0x66
		op = d.next()
	}
	if op&0xf0 == 0x40 { // REX
		d.wide = op&8 != 0
		op = d.next()
	}
	switch op {
	case 0xc5: // VEX
		d.at++
		return vectorForm(1, d.next())
	case 0xc4:
		table := d.next() & 0x1f
		d.at++
		return vectorForm(table, d.next())
	case 0x62: // EVEX
		table := d.next() & 7
		d.at += 2
		return vectorForm(table, d.next())
	case 0x0f:
		op = d.next()
		switch op {
		case 0x38:
			d.at++
			return operands, 0
		case 0x3a:
			d.at++
			return operands8, 0
		}
		return twoByteForm(op), 0x0f00 | int(op)
	}
	return oneByteForm(op), int(op)
}

func isPrefix(b byte) bool {
	switch b {
	case 0x66, 0xf2, 0xf3, 0xf0, 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65, 0x67:
		return true
	}
	return false
}

// vectorForm is the form of an opcode behind VEX and EVEX prefixes.
func vectorForm(table, op byte) (form, int) {
	switch {
	case table == 3:
		return operands8, 0
	case table != 1:
		return operands, 0
	case op == 0x77: // vzeroupper
		return bare, 0
	}
	if f := twoByteForm(op); f == operands8 {
		return f, 0
	}
	return operands, 0
}

// twoByteForm is the form of an opcode behind 0f.
func twoByteForm(op byte) form {
	switch {
	case op >= 0x80 && op <= 0x8f:
		return far
	case op >= 0xc8 && op <= 0xcf, op >= 0x30 && op <= 0x37: // bswap, rdtsc and the like
		return bare
	case op >= 0x70 && op <= 0x73, op == 0xc2, op >= 0xc4 && op <= 0xc6:
		return operands8
	}
	switch op {
	case 0x05, 0x06, 0x08, 0x09, 0x0b, 0x77, 0xa0, 0xa1, 0xa2, 0xa8, 0xa9, 0xaa:
		return bare
	case 0xa4, 0xac, 0xba:
		return operands8
	}
	return operands
}

// oneByteForm is the form of an opcode of one byte.
func oneByteForm(op byte) form {
	switch {
	case op < 0x40:
		return [8]form{operands, operands, operands, operands, const8, const4, bare, bare}[op&7]
	case op >= 0x70 && op <= 0x7f, op >= 0xe0 && op <= 0xe3, op == jmp8:
		return near
	case op == call, op == jmp32:
		return far
	case op >= 0x84 && op <= 0x8f, op >= 0xd0 && op <= 0xd3, op >= 0xd8 && op <= 0xdf:
		return operands
	case op >= 0xb0 && op <= 0xb7:
		return const8
	case op >= 0xb8 && op <= 0xbf:
		return special
	}
	switch op {
	case 0x63, 0xfe, 0xff:
		return operands
	case 0x80, 0x6b, 0x83, 0xc0, 0xc1, 0xc6:
		return operands8
	case 0x69, 0x81, 0xc7:
		return operands4
	case 0x6a, 0xa8, 0xcd:
		return const8
	case 0x68, 0xa9:
		return const4
	case 0xc2, 0xc8, 0xf6, 0xf7:
		return special
	}
	return bare
}

// special reads opcodes whose length depends on more.
func (d *decoder) special(op int) {
	switch op {
	case 0xc2: // ret n
		d.at += 2
	case 0xc8: // enter
		d.at += 3
	case 0xf6, 0xf7: // test has a constant, not, neg, mul and div have none
		test := d.byteAt(d.at)>>3&7 < 2
		d.modRM()
		if test && op == 0xf6 {
			d.at++
		} else if test {
			d.constant()
		}
	default: // mov of a constant of the full size
		if d.wide {
			d.at += 8
			return
		}
		d.constant()
	}
}

// constant skips one of four bytes, or two.
func (d *decoder) constant() {
	d.at += 4
	if d.short && !d.wide {
		d.at -= 2
	}
}

// modRM skips a ModRM byte with what it calls for.
func (d *decoder) modRM() {
	m := d.next()
	mod, rm := m>>6, m&7
	if mod == 3 {
		return
	}
	if rm == 4 { // SIB
		if base := d.next() & 7; mod == 0 && base == 5 {
			d.at += 4
		}
	}
	switch {
	case mod == 1:
		d.at++
	case mod == 2, mod == 0 && rm == 5:
		d.at += 4
	}
}
