// Package filter computes the mean of the k by k pixels around each pixel of an image:
// the box filter, and for weights of any kind the general convolution.
//
//	for i := range height {
//		for j := range width {
//			sum := 0.0
//			for y := i - k/2; y <= i+k/2; y++ {
//				for x := j - k/2; x <= j+k/2; x++ {
//					sum += pixel(y, x) // of the other side, 0, or a reflection beyond the border
//				}
//			}
//			out[i][j] = sum / (k * k)
//		}
//	}
//
// The sources show that a general routine (any weights, a function for what is beyond
// the border) is no gain over one that is made for the case: scipy's laplace took 3.8
// times as long as slices. Their 3 by 3 kernel of the Laplacian has the wrong sign; see
// LaplacianWeights.
//
// Sums that run along rows and columns take a fixed number of additions for each pixel,
// whatever k. A value that is no number, or infinite, would stay in such a sum to the
// end of the row; here a sum that is none is added up anew, so that only the pixels
// whose window has the value are none. What rounding has lost stays lost: beside a pixel
// of 1e16 a row's running sums are off by some units.
package filter
