package pi

import "fmt"

// Darts is how many are thrown.
type Darts int

// Make returns a number of darts.
func Make(darts int) (Darts, error) {
	if darts < 0 || darts > 1<<40 {
		return 0, fmt.Errorf("%d darts: it is from 0 to %d", darts, 1<<40)
	}
	return Darts(darts), nil
}

// side is the square's: coordinates are whole numbers of 26 bits divided by it, so that
// their squares and the sum of two have no rounding.
const side = 1 << 26

// dart returns value i of splitmix64 (Steele, Lea and Flood, 2014), of which each
// needs none before it: two coordinates of 26 bits are made of its upper 52.
func dart(i uint64) uint64 {
	z := (i + 1) * 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Plain is the loop that everything here equals. It returns the hits.
func Plain(darts Darts) int {
	hits := 0
	for i := 0; i < int(darts); i++ {
		z := dart(uint64(i))
		x, y := float64(z>>38)/side, float64(z>>12&(side-1))/side
		if x*x+y*y < 1 {
			hits++
		}
	}
	return hits
}
