package julia

import "fmt"

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

// valid tells what is wrong with points.
func valid(p Points) error {
	if len(p.Zs) != len(p.Cs) {
		return fmt.Errorf("%d points in Zs, %d in Cs: there is one constant for each point", len(p.Zs), len(p.Cs))
	}
	if p.MaxIter < 0 || p.MaxIter > 1<<31-1 {
		return fmt.Errorf("MaxIter %d: it is from 0 to 2^31-1", p.MaxIter)
	}
	return nil
}
