// Package norm adds up the squares of a vector: the sources' example of what a
// container costs, and of a loop that memory can't keep up with.
//
//	sum := 0.0
//	for _, v := range values {
//		sum += v * v
//	}
//
// The values are 0, 1, ..., n-1, as in High Performance Python, chapter 6: for
// 1,000,000 of them the sum is 333,332,833,333,500,000. That is more than the 2^53 up
// to which float64 has every integer, so sums in another order differ in the last
// digits; rows are compared up to one part in 10^9.
//
// A row that reads each value once can't be quicker than memory gives them. The
// yardstick for that is a copy that moves as many bytes: half of the values are read,
// and written elsewhere.
package norm
