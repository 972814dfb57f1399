// Package ols fits a line to each row of a table by ordinary least squares and gives
// its slope: much work in small pieces, where what is done around a piece costs more
// than the piece.
//
//	for i, y := range rows {
//		var sx, sy, sxx, sxy float64
//		for j := range y {
//			x := float64(j)
//			sx, sy, sxx, sxy = sx+x, sy+y[j], sxx+x*x, sxy+x*y[j]
//		}
//		slopes[i] = (n*sxy - sx*sy) / (n*sxx - sx*sx)
//	}
//
// The table is that of High Performance Python, chapter 7: hours a day that 100,000
// users spent on their phones on 14 days, each a Poisson number of mean 60, divided by
// 60. The source compares ways to reach a row; all of them are here, from a map of
// boxed values to nothing.
package ols
