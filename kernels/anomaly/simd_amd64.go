//go:build goexperiment.simd && amd64

package anomaly

import (
	"math/bits"
	"simd/archsimd"

	"hpgo/kernels"
)

func vectorRows() []kernels.Variant[Stream, []Day] { return vectorTable(by8) }

// by8 is inBlocks with 8 rows in a vector.
func by8(s Stream, first int, buffer []float64, end int) moments {
	if kernels.Vectors512.Missing() != "" {
		return inBlocks(s, first, buffer, end)
	}
	var day moments
	for ; first < end; first += blockLength {
		values := buffer[:min(blockLength, end-first)]
		if s.Given != nil {
			copy(values, s.Given[first:])
		} else {
			fill8(values, first)
		}
		day.merge(moments8(values))
	}
	return day
}

// mix8 is mix of 8 numbers.
func mix8(z archsimd.Uint64x8) archsimd.Uint64x8 {
	z = z.Xor(z.ShiftAllRight(30)).Mul(archsimd.BroadcastUint64x8(0xBF58476D1CE4E5B9))
	z = z.Xor(z.ShiftAllRight(27)).Mul(archsimd.BroadcastUint64x8(0x94D049BB133111EB))
	return z.Xor(z.ShiftAllRight(31))
}

// lanes8 adds up the even and the odd numbers of 16 bits in each word.
func lanes8(z archsimd.Uint64x8) archsimd.Uint64x8 {
	mask := archsimd.BroadcastUint64x8(lanes)
	return z.And(mask).Add(z.ShiftAllRight(16).And(mask))
}

// fill8 writes the made up values of the rows from first on: Value, 8 at a time.
func fill8(values []float64, first int) {
	var counters [8]uint64
	for lane := range counters {
		counters[lane] = (uint64(first+lane)*4 + 1) * golden
	}
	at := archsimd.LoadUint64x8(&counters)
	step, next := archsimd.BroadcastUint64x8(golden), uint64(32*golden%(1<<64))
	limit := archsimd.BroadcastUint64x8(rare)
	k := 0
	for ; k+8 <= len(values); k += 8 {
		second := at.Add(step)
		third := second.Add(step)
		sums := lanes8(mix8(second)).Add(lanes8(mix8(third))).Add(lanes8(mix8(third.Add(step))))
		normal8(sums).Store((*[8]float64)(values[k:]))
		for out := mix8(at).Less(limit).ToBits(); out != 0; out &= out - 1 {
			values[k+bits.TrailingZeros8(out)] = outlier
		}
		at = at.Add(archsimd.BroadcastUint64x8(next))
	}
	for ; k < len(values); k++ {
		values[k] = Value(first + k)
	}
}

// normal8 is the end of normal, from sums of lanes.
func normal8(sums archsimd.Uint64x8) archsimd.Float64x8 {
	sum := sums.And(archsimd.BroadcastUint64x8(1<<32 - 1)).Add(sums.ShiftAllRight(32))
	r := sum.AsInt64x8().Sub(archsimd.BroadcastInt64x8(6 * 65_535)).ConvertToFloat64().Mul(archsimd.BroadcastFloat64x8(1.0 / (4 * 65_536)))
	r2 := r.Mul(r)
	y := archsimd.BroadcastFloat64x8(0.029899776).Mul(r2).Add(archsimd.BroadcastFloat64x8(0.008355968))
	y = y.Mul(r2).Add(archsimd.BroadcastFloat64x8(0.076542912))
	y = y.Mul(r2).Add(archsimd.BroadcastFloat64x8(0.252408784))
	y = y.Mul(r2).Add(archsimd.BroadcastFloat64x8(3.949846138))
	return y.Mul(r)
}

// moments8 is momentsOf with 8 sums of each power, in another order.
func moments8(values []float64) moments {
	whole := len(values) &^ 7
	if whole == 0 {
		return momentsOf(values)
	}
	m := moments{n: float64(len(values))}
	first := archsimd.BroadcastFloat64x8(values[0])
	sums := archsimd.BroadcastFloat64x8(0)
	for k := 0; k < whole; k += 8 {
		sums = sums.Add(archsimd.LoadFloat64x8((*[8]float64)(values[k:])).Sub(first))
	}
	sum := total8(sums)
	for _, x := range values[whole:] {
		sum += x - values[0]
	}
	m.mean = values[0] + sum/m.n
	mean := archsimd.BroadcastFloat64x8(m.mean)
	s2, s3, s4 := archsimd.BroadcastFloat64x8(0), archsimd.BroadcastFloat64x8(0), archsimd.BroadcastFloat64x8(0)
	for k := 0; k < whole; k += 8 {
		d := archsimd.LoadFloat64x8((*[8]float64)(values[k:])).Sub(mean)
		d2 := d.Mul(d)
		s2, s3, s4 = s2.Add(d2), d2.MulAdd(d, s3), d2.MulAdd(d2, s4)
	}
	m.m2, m.m3, m.m4 = total8(s2), total8(s3), total8(s4)
	for _, x := range values[whole:] {
		d := x - m.mean
		m.m2, m.m3, m.m4 = m.m2+d*d, m.m3+d*d*d, m.m4+d*d*d*d
	}
	return m
}

func total8(v archsimd.Float64x8) float64 {
	var parts [8]float64
	v.Store(&parts)
	return (parts[0] + parts[1] + (parts[2] + parts[3])) + (parts[4] + parts[5] + (parts[6] + parts[7]))
}
