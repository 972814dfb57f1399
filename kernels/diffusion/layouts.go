package diffusion

// nested has rows that are slices of their own, as Plain, but two squares that change
// places.
func nested(s Square) []float64 {
	n := s.N
	u, next := make([][]float64, n), make([][]float64, n)
	for i := range u {
		u[i], next[i] = make([]float64, n), make([]float64, n)
		copy(u[i], s.U[i*n:])
	}
	for range s.Steps {
		for i := range n {
			for j := range n {
				xx := u[(i+1)%n][j] + u[(i-1+n)%n][j] - 2*u[i][j]
				yy := u[i][(j+1)%n] + u[i][(j-1+n)%n] - 2*u[i][j]
				next[i][j] = u[i][j] + float64((xx+yy)*dt)
			}
		}
		u, next = next, u
	}
	out := make([]float64, 0, n*n)
	for _, row := range u {
		out = append(out, row...)
	}
	return out
}

// pointers has a pointer to each value, and a new value for each result: what lists of
// Python's floats are in memory.
func pointers(s Square) []float64 {
	n := s.N
	u, next := make([][]*float64, n), make([][]*float64, n)
	for i := range u {
		u[i], next[i] = make([]*float64, n), make([]*float64, n)
		for j := range u[i] {
			v := s.U[i*n+j]
			u[i][j] = &v
		}
	}
	for range s.Steps {
		for i := range n {
			for j := range n {
				here := *u[i][j]
				xx := *u[(i+1)%n][j] + *u[(i-1+n)%n][j] - 2*here
				yy := *u[i][(j+1)%n] + *u[i][(j-1+n)%n] - 2*here
				v := here + float64((xx+yy)*dt)
				next[i][j] = &v
			}
		}
		u, next = next, u
	}
	out := make([]float64, n*n)
	for k := range out {
		out[k] = *u[k/n][k%n]
	}
	return out
}

// mapped keeps each value under its row and column.
func mapped(s Square) []float64 {
	n := s.N
	u, next := make(map[[2]int]float64, n*n), make(map[[2]int]float64, n*n)
	for k, v := range s.U {
		u[[2]int{k / n, k % n}] = v
	}
	for range s.Steps {
		for i := range n {
			for j := range n {
				here := u[[2]int{i, j}]
				xx := u[[2]int{(i + 1) % n, j}] + u[[2]int{(i - 1 + n) % n, j}] - 2*here
				yy := u[[2]int{i, (j + 1) % n}] + u[[2]int{i, (j - 1 + n) % n}] - 2*here
				next[[2]int{i, j}] = here + float64((xx+yy)*dt)
			}
		}
		u, next = next, u
	}
	out := make([]float64, n*n)
	for k := range out {
		out[k] = u[[2]int{k / n, k % n}]
	}
	return out
}

// halo has a border that is filled with the values of the other side before each step,
// so that no cell's neighbours need a thought.
func halo(s Square) []float64 {
	n, wide := s.N, s.N+2
	u, next := make([]float64, wide*wide), make([]float64, wide*wide)
	row := func(of []float64, i int) []float64 { return of[i*wide:][:wide:wide] }
	for i := range n {
		copy(row(u, i+1)[1:], s.U[i*n:][:n])
	}
	for range s.Steps {
		copy(row(u, 0), row(u, n))
		copy(row(u, n+1), row(u, 1))
		for i := range wide {
			r := row(u, i)
			r[0], r[n+1] = r[n], r[1]
		}
		for i := 1; i <= n; i++ {
			fillRow(row(next, i), row(u, i-1), row(u, i), row(u, i+1))
		}
		u, next = next, u
	}
	out := make([]float64, 0, n*n)
	for i := range n {
		out = append(out, row(u, i+1)[1:n+1]...)
	}
	return out
}
