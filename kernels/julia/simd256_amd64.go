//go:build goexperiment.simd && amd64

package julia

import (
	"simd/archsimd"
	"unsafe"

	"hpgo/kernels"
)

type lanes4 = [4]float64

// by4 fills counts 16 points at a time.
func by4(counts []int32, zs, cs []complex128, maxIter int) {
	if kernels.Vectors256.Missing() != "" {
		partsInto(counts, zs, cs, maxIter)
		return
	}
	const block = 4 * 4
	var room [unsafe.Sizeof(work4{}) + 64]byte
	w := (*work4)(aligned(&room))
	i := 0
	for ; i+block <= len(counts); i += block {
		if w.load(zs[i:i+block], cs[i:i+block], maxIter) {
			w.run((*[block]int32)(counts[i:i+block]), maxIter)
			archsimd.ClearAVXUpperBits() // what comes next is scalar, and would wait for vectors
		} else {
			archsimd.ClearAVXUpperBits()
			partsInto(counts[i:i+block], zs[i:i+block], cs[i:i+block], maxIter)
		}
	}
	partsInto(counts[i:], zs[i:], cs[i:], maxIter)
}

// work4 is a block: twice its constants, and twice the points as they were when the
// window began.
type work4 struct{ cr, ci, zr, zi [4]lanes4 }

// load takes a block and reports whether its constants are small enough, and none of its
// numbers too small for so many steps.
func (w *work4) load(zs, cs []complex128, maxIter int) bool {
	limit := archsimd.BroadcastFloat64x4(4 * bound)
	small := byte(0xf)
	for k := range 4 {
		re, im := doubled4(cs[4*k : 4*k+4])
		re.Store(&w.cr[k])
		im.Store(&w.ci[k])
		small &= within4(re, im, limit).ToBits()
		re, im = doubled4(zs[4*k : 4*k+4])
		re.Store(&w.zr[k])
		im.Store(&w.zi[k])
	}
	if maxIter > exactSteps {
		for k := range 4 {
			tiny := tiny4(&w.cr[k]).Or(tiny4(&w.ci[k])).Or(tiny4(&w.zr[k])).Or(tiny4(&w.zi[k]))
			small &^= tiny.ToBits()
		}
	}
	return small == 0xf
}

// doubled4 parts 4 numbers and doubles them.
func doubled4(z []complex128) (re, im archsimd.Float64x4) {
	p := (*[2]lanes4)(unsafe.Pointer((*[4]complex128)(z)))
	a, b := archsimd.LoadFloat64x4(&p[0]), archsimd.LoadFloat64x4(&p[1])
	low, high := a.Select128FromPair(0, 2, b), a.Select128FromPair(1, 3, b)
	re, im = low.SelectFromPairGrouped(0, 2, high), low.SelectFromPairGrouped(1, 3, high)
	return re.Add(re), im.Add(im)
}

func within4(u, v, limit archsimd.Float64x4) archsimd.Mask64x4 {
	return u.Mul(u).Add(v.Mul(v)).Less(limit)
}

// tiny4 tells which numbers are very small, but not 0.
func tiny4(x *lanes4) archsimd.Mask64x4 {
	v, limit := archsimd.LoadFloat64x4(x), archsimd.BroadcastFloat64x4(tiny*tiny)
	return v.Mul(v).Less(limit).And(v.NotEqual(archsimd.Float64x4{}))
}

func step4(u, v, half archsimd.Float64x4, cr, ci *lanes4) (archsimd.Float64x4, archsimd.Float64x4) {
	return u.Mul(u).Sub(v.Mul(v)).MulAdd(half, archsimd.LoadFloat64x4(cr)), u.Mul(v).Add(archsimd.LoadFloat64x4(ci))
}

// run counts the steps of a block. A bit of live is a point that hasn't escaped.
func (w *work4) run(counts *[16]int32, maxIter int) {
	half, limit := archsimd.BroadcastFloat64x4(0.5), archsimd.BroadcastFloat64x4(4*4)
	ua, va := archsimd.LoadFloat64x4(&w.zr[0]), archsimd.LoadFloat64x4(&w.zi[0])
	ub, vb := archsimd.LoadFloat64x4(&w.zr[1]), archsimd.LoadFloat64x4(&w.zi[1])
	uc, vc := archsimd.LoadFloat64x4(&w.zr[2]), archsimd.LoadFloat64x4(&w.zi[2])
	ud, vd := archsimd.LoadFloat64x4(&w.zr[3]), archsimd.LoadFloat64x4(&w.zi[3])
	inside := func() uint32 {
		return uint32(within4(ua, va, limit).ToBits()) | uint32(within4(ub, vb, limit).ToBits())<<4 |
			uint32(within4(uc, vc, limit).ToBits())<<8 | uint32(within4(ud, vd, limit).ToBits())<<12
	}
	*counts = [16]int32{}
	live, n := inside(), 0
	for live != 0 {
		ua.Store(&w.zr[0])
		va.Store(&w.zi[0])
		ub.Store(&w.zr[1])
		vb.Store(&w.zi[1])
		uc.Store(&w.zr[2])
		vc.Store(&w.zi[2])
		ud.Store(&w.zr[3])
		vd.Store(&w.zi[3])
		if n > maxIter-window {
			w.leave(counts, live, n, maxIter)
			return
		}
		for range window {
			ua, va = step4(ua, va, half, &w.cr[0], &w.ci[0])
			ub, vb = step4(ub, vb, half, &w.cr[1], &w.ci[1])
			uc, vc = step4(uc, vc, half, &w.cr[2], &w.ci[2])
			ud, vd = step4(ud, vd, half, &w.cr[3], &w.ci[3])
		}
		if in := inside(); live&^in != 0 {
			w.leave(counts, live&^in, n, maxIter)
			live &= in
		}
		n += window
	}
}

// leave writes the counts of points that go in the window which begins at step n.
//
//go:noinline
func (w *work4) leave(counts *[16]int32, gone uint32, n, maxIter int) {
	half, limit := archsimd.BroadcastFloat64x4(0.5), archsimd.BroadcastFloat64x4(4*4)
	tests, first := last(n, maxIter)
	for k := range 4 {
		u, v := archsimd.LoadFloat64x4(&w.zr[k]), archsimd.LoadFloat64x4(&w.zi[k])
		count := archsimd.BroadcastInt64x4(int64(first))
		for range tests {
			u, v = step4(u, v, half, &w.cr[k], &w.ci[k])
			count = count.Sub(within4(u, v, limit).ToInt64x4())
		}
		var steps [4]int64
		count.Store(&steps)
		for i, n := range &steps { // a copy of it would be made with other instructions, which wait
			if gone>>(4*k+i)&1 != 0 {
				counts[4*k+i] = int32(n)
			}
		}
	}
}
