//go:build goexperiment.simd && amd64

package julia

import (
	"simd/archsimd"
	"unsafe"

	"hpgo/kernels"
)

type lanes8 = [8]float64

// by8 fills counts 32 points at a time.
func by8(counts []int32, zs, cs []complex128, maxIter int) {
	if kernels.Vectors512.Missing() != "" {
		partsInto(counts, zs, cs, maxIter)
		return
	}
	const block = 4 * 8
	var room [unsafe.Sizeof(work8{}) + 64]byte
	w := (*work8)(aligned(&room))
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

// work8 is a block: twice its constants, and twice the points as they were when the
// window began.
type work8 struct{ cr, ci, zr, zi [4]lanes8 }

// load takes a block and reports whether its constants are small enough, and none of its
// numbers too small for so many steps.
func (w *work8) load(zs, cs []complex128, maxIter int) bool {
	limit := archsimd.BroadcastFloat64x8(4 * bound)
	small := byte(0xff)
	for k := range 4 {
		re, im := doubled8(cs[8*k : 8*k+8])
		re.Store(&w.cr[k])
		im.Store(&w.ci[k])
		small &= within8(re, im, limit).ToBits()
		re, im = doubled8(zs[8*k : 8*k+8])
		re.Store(&w.zr[k])
		im.Store(&w.zi[k])
	}
	if maxIter > exactSteps {
		for k := range 4 {
			tiny := tiny8(&w.cr[k]).Or(tiny8(&w.ci[k])).Or(tiny8(&w.zr[k])).Or(tiny8(&w.zi[k]))
			small &^= tiny.ToBits()
		}
	}
	return small == 0xff
}

var evens, odds = [8]uint64{0, 2, 4, 6, 8, 10, 12, 14}, [8]uint64{1, 3, 5, 7, 9, 11, 13, 15}

// doubled8 parts 8 numbers and doubles them.
func doubled8(z []complex128) (re, im archsimd.Float64x8) {
	p := (*[2]lanes8)(unsafe.Pointer((*[8]complex128)(z)))
	a, b := archsimd.LoadFloat64x8(&p[0]), archsimd.LoadFloat64x8(&p[1])
	re = a.ConcatPermute(b, archsimd.LoadUint64x8(&evens))
	im = a.ConcatPermute(b, archsimd.LoadUint64x8(&odds))
	return re.Add(re), im.Add(im)
}

func within8(u, v, limit archsimd.Float64x8) archsimd.Mask64x8 {
	return u.Mul(u).Add(v.Mul(v)).Less(limit)
}

// tiny8 tells which numbers are very small, but not 0.
func tiny8(x *lanes8) archsimd.Mask64x8 {
	v, limit := archsimd.LoadFloat64x8(x), archsimd.BroadcastFloat64x8(tiny*tiny)
	return v.Mul(v).Less(limit).And(v.NotEqual(archsimd.Float64x8{}))
}

func step8(u, v, half archsimd.Float64x8, cr, ci *lanes8) (archsimd.Float64x8, archsimd.Float64x8) {
	return u.Mul(u).Sub(v.Mul(v)).MulAdd(half, archsimd.LoadFloat64x8(cr)), u.Mul(v).Add(archsimd.LoadFloat64x8(ci))
}

// run counts the steps of a block. A bit of live is a point that hasn't escaped.
func (w *work8) run(counts *[32]int32, maxIter int) {
	half, limit := archsimd.BroadcastFloat64x8(0.5), archsimd.BroadcastFloat64x8(4*4)
	ua, va := archsimd.LoadFloat64x8(&w.zr[0]), archsimd.LoadFloat64x8(&w.zi[0])
	ub, vb := archsimd.LoadFloat64x8(&w.zr[1]), archsimd.LoadFloat64x8(&w.zi[1])
	uc, vc := archsimd.LoadFloat64x8(&w.zr[2]), archsimd.LoadFloat64x8(&w.zi[2])
	ud, vd := archsimd.LoadFloat64x8(&w.zr[3]), archsimd.LoadFloat64x8(&w.zi[3])
	inside := func() uint32 {
		return uint32(within8(ua, va, limit).ToBits()) | uint32(within8(ub, vb, limit).ToBits())<<8 |
			uint32(within8(uc, vc, limit).ToBits())<<16 | uint32(within8(ud, vd, limit).ToBits())<<24
	}
	*counts = [32]int32{}
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
			ua, va = step8(ua, va, half, &w.cr[0], &w.ci[0])
			ub, vb = step8(ub, vb, half, &w.cr[1], &w.ci[1])
			uc, vc = step8(uc, vc, half, &w.cr[2], &w.ci[2])
			ud, vd = step8(ud, vd, half, &w.cr[3], &w.ci[3])
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
func (w *work8) leave(counts *[32]int32, gone uint32, n, maxIter int) {
	half, limit := archsimd.BroadcastFloat64x8(0.5), archsimd.BroadcastFloat64x8(4*4)
	tests, first := last(n, maxIter)
	for k := range 4 {
		u, v := archsimd.LoadFloat64x8(&w.zr[k]), archsimd.LoadFloat64x8(&w.zi[k])
		count := archsimd.BroadcastInt64x8(int64(first))
		for range tests {
			u, v = step8(u, v, half, &w.cr[k], &w.ci[k])
			count = count.Sub(within8(u, v, limit).ToInt64x8())
		}
		count.TruncateToInt32().StoreMasked((*[8]int32)(counts[8*k:]), archsimd.Mask32x8FromBits(uint8(gone>>(8*k))))
	}
}
