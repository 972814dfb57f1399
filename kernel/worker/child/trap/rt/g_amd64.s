//go:build hpgo_live && linux

#include "textflag.h"

// func Current() uintptr
TEXT ·Current(SB),NOSPLIT,$0-8
	MOVQ R14, ret+0(FP)
	RET
