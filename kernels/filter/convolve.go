package filter

// LaplacianWeights are those of the Laplacian for Convolve, 3 by 3. With the source's
// signs (+4 in the middle) adding a part of the result to an image sharpens it without
// end in place of spreading what is there.
var LaplacianWeights = [9]float64{
	0, 1, 0,
	1, -4, 1,
	0, 1, 0,
}

// Grid is anything that has a value for a row and a column, also of those beyond its
// border: what a general routine knows of an image.
type Grid interface {
	At(row, column int) float64
}

// At is the value of a pixel; beyond the border it is what Beyond says.
func (m Image) At(row, column int) float64 {
	row, column = place(row, m.Height, m.Beyond), place(column, m.Width, m.Beyond)
	if row < 0 || column < 0 {
		return 0
	}
	return m.Pixels[row*m.Width+column]
}

// Convolve writes the sums of the k by k values around each place of a grid, times
// weights that are not turned around, to rows of out: the general routine, for any
// weights and borders. k is odd, and len(weights) is k·k.
func Convolve(out []float64, width, height int, g Grid, weights []float64, k int) {
	for i := range height {
		for j := range width {
			sum := 0.0
			for y := range k {
				for x := range k {
					sum += weights[y*k+x] * g.At(i+y-k/2, j+x-k/2)
				}
			}
			out[i*width+j] = sum
		}
	}
}

// general is the box by way of the general routine.
func general(m Image) []float64 {
	weights := make([]float64, m.K*m.K)
	for i := range weights {
		weights[i] = 1 / float64(m.K*m.K)
	}
	Convolve(m.out, m.Width, m.Height, &m, weights, m.K)
	return m.out
}

// boundary is general with a function for the border in place of an interface for the
// image.
func boundary(m Image) []float64 {
	at := func(i, n int) int { return place(i, n, m.Beyond) }
	return withBoundary(m, at)
}

//go:noinline
func withBoundary(m Image, at func(i, n int) int) []float64 {
	for i := range m.Height {
		for j := range m.Width {
			sum := 0.0
			for y := i - m.K/2; y <= i+m.K/2; y++ {
				row := at(y, m.Height)
				for x := j - m.K/2; x <= j+m.K/2; x++ {
					if column := at(x, m.Width); row >= 0 && column >= 0 {
						sum += m.Pixels[row*m.Width+column]
					}
				}
			}
			m.out[i*m.Width+j] = sum / float64(m.K*m.K)
		}
	}
	return m.out
}
