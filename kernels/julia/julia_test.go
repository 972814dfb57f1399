package julia

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"slices"
	"testing"

	"hpgo/kernels"
	"hpgo/kernels/kerneltest"
)

func TestJulia(t *testing.T) {
	points := func(maxIter int, zs ...complex128) func() Points {
		return func() Points {
			p := Points{MaxIter: maxIter}
			for range 5 { // enough for a block of vectors and a rest
				p.Zs = append(p.Zs, zs...)
			}
			for range p.Zs {
				p.Cs = append(p.Cs, constant)
			}
			return p
		}
	}
	inf, nan := math.Inf(1), math.NaN()
	odd := []complex128{0, 2, -2, 2i, complex(math.Nextafter(2, 0), 0), cmplx.Inf(), cmplx.NaN(),
		complex(nan, 0), complex(0, nan), complex(inf, nan), complex(-inf, 1), 1e200, complex(1e-320, 0), -1.8 - 1.8i, -0.82}
	kerneltest.Run(t, kerneltest.Suite[Points, []int32]{
		Subject: Kernel,
		Sizes:   []int{0, 1, 2, 3, 4, 5, 7, 17, 33, 60},
		Special: []kerneltest.Case[Points]{
			{Name: "no steps", In: points(0, odd...)},
			{Name: "one step", In: points(1, odd...)},
			{Name: "two steps", In: points(2, odd...)},
			{Name: "three steps", In: points(3, odd...)},
			{Name: "six steps", In: points(6, odd...)},
			{Name: "not numbers, infinities, borders", In: points(300, odd...)},
			{Name: "constants that bring points back", In: func() Points {
				p := points(300, 2, -1, 1i, 0, 1.5)()
				for i := range p.Cs {
					p.Cs[i] = []complex128{-4, complex(nan, 0), cmplx.Inf(), 0.25, -2, 1e308}[i%6]
				}
				return p
			}},
			{Name: "points that leave and come back within four steps", In: func() Points {
				p := Points{MaxIter: 29}
				for i := range 320 {
					p.Zs, p.Cs = append(p.Zs, complex(float64(i)/160, 0)), append(p.Cs, -2.5)
				}
				return p
			}},
			{Name: "one point of a block, at any place, that comes back", In: func() Points {
				p := Points{MaxIter: 29}
				for i := range 32 * 32 {
					c := complex128(-0.1)
					if i%32 == i/32 {
						c = -2.5
					}
					p.Zs, p.Cs = append(p.Zs, 0.67), append(p.Cs, c)
				}
				return p
			}},
			{Name: "constants about the border, points that stay or go at any step", In: func() Points {
				random := rand.New(rand.NewPCG(1, 2))
				p := Points{MaxIter: 29}
				for range 2000 {
					p.Zs = append(p.Zs, cmplx.Rect(2.1*random.Float64(), 7*random.Float64()))
					modulus := 1.9 // see simd_amd64.go: bound
					if random.IntN(40) > 0 {
						modulus = 0.7 + 1.19*random.Float64()
					}
					p.Cs = append(p.Cs, cmplx.Rect(modulus, 7*random.Float64()))
				}
				return p
			}},
		},
		Bad: []kerneltest.Case[Points]{
			{Name: "more points than constants", In: func() Points { return Points{Zs: make([]complex128, 3), Cs: make([]complex128, 2)} }},
			{Name: "more constants than points", In: func() Points { return Points{Cs: make([]complex128, 2)} }},
			{Name: "negative steps", In: func() Points { return Points{MaxIter: -1} }},
		},
		BadSizes: []int{-1, 1 << 20},
		Known:    map[int][]kernels.Sum{1000: {{Name: "sum of counts", Value: 33_219_980}}},
	})
}

// TestSmallest: numbers that float64 rounds more than others, and that thousands of steps
// magnify until they decide about a point, give the same counts in all rows of 64 bits.
func TestSmallest(t *testing.T) {
	p := Points{MaxIter: 5000}
	for i := range 96 {
		x, tiny := float64(i)/96, 5e-324*float64(i%7+1)
		p.Zs, p.Cs = append(p.Zs, complex(x, tiny), complex(x, 0)), append(p.Cs, -1.8, complex(-1.8, -tiny))
	}
	want := Plain(p)
	if slices.Min(want) == int32(p.MaxIter) || slices.Max(want) < exactly {
		t.Fatalf("no point goes late: %v", want)
	}
	for _, v := range Kernel.Variants {
		if v.Differs == nil {
			if how := Kernel.Differs(p, want, v.Func(p)); how != "" {
				t.Errorf("%s: %s", v.Name, how)
			}
		}
	}
}

// exactly is how many steps any rounding of such numbers needs to be seen.
const exactly = 500

func BenchmarkJulia(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }
