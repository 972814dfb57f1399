package filter

// fromBytes reads bytes and adds them up as integers, which don't wait for rounding: an
// eighth of the memory, and running sums that are exact.
func fromBytes(m Image) []float64 {
	r, factor := m.K/2, 1/float64(m.K*m.K)
	wide := make([]int32, m.Width+2*r)
	columns := wide[r:][:m.Width]
	change := func(i int, by int32) {
		for j, p := range row(m.bytes, &m, i) {
			columns[j] += by * int32(p)
		}
	}
	for i := range m.Height {
		if i == 0 {
			for y := -r; y < r; y++ {
				change(y, 1)
			}
		} else {
			change(i-r-1, -1)
		}
		change(i+r, 1)
		extend(wide, r, &m)
		sum := int32(0)
		for _, s := range wide[:m.K-1] {
			sum += s
		}
		out := m.out[i*m.Width:][:m.Width]
		for j := range out {
			sum += wide[j+m.K-1]
			out[j] = float64(sum) * factor
			sum -= wide[j]
		}
	}
	return m.out
}

// fromSingle is separable with 32 bits a number.
func fromSingle(m Image) []float64 {
	r, factor := m.K/2, 1/float32(m.K*m.K)
	wide := make([]float32, m.Width+2*r)
	columns := wide[r:][:m.Width]
	for i := range m.Height {
		clear(columns)
		for y := i - r; y <= i+r; y++ {
			for j, p := range row(m.single, &m, y) {
				columns[j] += p
			}
		}
		extend(wide, r, &m)
		out := m.out[i*m.Width:][:m.Width]
		for j := range out {
			sum := float32(0)
			for _, s := range wide[j:][:m.K] {
				sum += s
			}
			out[j] = float64(sum * factor)
		}
	}
	return m.out
}
