//go:build hpgo_live

#include "textflag.h"

// func addmoduledata() uintptr
TEXT ·addmoduledata(SB),NOSPLIT,$0-8
	LEAQ runtime·addmoduledata(SB), AX
	MOVQ AX, ret+0(FP)
	RET
