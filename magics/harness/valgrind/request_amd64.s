#include "textflag.h"

// func request(code, arg uintptr) uintptr
//
// A client request of valgrind's is a sequence of instructions that does nothing, with
// the address of six words in RAX and a result for the case that nobody listens in RDX
// (the client request mechanism of valgrind's manual for writers of tools).
TEXT ·request(SB), NOSPLIT, $48-24
	MOVQ code+0(FP), AX
	MOVQ AX, 0(SP)
	MOVQ arg+8(FP), AX
	MOVQ AX, 8(SP)
	MOVQ $0, 16(SP)
	MOVQ $0, 24(SP)
	MOVQ $0, 32(SP)
	MOVQ $0, 40(SP)
	LEAQ 0(SP), AX
	MOVQ $0, DX
	ROLQ $3, DI
	ROLQ $13, DI
	ROLQ $61, DI
	ROLQ $51, DI
	XCHGQ BX, BX
	MOVQ DX, ret+16(FP)
	RET
