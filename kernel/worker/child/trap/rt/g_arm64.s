//go:build hpgo_live && linux

#include "textflag.h"

// func Current() uintptr
TEXT ·Current(SB),NOSPLIT,$0-8
	MOVD g, ret+0(FP)
	RET
