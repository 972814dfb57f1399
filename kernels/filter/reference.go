package filter

import "fmt"

// Image is Height rows of Width pixels, with room for results.
type Image struct {
	Width, Height int
	K             int    // the side of the box, odd
	Beyond        string // what is beyond the border: Wrap, Zero or Reflect
	Pixels        []float64
	bytes         []uint8   // Pixels, as far as bytes can hold them
	single        []float32 // Pixels, rounded
	out           []float64
}

// What Image.Beyond may be. Reflect has the pixel at the border twice: d c b a | a b c d.
const (
	Wrap    = "wrap"
	Zero    = "zero"
	Reflect = "reflect"
)

// side is that of the boxes of Make.
const side = 9

// Make returns an image of n by n whole numbers below 251 without a shape, with boxes of
// 9 by 9 that reflect at the border.
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
	return Of(n, n, side, Reflect, pixels), nil
}

// Of returns the image of some pixels, and the box that filters it.
func Of(width, height, k int, beyond string, pixels []float64) Image {
	m := Image{Width: width, Height: height, K: k, Beyond: beyond, Pixels: pixels}
	m.bytes, m.single, m.out = make([]uint8, len(pixels)), make([]float32, len(pixels)), make([]float64, len(pixels))
	for i, p := range pixels {
		m.single[i] = float32(p)
		if p >= 0 && p < 256 {
			m.bytes[i] = uint8(p)
		}
	}
	return m
}

// Plain is the loop that everything here equals.
func Plain(m Image) []float64 {
	for i := 0; i < m.Height; i++ {
		for j := 0; j < m.Width; j++ {
			sum := 0.0
			for y := i - m.K/2; y <= i+m.K/2; y++ {
				for x := j - m.K/2; x <= j+m.K/2; x++ {
					row, column := place(y, m.Height, m.Beyond), place(x, m.Width, m.Beyond)
					if row >= 0 && column >= 0 {
						sum += m.Pixels[row*m.Width+column]
					}
				}
			}
			m.out[i*m.Width+j] = sum / float64(m.K*m.K)
		}
	}
	return m.out
}

// place is which of n pixels stands at i, which may be beyond them; -1 is none.
func place(i, n int, beyond string) int {
	switch {
	case i >= 0 && i < n:
		return i
	case n == 0:
		return -1
	}
	switch beyond {
	case Wrap:
		return (i%n + n) % n
	case Reflect:
		if i = (i%(2*n) + 2*n) % (2 * n); i >= n {
			i = 2*n - 1 - i
		}
		return i
	}
	return -1
}
