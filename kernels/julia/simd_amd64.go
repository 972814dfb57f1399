//go:build goexperiment.simd && amd64

package julia

import (
	"math/bits"
	"simd/archsimd"

	"hpgo/kernels"
)

func vectorRows() []kernels.Variant[Points, []int32] { return vectorTable(by4, by8) }

// by4 computes 12 points at a time, in 3 vectors: their chains of dependent
// operations overlap, and what they need fits in the registers that the compiler uses.
func by4(counts []int32, zs, cs []complex128, maxIter int) {
	if kernels.Vectors256.Missing() != "" {
		partsInto(counts, zs, cs, maxIter)
		return
	}
	const block = 12
	var re, im, cr, ci [block]float64
	i := 0
	for ; i+block <= len(counts); i += block {
		z, c := zs[i:i+block], cs[i:i+block]
		for k := range block {
			re[k], im[k] = real(z[k]), imag(z[k])
			cr[k], ci[k] = real(c[k]), imag(c[k])
		}
		block4((*[block]int32)(counts[i:i+block]), &re, &im, &cr, &ci, maxIter)
		archsimd.ClearAVXUpperBits() // what comes next is scalar, and would wait for vectors
	}
	partsInto(counts[i:], zs[i:], cs[i:], maxIter)
}

// block4 runs a block until its last point has escaped. That a point has escaped is a
// bit that falls in live; its count is written then, so that the loop keeps none.
func block4(counts *[12]int32, res, ims, crs, cis *[12]float64, maxIter int) {
	four := archsimd.BroadcastFloat64x4(4)
	rea := archsimd.LoadFloat64x4((*[4]float64)(res[0:]))
	ima := archsimd.LoadFloat64x4((*[4]float64)(ims[0:]))
	cra := archsimd.LoadFloat64x4((*[4]float64)(crs[0:]))
	cia := archsimd.LoadFloat64x4((*[4]float64)(cis[0:]))
	reb := archsimd.LoadFloat64x4((*[4]float64)(res[4:]))
	imb := archsimd.LoadFloat64x4((*[4]float64)(ims[4:]))
	crb := archsimd.LoadFloat64x4((*[4]float64)(crs[4:]))
	cib := archsimd.LoadFloat64x4((*[4]float64)(cis[4:]))
	rec := archsimd.LoadFloat64x4((*[4]float64)(res[8:]))
	imc := archsimd.LoadFloat64x4((*[4]float64)(ims[8:]))
	crc := archsimd.LoadFloat64x4((*[4]float64)(crs[8:]))
	cic := archsimd.LoadFloat64x4((*[4]float64)(cis[8:]))
	live := uint32(1<<12 - 1)
	for n := range int32(maxIter) {
		re2a, im2a := rea.Mul(rea), ima.Mul(ima)
		re2b, im2b := reb.Mul(reb), imb.Mul(imb)
		re2c, im2c := rec.Mul(rec), imc.Mul(imc)
		inside := uint32(re2a.Add(im2a).Less(four).ToBits()) | uint32(re2b.Add(im2b).Less(four).ToBits())<<4 | uint32(re2c.Add(im2c).Less(four).ToBits())<<8
		if live&^inside != 0 {
			for left := live &^ inside; left != 0; left &= left - 1 {
				counts[bits.TrailingZeros32(left)] = n
			}
			if live &= inside; live == 0 {
				return
			}
		}
		ima = rea.Mul(ima)
		ima = ima.Add(ima).Add(cia)
		rea = re2a.Sub(im2a).Add(cra)
		imb = reb.Mul(imb)
		imb = imb.Add(imb).Add(cib)
		reb = re2b.Sub(im2b).Add(crb)
		imc = rec.Mul(imc)
		imc = imc.Add(imc).Add(cic)
		rec = re2c.Sub(im2c).Add(crc)
	}
	for ; live != 0; live &= live - 1 {
		counts[bits.TrailingZeros32(live)] = int32(maxIter)
	}
}

// by8 computes 24 points at a time, in 3 vectors: their chains of dependent
// operations overlap, and what they need fits in the registers that the compiler uses.
func by8(counts []int32, zs, cs []complex128, maxIter int) {
	if kernels.Vectors512.Missing() != "" {
		partsInto(counts, zs, cs, maxIter)
		return
	}
	const block = 24
	var re, im, cr, ci [block]float64
	i := 0
	for ; i+block <= len(counts); i += block {
		z, c := zs[i:i+block], cs[i:i+block]
		for k := range block {
			re[k], im[k] = real(z[k]), imag(z[k])
			cr[k], ci[k] = real(c[k]), imag(c[k])
		}
		block8((*[block]int32)(counts[i:i+block]), &re, &im, &cr, &ci, maxIter)
		archsimd.ClearAVXUpperBits() // what comes next is scalar, and would wait for vectors
	}
	partsInto(counts[i:], zs[i:], cs[i:], maxIter)
}

// block8 runs a block until its last point has escaped. That a point has escaped is a
// bit that falls in live; its count is written then, so that the loop keeps none.
func block8(counts *[24]int32, res, ims, crs, cis *[24]float64, maxIter int) {
	four := archsimd.BroadcastFloat64x8(4)
	rea := archsimd.LoadFloat64x8((*[8]float64)(res[0:]))
	ima := archsimd.LoadFloat64x8((*[8]float64)(ims[0:]))
	cra := archsimd.LoadFloat64x8((*[8]float64)(crs[0:]))
	cia := archsimd.LoadFloat64x8((*[8]float64)(cis[0:]))
	reb := archsimd.LoadFloat64x8((*[8]float64)(res[8:]))
	imb := archsimd.LoadFloat64x8((*[8]float64)(ims[8:]))
	crb := archsimd.LoadFloat64x8((*[8]float64)(crs[8:]))
	cib := archsimd.LoadFloat64x8((*[8]float64)(cis[8:]))
	rec := archsimd.LoadFloat64x8((*[8]float64)(res[16:]))
	imc := archsimd.LoadFloat64x8((*[8]float64)(ims[16:]))
	crc := archsimd.LoadFloat64x8((*[8]float64)(crs[16:]))
	cic := archsimd.LoadFloat64x8((*[8]float64)(cis[16:]))
	live := uint32(1<<24 - 1)
	for n := range int32(maxIter) {
		re2a, im2a := rea.Mul(rea), ima.Mul(ima)
		re2b, im2b := reb.Mul(reb), imb.Mul(imb)
		re2c, im2c := rec.Mul(rec), imc.Mul(imc)
		inside := uint32(re2a.Add(im2a).Less(four).ToBits()) | uint32(re2b.Add(im2b).Less(four).ToBits())<<8 | uint32(re2c.Add(im2c).Less(four).ToBits())<<16
		if live&^inside != 0 {
			for left := live &^ inside; left != 0; left &= left - 1 {
				counts[bits.TrailingZeros32(left)] = n
			}
			if live &= inside; live == 0 {
				return
			}
		}
		ima = rea.Mul(ima)
		ima = ima.Add(ima).Add(cia)
		rea = re2a.Sub(im2a).Add(cra)
		imb = reb.Mul(imb)
		imb = imb.Add(imb).Add(cib)
		reb = re2b.Sub(im2b).Add(crb)
		imc = rec.Mul(imc)
		imc = imc.Add(imc).Add(cic)
		rec = re2c.Sub(im2c).Add(crc)
	}
	for ; live != 0; live &= live - 1 {
		counts[bits.TrailingZeros32(live)] = int32(maxIter)
	}
}
