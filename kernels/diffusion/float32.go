package diffusion

// single is byRows with 32 bits a value: half the bytes to move.
func single(fill func(next, above, here, below []float32)) func(Square) []float64 {
	return func(s Square) []float64 {
		n := s.N
		u, next := make([]float32, len(s.U)), make([]float32, len(s.U))
		for k, v := range s.U {
			u[k] = float32(v)
		}
		for range s.Steps {
			for i := range n {
				above, here, below := u[(i-1+n)%n*n:][:n:n], u[i*n:][:n:n], u[(i+1)%n*n:][:n:n]
				fillWhole(next[i*n:][:n:n], above, here, below, fill)
			}
			u, next = next, u
		}
		out := make([]float64, len(u))
		for k, v := range u {
			out[k] = float64(v)
		}
		return out
	}
}

// fillRow32 is fillRow with 32 bits a value.
func fillRow32(next, above, here, below []float32) {
	left, mid, right := here[:len(here)-2], here[1:len(here)-1], here[2:]
	n := len(mid)
	next, above, below = next[1:][:n], above[1:][:n], below[1:][:n]
	left, right = left[:n], right[:n]
	for j := range mid {
		xx := below[j] + above[j] - 2*mid[j]
		yy := right[j] + left[j] - 2*mid[j]
		next[j] = mid[j] + float32((xx+yy)*dt)
	}
}
