package julia

import (
	"math/cmplx"

	"hpgo/kernels"
	"hpgo/kernels/schedule"
)

// boxed holds every value in an interface, as Python holds every value in an object.
func boxed(p Points) []int32 {
	zs, cs, counts := make([]any, len(p.Zs)), make([]any, len(p.Cs)), make([]any, len(p.Zs))
	for i := range zs {
		zs[i], cs[i] = p.Zs[i], p.Cs[i]
	}
	for i := range zs {
		var n, z any = 0, zs[i]
		for n.(int) < p.MaxIter && cmplx.Abs(z.(complex128)) < 2 {
			z = add(multiply(z, z), cs[i])
			n = n.(int) + 1
		}
		counts[i] = n
	}
	out := make([]int32, len(counts))
	for i := range out {
		out[i] = int32(counts[i].(int))
	}
	return out
}

//go:noinline
func add(a, b any) any { return a.(complex128) + b.(complex128) }

//go:noinline
func multiply(a, b any) any { return a.(complex128) * b.(complex128) }

// squared compares the square of the modulus with 4, which takes no root.
func squared(p Points) []int32 {
	counts := make([]int32, len(p.Zs))
	for i := range p.Zs {
		n, z := 0, p.Zs[i]
		for n < p.MaxIter && real(z)*real(z)+imag(z)*imag(z) < 4 {
			z = z*z + p.Cs[i]
			n++
		}
		counts[i] = int32(n)
	}
	return counts
}

// parts keeps the two parts of z apart and uses each square twice.
func parts(p Points) []int32 {
	counts := make([]int32, len(p.Zs))
	partsInto(counts, p.Zs, p.Cs, p.MaxIter)
	return counts
}

// partsInto fills counts. Products are rounded before they are added (float64), so
// that no level of GOAMD64 fuses the two and changes a count. They are rounded before
// they are doubled, too, which matters below 2^-1022: there, complex128 adds up two
// products that have been rounded.
func partsInto(counts []int32, zs, cs []complex128, maxIter int) {
	zs, cs = zs[:len(counts)], cs[:len(counts)]
	for i := range counts {
		re, im := real(zs[i]), imag(zs[i])
		cr, ci := real(cs[i]), imag(cs[i])
		n := 0
		for n < maxIter {
			re2, im2 := float64(re*re), float64(im*im)
			if !(re2+im2 < 4) {
				break
			}
			re, im = re2-im2+cr, 2*float64(re*im)+ci
			n++
		}
		counts[i] = int32(n)
	}
}

// single is parts with 32 bits a number: counts near the border of the set differ.
func single(p Points) []int32 {
	counts := make([]int32, len(p.Zs))
	for i := range counts {
		re, im := float32(real(p.Zs[i])), float32(imag(p.Zs[i]))
		cr, ci := float32(real(p.Cs[i])), float32(imag(p.Cs[i]))
		n := 0
		for n < p.MaxIter {
			re2, im2 := float32(re*re), float32(im*im)
			if !(re2+im2 < 4) {
				break
			}
			re, im = re2-im2+cr, float32(2*re*im)+ci
			n++
		}
		counts[i] = int32(n)
	}
	return counts
}

// rowChunk is how many points are handed out at a time, at least: fewer cost more in
// handing out than they even out.
const rowChunk = 512

// scheduled is a filling function on all CPUs, divided by a schedule.
func scheduled(divide func(n, workers, chunk int, body func(lo, hi int)), fill func(counts []int32, zs, cs []complex128, maxIter int)) func(Points) []int32 {
	return func(p Points) []int32 {
		counts := make([]int32, len(p.Zs))
		divide(len(counts), kernels.Workers(), rowChunk, func(lo, hi int) {
			fill(counts[lo:hi], p.Zs[lo:hi], p.Cs[lo:hi], p.MaxIter)
		})
		return counts
	}
}

func scheduledParts() []kernels.Variant[Points, []int32] {
	var rows []kernels.Variant[Points, []int32]
	for _, s := range schedule.All {
		rows = append(rows, row("parts, goroutines, "+s.Name, "on all CPUs: "+s.Doc, scheduled(s.Run, partsInto)))
	}
	return rows
}
