// Package elementwise computes x + 5x + 4 for every element of a vector: the sources'
// example of what temporaries cost, and of where a result goes.
//
//	for i, v := range x {
//		y[i] = v + v*5 + 4
//	}
//
// The expression and the length of 1,000,000 are those of the notes on numexpr
// (data + data*5 + 4). Array libraries compute it operation by operation, each with a
// vector of its own; a compiled loop has none.
package elementwise
