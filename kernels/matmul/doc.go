// Package matmul multiplies two square matrices: a computation that has n operations
// for each number it reads, so that caches and registers decide how many of them a
// CPU gets done.
//
//	for i := range n {
//		for j := range n {
//			for k := range n {
//				c[i][j] += a[i][k] * b[k][j]
//			}
//		}
//	}
//
// The rows go from that order of the loops to the blocks that libraries of linear
// algebra have (Goto and van de Geijn, Anatomy of High-Performance Matrix
// Multiplication, 2008): parts of both matrices are copied into the order in which
// they are read, and a small tile of the result stays in registers. Package withgonum
// adds the rows of gonum to the table.
package matmul
