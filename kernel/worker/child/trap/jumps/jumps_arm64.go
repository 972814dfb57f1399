package jumps

import "encoding/binary"

// Find returns the jumps and calls in code, by address. Instructions have four bytes.
func Find(code []byte) (jumps []Jump, calls []Call, ok bool) {
	for at := 0; at+4 <= len(code); at += 4 {
		in := binary.LittleEndian.Uint32(code[at:])
		switch {
		case in>>26 == 0b000101: // B
			jumps = append(jumps, Jump{At: at, To: at + 4*signed(in, 26)})
		case in>>26 == 0b100101: // BL
			calls = append(calls, Call{Back: at + 4, To: at + 4*signed(in, 26)})
		case in&0xfffffc1f == 0xd63f0000: // BLR
			calls = append(calls, Call{Back: at + 4, Indirect: true})
		case in>>24 == 0b01010100, in>>25&0x3f == 0b011010: // B.cond, CBZ and CBNZ
			jumps = append(jumps, Jump{At: at, To: at + 4*signed(in>>5, 19), Conditional: true})
		case in>>25&0x3f == 0b011011: // TBZ and TBNZ
			jumps = append(jumps, Jump{At: at, To: at + 4*signed(in>>5, 14), Conditional: true})
		}
	}
	return jumps, calls, true
}

// signed returns the lowest bits of a word as a signed number.
func signed(word uint32, bits int) int {
	return int(int32(word<<(32-bits)) >> (32 - bits))
}

// ClearsByte reports whether code has an instruction that writes the byte at an
// offset from the stack pointer: STRB with an unsigned offset and base 31.
func ClearsByte(code []byte, offset int) bool {
	for at := 0; at+4 <= len(code); at += 4 {
		in := binary.LittleEndian.Uint32(code[at:])
		if in>>22 == 0b0011100100 && in>>5&31 == 31 && int(in>>10&0xfff) == offset {
			return true
		}
	}
	return false
}
