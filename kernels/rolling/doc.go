// Package rolling fits a line to every window of neighbouring values of a series by
// ordinary least squares and gives its slope: either anew for each window, or by what
// the window gains and loses.
//
//	for s := range slopes {
//		var sx, sy, sxx, sxy float64
//		for j, v := range y[s : s+window] {
//			x := float64(j)
//			sx, sy, sxx, sxy = sx+x, sy+v, sxx+x*x, sxy+x*v
//		}
//		slopes[s] = (n*sxy - sx*sy) / (n*sxx - sx*sx)
//	}
//
// A footnote of High Performance Python, chapter 7, gives the job that its table of
// 14 days stands for: 730 windows of 14 days for each of 1,000,000 users. Here a user
// has a series of 743 days, and sizes are numbers of users.
//
// With n values in a window the loop above takes 7n+7 operations, weights that are
// computed once take 2n-1, and sliding takes 8, whatever n: the sum of y gains a value
// and loses another, and the sum of x·y loses the sum of y, because every value left
// gets an x that is 1 less. Each step rounds, and what is lost is lost for all windows
// after it: see Drift. A value that is no number, or infinite, would stay in the sums
// to the end; here sums that are none are added up anew.
package rolling
