package julia

import (
	"fmt"
	"math/cmplx"
)

// Points are what the loop runs over. Zs and Cs have equal lengths; that all of Cs
// are the same is the source's deliberate waste.
type Points struct {
	Zs, Cs  []complex128
	MaxIter int
}

// The source's grid and constant.
const (
	left, right = -1.8, 1.8
	bottom, top = -1.8, 1.8
	constant    = complex(-0.62772, -0.42193)
	maxIter     = 300
)

// Grid returns the source's grid with width points a side. Coordinates are steps
// added up, as the source has them: i·step would round in other places.
func Grid(width int) (Points, error) {
	if width < 0 || width > 1<<15 {
		return Points{}, fmt.Errorf("width %d: it is from 0 to %d", width, 1<<15)
	}
	p := Points{MaxIter: maxIter}
	if width == 0 {
		return p, nil
	}
	xs := axis(left, right, (right-left)/float64(width))
	ys := axis(top, bottom, (bottom-top)/float64(width))
	p.Zs = make([]complex128, 0, len(xs)*len(ys))
	for _, y := range ys {
		for _, x := range xs {
			p.Zs = append(p.Zs, complex(x, y))
		}
	}
	p.Cs = make([]complex128, len(p.Zs))
	for i := range p.Cs {
		p.Cs[i] = constant
	}
	return p, nil
}

// axis is from, from+step, ... while to isn't reached.
func axis(from, to, step float64) []float64 {
	var out []float64
	for v := from; step > 0 && v < to || step < 0 && v > to; v += step {
		out = append(out, v)
	}
	return out
}

// Plain is the loop that everything here equals.
func Plain(p Points) []int32 {
	counts := make([]int32, len(p.Zs))
	for i := range p.Zs {
		n, z := 0, p.Zs[i]
		for n < p.MaxIter && cmplx.Abs(z) < 2 {
			z = z*z + p.Cs[i]
			n++
		}
		counts[i] = int32(n)
	}
	return counts
}
