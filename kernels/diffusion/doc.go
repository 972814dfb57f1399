// Package diffusion spreads heat over a square whose edges meet: the sources' example
// of a computation that memory, not arithmetic, decides.
//
//	for range steps {
//		for i := range n {
//			for j := range n {
//				xx := u[(i+1)%n][j] + u[(i-1+n)%n][j] - 2*u[i][j]
//				yy := u[i][(j+1)%n] + u[i][(j-1+n)%n] - 2*u[i][j]
//				next[i][j] = u[i][j] + (xx+yy)*dt
//			}
//		}
//		u, next = next, u
//	}
//
// The problem is that of High Performance Python, chapter 6: D = 1, dx = 1, dt = 0.1, a
// block of 0.005 over [⌊0.4n⌋, ⌊0.5n⌋)², 1,000 steps at n = 512. What is there in all,
// 13.52 at that size, stays the same. Larger squares have fewer steps, so that a run
// updates about as many cells.
package diffusion
