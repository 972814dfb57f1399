package julia

import "math/cmplx"

// Plain is the loop that everything here equals.
func Plain(p Points) []int32 {
	counts := make([]int32, len(p.Zs))
	for i := range p.Zs {
		n, z := 0, p.Zs[i]
		for n < p.MaxIter && cmplx.Abs(z) < 2 {
			z = z*z + p.Cs[i]
			n++
		}
		counts[i] = int32(n)
	}
	return counts
}
