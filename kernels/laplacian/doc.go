// Package laplacian computes the Laplacian of a function on a square grid by finite
// differences, into a grid that was there: the sources' ladder from plain Python to
// compiled loops on all CPUs.
//
//	for i := 1; i < n-1; i++ {
//		for j := 1; j < n-1; j++ {
//			out[i][j] = (u[i-1][j] + u[i+1][j] + (u[i][j-1] + u[i][j+1]) - 4*u[i][j]) / (h * h)
//		}
//	}
//
// The slides print 59.5 s for Python, 28.2 s for iterators, 1.98 s for NumPy, 0.577 s
// for Numba, 0.219 s for Numba on 4 cores and 0.226 s for Cython, but no size; 0.6 µs a
// point in Python and another slide suggest 10,000 by 10,000, which is 800 MB a grid.
// The function here is x(1-x)·y² on [0,1]², whose Laplacian 2x(1-x) - 2y² the
// differences give up to rounding. That grows with 1/h²: with 32 bits a number little
// is left of the result from n = 1,000 on.
package laplacian
