// Package julia counts how many steps the points of a grid take to leave the disc of
// radius 2 under z = z² + c: the example that the sources profile and compile.
//
//	for i := range zs {
//		n, z := 0, zs[i]
//		for n < maxiter && cmplx.Abs(z) < 2 {
//			z = z*z + cs[i]
//			n++
//		}
//		counts[i] = n
//	}
//
// The grid is that of High Performance Python, chapter 2: x and y in [-1.8, 1.8),
// steps added up one by one, y from the top down, c = -0.62772 - 0.42193i, at most
// 300 steps. At width 1000 the counts add up to 33,219,980.
package julia
