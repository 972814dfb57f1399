package convolution

import "fmt"

// Image is Height rows of Width pixels and the nine weights, with room for results.
type Image struct {
	Width, Height int
	Weights       [9]float64 // row after row
	Pixels        []float64
	out           []float64
}

// Make returns an image of n by n whole numbers below 251 without a shape, and the
// weights of the Laplacian.
func Make(n int) (Image, error) {
	if n < 0 || n > 1<<14 {
		return Image{}, fmt.Errorf("%d pixels a side: it is from 0 to %d", n, 1<<14)
	}
	pixels := make([]float64, n*n)
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			pixels[i*n+j] = float64((i*i*7 + j*j*13 + i*j*5) % 251)
		}
	}
	return Of(n, n, [9]float64{0, 1, 0, 1, -4, 1, 0, 1, 0}, pixels), nil
}

// Of returns the image of some pixels with weights.
func Of(width, height int, weights [9]float64, pixels []float64) Image {
	return Image{width, height, weights, pixels, make([]float64, len(pixels))}
}

// Plain is the loop that everything here equals.
func Plain(m Image) []float64 {
	for i := 0; i < m.Height; i++ {
		for j := 0; j < m.Width; j++ {
			sum := 0.0
			for y := 0; y < 3; y++ {
				for x := 0; x < 3; x++ {
					row, column := (i+y-1+m.Height)%m.Height, (j+x-1+m.Width)%m.Width
					sum += m.Weights[3*y+x] * m.Pixels[row*m.Width+column]
				}
			}
			m.out[i*m.Width+j] = sum
		}
	}
	return m.out
}
